"""A graph of layers with its weights: everything about a model but its training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.reference import graph, naming
from fitspec.reference.input_layer import InputLayer
from fitspec.reference.layer import Layer, Variable
from fitspec.reference.layered import Layered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.reference._array import Shape
    from fitspec.reference.autodiff import Tensor
    from fitspec.reference.graph import Graph, Symbol


class Network(Layer, Layered[Layer]):
    """Layers that are connected, with named inputs and outputs.

    Args:
        inputs: The symbol or symbols that data is fed to.
        outputs: The symbol or symbols to compute.
        name: Made up when left out.

    Attributes:
        batch_size: The number of samples that every batch must have, None if any will do.

    Raises:
        ValueError: Two layers share a name, an output needs an input that is not listed, or two
            inputs demand batches of different sizes.

    """

    batch_size: int | None = None

    def __init__(
        self,
        inputs: Symbol | Sequence[Symbol],
        outputs: Symbol | Sequence[Symbol],
        name: str | None = None,
    ) -> None:
        super().__init__(name=name)
        self._graph: Graph | None = None
        self._connect(listed(inputs), listed(outputs))

    def _connect(self, inputs: Sequence[Symbol], outputs: Sequence[Symbol]) -> None:
        for symbol in (*inputs, *outputs):
            if not isinstance(symbol, graph.Symbol):
                raise TypeError(
                    f"inputs and outputs must be results of Input or of layers, not {symbol!r}"
                )
        new = graph.Graph(inputs, outputs)
        naming.require_distinct(layer.name for layer in new.layers)
        sizes = sorted({size for size in map(demanded_batch_size, inputs) if size is not None})
        if len(sizes) > 1:
            raise ValueError(f"inputs demand batches of different sizes: {sizes}")
        devices = sorted({layer.device for layer in new.layers})
        if len(devices) > 1:
            raise ValueError(f"layers were made for different devices: {devices}")
        self.device = devices[0]
        self.batch_size = sizes[0] if sizes else None
        self._graph = new
        self.built = True

    @property
    def graph(self) -> Graph:
        """The connected layers.

        Raises:
            RuntimeError: The model has no weights yet, because it does not know its input's shape.

        """
        if self._graph is None:
            raise RuntimeError(
                f"model {self.name!r} does not know the shape of its input yet: "
                "give its first layer an input_shape, or call it on data"
            )
        return self._graph

    @property
    def layers(self) -> list[Layer]:
        """The layers, in the order of their indices."""
        return self.graph.layers

    @property
    def input_names(self) -> list[str]:
        """The names by which data in a dict is found."""
        return naming.numbered(symbol.node.layer.name for symbol in self.graph.inputs)

    @property
    def output_names(self) -> list[str]:
        """The names by which targets in a dict are found: those of the layers computing them."""
        return naming.numbered(symbol.node.layer.name for symbol in self.graph.outputs)

    @property
    def input_tensors(self) -> list[Tensor | None]:
        """For every input the tensor it brings itself, or None."""
        makers = [symbol.node.layer for symbol in self.graph.inputs]
        return [maker.tensor if isinstance(maker, InputLayer) else None for maker in makers]

    @property
    def variables(self) -> list[Variable]:
        """Every weight, layer by layer; those of a shared layer once."""
        return list(dict.fromkeys(weight for layer in self.layers for weight in layer.variables))

    @property
    def trainable_variables(self) -> list[Variable]:
        """The weights that training changes."""
        if not self.trainable:
            return []
        each = (weight for layer in self.layers for weight in layer.trainable_variables)
        return list(dict.fromkeys(each))

    @property
    def is_stateful(self) -> bool:
        """Whether a layer keeps its state from batch to batch."""
        return any(
            layer.is_stateful if isinstance(layer, Network) else layer.stateful
            for layer in self.layers
        )

    def reset_states(self) -> None:
        """Let every stateful layer start anew."""
        for layer in self.layers:
            layer.reset_states()

    @property
    def weights(self) -> list[Variable]:
        """Every weight, in the order of `get_weights`."""
        return self.variables

    def run(self, inputs: list[Tensor], *, training: bool) -> list[Tensor]:
        """Compute all outputs for a batch."""
        return self.graph.run(inputs, training=training)

    def output_shapes(self, shapes: list[Shape]) -> list[Shape]:  # noqa: ARG002 - as Layer
        """Return the shape of one sample of every output."""
        return [symbol.shape for symbol in self.graph.outputs]


def demanded_batch_size(symbol: Symbol) -> int | None:
    """Return the number of samples that an input takes at a time, None for any."""
    maker = symbol.node.layer
    return maker.batch_size if isinstance(maker, InputLayer) else None


def listed(symbols: Symbol | Sequence[Symbol]) -> list[Symbol]:
    """Return one or several symbols as a list."""
    return [symbols] if isinstance(symbols, graph.Symbol) else list(symbols)
