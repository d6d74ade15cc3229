"""What layers of Keras have beside what a network needs of them, with shapes of whole batches."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from fitspec.reference.network.keras_layers import one_or_list, with_samples
from fitspec.reference.network.layer import Layer, Symbol, listed
from fitspec.reference.network.network import Network

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.reference.network.layer import Node
    from fitspec.reference.tensor.array_library import Shape
    from fitspec.reference.tensor.autodiff import Tensor
    from fitspec.reference.tensor.variable import Variable


def of_samples(input_shape: Any) -> list[Shape]:
    """Return the shapes of one sample, given that of a batch or a list of several."""
    several = input_shape if isinstance(input_shape, list) else [input_shape]
    return [tuple(shape[1:]) for shape in several]


def compute_output_shape(self: Layer, input_shape: Any) -> Any:
    """Return the shape of a batch of the output, or a list of those of several outputs.

    Args:
        self: The layer.
        input_shape: The shape of a batch of the input; a list of those of several inputs.

    Raises:
        ValueError: The layer takes no such input.

    """
    first = input_shape[0] if isinstance(input_shape, list) else input_shape
    shapes = of_samples(input_shape)
    if type(self).compute_output_shape is compute_output_shape:  # type: ignore[attr-defined]  # given
        return with_samples(self.shapes_of_outputs(shapes), first[0])
    # A class that has one of its own calls that of its base.
    base: Any = next(kind for kind in type(self).__mro__ if is_of_here(kind))
    return with_samples([base.shape_of_output(self, shapes)], first[0])


def is_of_here(kind: Any) -> bool:
    """Whether a class of layers says as the layers here do which shape its output has."""
    return "shape_of_output" in vars(kind) and (
        kind is Layer or "compute_output_shape" not in vars(kind)
    )


def taking_batch_shapes(build: Callable[..., None]) -> Callable[..., None]:
    """Return the `build` of a class of layers, which takes the shape of a batch as well."""

    @functools.wraps(build)
    def built(self: Layer, input_shape: Any = None) -> None:
        if input_shape is None and isinstance(self, Network):
            _ = self.graph  # says what is missing, if anything is
            return
        # A list has shapes of samples: so the network calls it.
        build(self, of_samples(input_shape) if isinstance(input_shape, tuple) else input_shape)
        self.built = True

    return built


def losses_of(layer: Layer) -> list[Any]:
    """Return what training makes small beside the losses that `compile` names.

    Of every weight with a regularizer its penalty now; of every call of a layer whose output is
    penalized a symbol, as it depends on data.
    """
    weights = [one for one in layer.variables if one.regularizer is not None]
    penalties: list[Any] = [penalty_of(weight) for weight in weights]
    parts = layer.graph.nodes if isinstance(layer, Network) else layer.nodes
    nodes = [
        node
        for node in parts
        if node.layer.activity_regularizer is not None or getattr(node.layer, "adds_loss", False)
    ]
    return penalties + [Symbol((), node) for node in nodes]


def penalty_of(weight: Variable) -> Tensor:
    """Return what the regularizer of a weight makes of its values."""
    regularizer: Any = weight.regularizer
    penalty: Tensor = regularizer(weight)
    return penalty


def updates_of(layer: Layer) -> list[Variable]:
    """Return the weights that a training batch moves by itself, once for every call.

    These are moving averages; there are none of a layer that is frozen.
    """
    if not layer.trainable:
        return []
    if isinstance(layer, Network):
        calls = dict.fromkeys(node.layer for node in layer.graph.nodes)
        return [moved for part in calls for moved in updates_of(part) * calls_in(layer, part)]
    return [weight for weight in layer.variables if not weight.trainable]


def calls_in(network: Network, layer: Layer) -> int:
    """Return how often a network calls a layer."""
    return sum(node.layer is layer for node in network.graph.nodes)


def node_at(layer: Layer, index: int) -> Node:
    """Return a call of a layer, by its number.

    Raises:
        ValueError: There is no such call.

    """
    if not 0 <= index < len(layer.nodes):
        raise ValueError(
            f"node_index: layer {layer.name!r} was called {len(layer.nodes)} times, so that there "
            f"is no call {index}"
        )
    return layer.nodes[index]


def get_input_at(self: Layer, node_index: int) -> Any:
    """Return the symbol that went into a call, or a list of several."""
    node = node_at(self, node_index)
    return one_or_list(node.inputs or node.outputs)


def get_output_at(self: Layer, node_index: int) -> Any:
    """Return the symbol that came out of a call, or a list of several."""
    return one_or_list(node_at(self, node_index).outputs)


def get_input_shape_at(self: Layer, node_index: int) -> Any:
    """Return the shape of a batch that goes into a call, or a list of several."""
    return with_samples([one.shape for one in listed(get_input_at(self, node_index))])


def get_output_shape_at(self: Layer, node_index: int) -> Any:
    """Return the shape of a batch that comes out of a call, or a list of several."""
    return with_samples([one.shape for one in listed(get_output_at(self, node_index))])


def shape_of(symbol: Symbol) -> Any:
    """Return the shape of a batch, as programs find it where `K.int_shape` gives it."""
    return (None, *symbol.shape)


def history_of(symbol: Symbol) -> tuple[Layer, int, int]:
    """Return the layer that a symbol is of, the number of its call, and that of its output."""
    node = symbol.node
    return node.layer, node.layer.nodes.index(node), node.outputs.index(symbol)


OF_SYMBOLS: dict[str, Any] = {
    "_keras_history": property(history_of),
    "_keras_shape": property(shape_of),
}
"""By name, what all symbols have: no documented names, but programs look there."""
METHODS: dict[str, Any] = {
    "compute_output_shape": compute_output_shape,
    "get_input_at": get_input_at,
    "get_input_shape_at": get_input_shape_at,
    "get_output_at": get_output_at,
    "get_output_shape_at": get_output_shape_at,
    "losses": property(losses_of),
    "updates": property(updates_of),
}
"""By name, what all layers have."""
