"""What the calls of layers lead from and to, and its evaluation."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fitspec.reference import regularizers
from fitspec.reference.tensor.ordering import in_order
from fitspec.reference.tensor.variable import calling

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fitspec.reference.network.layer import Layer, Node, Symbol
    from fitspec.reference.tensor.autodiff import Tensor


class Graph:
    """The calls that lead from some symbols to others.

    Args:
        inputs: Symbols that data is fed to.
        outputs: Symbols to compute.

    Raises:
        ValueError: An output depends on an `Input` that is not among `inputs`.

    """

    values_of: ClassVar[Callable[..., dict[Symbol, Tensor]]] = dict
    """Makes what the values of symbols are kept in."""

    def __init__(self, inputs: Sequence[Symbol], outputs: Sequence[Symbol]) -> None:
        self.inputs = tuple(inputs)
        self.outputs = tuple(outputs)
        self.nodes = order_of_computation(self.inputs, self.outputs)
        self.layers = order_of_layers(self.inputs, self.outputs, self.nodes)

    def run(self, values: Sequence[Tensor], *, training: bool) -> list[Tensor]:
        """Compute the outputs for one batch of each input."""
        known = self.values_of(zip(self.inputs, values, strict=True))
        for node in self.nodes:
            arguments = [known[symbol] for symbol in node.inputs]
            learns = training if node.training is None else node.training
            with calling(node.layer):
                results = node.layer.run(arguments, training=learns)
            known.update(zip(node.outputs, results, strict=True))
            for result in results:
                regularizers.penalize(node.layer.activity_regularizer, result)
        return [known[symbol] for symbol in self.outputs]


def order_of_computation(inputs: tuple[Symbol, ...], outputs: tuple[Symbol, ...]) -> list[Node]:
    """Return the calls between `inputs` and `outputs`, each after those it depends on."""

    def sources(node: Node) -> list[Node]:
        if not node.inputs:
            raise ValueError(
                f"inputs: an output depends on {node.layer.name!r}, which is not among them"
            )
        return [symbol.node for symbol in reversed(node.inputs) if symbol not in inputs]

    return in_order([one.node for one in reversed(outputs) if one not in inputs], sources)


def order_of_layers(
    inputs: tuple[Symbol, ...], outputs: tuple[Symbol, ...], nodes: list[Node]
) -> list[Layer]:
    """Return every layer once, level by level from the inputs upwards.

    A layer's level is its greatest distance from an output (`get_layer.order-of-indices`).
    """
    distance = {symbol.node: 0 for symbol in (*inputs, *outputs)}
    for node in reversed(nodes):
        for symbol in node.inputs:
            known = distance.get(symbol.node, 0)
            distance[symbol.node] = max(known, distance[node] + 1)
    order = [symbol.node for symbol in inputs] + nodes
    by_level = sorted(order, key=lambda node: -distance[node])
    return list(dict.fromkeys(node.layer for node in by_level))
