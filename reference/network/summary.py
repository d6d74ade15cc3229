"""A model as a table, a row for each layer."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from fitspec.reference.config.text_table import ends_of, row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fitspec.reference.network.layer import Layer
    from fitspec.reference.network.network import Network
    from fitspec.reference.tensor.variable import Variable

STACK = (65, (0.45, 0.85, 1.0))
GRAPH = (98, (0.33, 0.55, 0.67, 1.0))
"""How long a line is, and where columns end as parts of it."""


def summarize(
    network: Network,
    line_length: int | None = None,
    positions: Sequence[float] | None = None,
    print_fn: Callable[[str], object] | None = None,
) -> None:
    """Print a model's layers, the shapes of their outputs and the numbers of their weights.

    Args:
        network: The model.
        line_length: How long a line is.
        positions: Where columns end: parts of a line up to 1, or numbers of characters.
        print_fn: Is called with each line; prints it when left out.

    Raises:
        RuntimeError: The shape of the input is not known yet.

    """
    tell = print_fn or print
    is_stack = all(len(node.inputs) == 1 for node in network.graph.nodes) and len(
        network.graph.nodes
    ) == len({node.layer for node in network.graph.nodes})
    length, columns = STACK if is_stack else GRAPH
    length = line_length or length
    ends = ends_of(positions or columns, length)
    head = ["Layer (type)", "Output Shape", "Param #", "Connected to"][: len(ends)]
    tell(f'Model: "{network.name}"')
    tell("_" * length)
    tell(row(head, ends))
    tell("=" * length)
    for layer in network.layers:
        for line in cells(network, layer):
            tell(row(line[: len(ends)], ends))
    tell("=" * length)
    trained = count(network.trainable_variables)
    tell(f"Total params: {count(network.variables):,}")
    tell(f"Trainable params: {trained:,}")
    tell(f"Non-trainable params: {count(network.variables) - trained:,}")
    tell("_" * length)


def cells(network: Network, layer: Layer) -> list[list[str]]:
    """Return the row of a layer, and further ones for what else it is connected to."""
    graph = network.graph
    nodes = [node for node in graph.nodes if node.layer is layer]
    entered = [symbol for symbol in graph.inputs if symbol.node.layer is layer]
    symbols: list[Any] = [symbol for node in nodes[:1] for symbol in node.outputs] or entered[:1]
    shapes = [str((network.batch_size, *symbol.shape)) for symbol in symbols]
    sources = [source.node.layer.name for node in nodes for source in node.inputs]
    first = [
        f"{layer.name} ({type(layer).__name__})",
        ", ".join(shapes),
        str(layer.count_params()),
        (sources or [""])[0],
    ]
    return [first, *(["", "", "", source] for source in sources[1:])]


def count(weights: Sequence[Variable]) -> int:
    """Return how many numbers there are."""
    return sum(math.prod(weight.shape) for weight in weights)
