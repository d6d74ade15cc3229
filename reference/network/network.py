"""A graph of layers with its weights: everything about a model but its training."""

from __future__ import annotations

import json
from typing import IO, TYPE_CHECKING, Any, ClassVar, TypeAlias

from fitspec.reference.api import get_layer
from fitspec.reference.api.get_layer import Layered
from fitspec.reference.config.configuration import serialize
from fitspec.reference.network.graph import Graph
from fitspec.reference.network.input_layer import InputLayer
from fitspec.reference.network.keras_layers import one_or_list
from fitspec.reference.network.layer import Layer, Symbol, listed
from fitspec.reference.training.plan import numbered

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping, Sequence

    from fitspec.reference.tensor.array_library import Shape
    from fitspec.reference.tensor.autodiff import Tensor
    from fitspec.reference.tensor.variable import Variable

    PathLike: TypeAlias = str | os.PathLike[str] | IO[bytes]


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

    asked: ClassVar[dict[str, Callable[..., Any]]] = {}
    """What models can be asked for that is more than a network, by name: files, tables, words."""

    batch_size: int | None = None
    first_call = 1
    _settled: tuple[list[Variable], list[Layer]] | None = None

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
            if not isinstance(symbol, Symbol):
                raise TypeError(
                    f"inputs and outputs must be results of Input or of layers, not {symbol!r}"
                )
        new = Graph(inputs, outputs)
        get_layer.require_distinct(layer.name for layer in new.layers)
        sizes = sorted({size for size in map(demanded_batch_size, inputs) if size is not None})
        if len(sizes) > 1:
            raise ValueError(f"inputs demand batches of different sizes: {sizes}")
        devices = sorted({layer.device for layer in new.layers})
        if len(devices) > 1:
            raise ValueError(f"layers were made for different devices: {devices}")
        self.device = devices[0]
        self.batch_size = sizes[0] if sizes else None
        self.given_shape = inputs[0].shape if len(inputs) == 1 else None
        self._graph = new
        self.built = True

    def __call__(self, inputs: Symbol | Sequence[Symbol], *, training: bool | None = None) -> Any:
        """Join the model to another graph; return its output there, or a list of several."""
        return one_or_list(self.connect(inputs, training))

    def __getstate__(self) -> dict[str, object]:
        """Return the state, calls in the order of computation first: none then waits for others."""
        graph = self._graph
        ends = () if graph is None else (*(each.node for each in graph.inputs), *graph.nodes)
        return {"_calls": ends, **vars(self)}

    def __setstate__(self, state: dict[str, object]) -> None:
        vars(self).update(state)
        del vars(self)["_calls"]

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
        return numbered(symbol.node.layer.name for symbol in self.graph.inputs)

    @property
    def output_names(self) -> list[str]:
        """The names by which targets in a dict are found: those of the layers computing them."""
        return numbered(symbol.node.layer.name for symbol in self.graph.outputs)

    @property
    def input_tensors(self) -> list[Tensor | None]:
        """For every input the tensor it brings itself, or None."""
        makers = [symbol.node.layer for symbol in self.graph.inputs]
        return [maker.tensor if isinstance(maker, InputLayer) else None for maker in makers]

    @property
    def variables(self) -> list[Variable]:
        """Every weight, layer by layer; those of a shared layer once.

        Of a network among the layers, what is trained comes first, as in `weights`.
        """
        return list(dict.fromkeys(weight for layer in self.layers for weight in layer.weights))

    @property
    def trainable_variables(self) -> list[Variable]:
        """The weights that training changes."""
        if not self.trainable:
            return []
        each = (weight for layer in self.layers for weight in layer.trainable_variables)
        return list(dict.fromkeys(each))

    @property
    def frozen_layers(self) -> list[Layer]:
        """Every layer here whose calls leave moving averages alone."""
        if not self.trainable:
            return [self]
        return [frozen for layer in self.layers for frozen in layer.frozen_layers]

    @property
    def settled(self) -> tuple[list[Variable], list[Layer]]:
        """What is trained, and what is frozen, since `compile`."""
        if self._settled is None:
            self._settled = self.trainable_variables, self.frozen_layers
        return self._settled

    @property
    def trained_variables(self) -> list[Variable]:
        """The weights that an update changes: those that were trainable when it was compiled."""
        return self.settled[0]

    @property
    def weights(self) -> list[Variable]:
        """Every weight, those that its layers train before all others."""
        each = (weight for layer in self.layers for weight in layer.trainable_variables)
        trained = dict.fromkeys(each)
        return [*trained, *(weight for weight in self.variables if weight not in trained)]

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
    def inputs(self) -> list[Symbol]:
        """The symbols that data is fed to."""
        return list(self.graph.inputs)

    @property
    def outputs(self) -> list[Symbol]:
        """The symbols that are computed."""
        return list(self.graph.outputs)

    @property
    def input(self) -> Any:
        """The symbol that data is fed to, or a list of several."""
        return one_or_list(self.graph.inputs)

    @property
    def output(self) -> Any:
        """The symbol that is computed, or a list of several."""
        return one_or_list(self.graph.outputs)

    def get_config(self) -> dict[str, Any]:
        """Return what to make another model like this with, for JSON.

        Raises:
            ValueError: A layer cannot be written down.

        """
        config: dict[str, Any] = self.asked_for("get_config")(self)
        return config

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Any:
        """Make a model, with new weights, of what `get_config` returned.

        Raises:
            ValueError: The class of a layer is not known.

        """
        return cls.asked_for("from_config")(cls, config)

    def to_json(self, **options: Any) -> str:
        """Return the layers and how they are connected as JSON.

        Args:
            **options: As for `json.dumps`.

        Raises:
            ValueError: A layer cannot be written down.

        """
        return json.dumps(serialize(self), **options)

    @classmethod
    def asked_for(cls, name: str) -> Callable[..., Any]:
        """Return what gives something that is more than a network.

        Raises:
            RuntimeError: Nothing here gives that.

        """
        if name in cls.asked:
            return cls.asked[name]
        raise RuntimeError(f"models have no {name!r} here")

    def summary(
        self,
        line_length: int | None = None,
        positions: Sequence[float] | None = None,
        print_fn: Callable[[str], object] | None = None,
    ) -> None:
        """Print the layers, the shapes of their outputs and the numbers of their weights.

        Args:
            line_length: How long a line is.
            positions: Where columns end: parts of a line up to 1, or numbers of characters.
            print_fn: Is called with each line; prints it when left out.

        Raises:
            RuntimeError: The shape of the input is not known yet.

        """
        self.asked_for("summary")(self, line_length, positions, print_fn)

    def save_weights(self, filepath: PathLike, overwrite: bool = True) -> None:
        """Write the weights to a file.

        Args:
            filepath: The file: safetensors if it ends so, otherwise HDF5 as Keras lays it out.
            overwrite: Whether there may be one already.

        Raises:
            FileExistsError: There is a file already, and `overwrite` is False.

        """
        self.asked_for("save_weights")(self, filepath, overwrite=overwrite)

    def load_weights(self, filepath: PathLike, by_name: bool = False, **options: bool) -> None:
        """Replace the weights by those in a file of this model or one like it, or of Keras.

        Args:
            filepath: The file.
            by_name: Whether layers are found by name, and others left alone, or in order.
            **options: `skip_mismatch=True` to leave layers found by name alone, with a warning,
                that do not fit; `reshape=True` to lay out weights of as many numbers anew.

        Raises:
            FileNotFoundError: There is no such file.
            ValueError: It is damaged, or does not fit; no weight is changed then.

        """
        self.asked_for("load_weights")(self, filepath, by_name=by_name, **options)

    def save(
        self, filepath: PathLike, overwrite: bool = True, include_optimizer: bool = True
    ) -> None:
        """Write the model to a file, for `models.load_model`; see `models.save_model`."""
        self.asked_for("save")(self, filepath, overwrite, include_optimizer)

    def run(self, inputs: list[Tensor], *, training: bool) -> list[Tensor]:
        """Compute all outputs for a batch."""
        return self.graph.run(inputs, training=training)

    def shapes_of_outputs(self, shapes: list[Shape]) -> list[Shape]:  # noqa: ARG002 - as Layer
        """Return the shape of one sample of every output."""
        return [symbol.shape for symbol in self.graph.outputs]


def demanded_batch_size(symbol: Symbol) -> int | None:
    """Return the number of samples that an input takes at a time, None for any."""
    maker = symbol.node.layer
    return maker.batch_size if isinstance(maker, InputLayer) else None
