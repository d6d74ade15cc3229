"""What every layer is: named weights, and a computation whose calls are the nodes of a graph."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from fitspec.reference import initializers, regularizers
from fitspec.reference.api.arguments import whole_number
from fitspec.reference.config import naming
from fitspec.reference.config.configuration import Configurable
from fitspec.reference.network import keras_layers
from fitspec.reference.network.keras_layers import one_or_list, with_samples
from fitspec.reference.tensor import array_library
from fitspec.reference.tensor.array_library import FLOAT, Array, Shape
from fitspec.reference.tensor.variable import Variable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.reference.regularizers import Regularizer
    from fitspec.reference.tensor.autodiff import Tensor


class Layer(Configurable):
    """Base of all layers.

    A layer of one's own overrides `call`, and `build` when it has weights, and `shape_of_output`
    when it changes the shape. Shapes are those of one sample: the batch axis is left out. It may
    also be written as for Keras: see `keras_layers`.

    Args:
        name: Unique within a model; made up from the class's name when left out.
        trainable: Whether training changes the weights, of models that are compiled from now on.
        input_shape: Shape of one sample, needed only by the first layer of a `Sequential` that is
            to have its weights before it sees data.
        input_dim: Short for `input_shape=(input_dim,)`.
        batch_input_shape: In place of `input_shape`: the number of samples that every batch must
            have, or None, and then the shape of one.
        batch_size: Number of samples that every batch must have, beside `input_shape`.
        dtype: Ignored: everything is computed in single precision.
        weights: Starting values of all weights, as `set_weights` takes them.

    """

    first_call: ClassVar[int] = 0
    """The number of the layer's first call in what is saved."""

    not_saved = frozenset(
        {"input_shape", "input_dim", "batch_input_shape", "batch_size", "dtype", "weights"}
    )

    activity_regularizer: Regularizer | None = None
    """What the output is penalized by in training."""

    supports_masking: bool = False
    """Whether inputs may have masks; those of the first input are passed on, see `pass_mask`."""

    def __init__(  # noqa: PLR0913  what every layer takes
        self,
        *,
        name: str | None = None,
        trainable: bool = True,
        input_shape: Shape | None = None,
        input_dim: int | None = None,
        batch_input_shape: Shape | None = None,
        batch_size: int | None = None,
        dtype: object = None,  # noqa: ARG002 - see above
        weights: Sequence[Array] | None = None,
    ) -> None:
        self.name = name or naming.fresh(naming.snake_case(type(self).__name__))
        self.trainable = trainable
        self.built = False
        self.stateful = False
        self.given_shape = (
            input_shape if input_dim is None else (whole_number(input_dim, "input_dim", 1),)
        )
        self.batch_size = batch_size
        if batch_input_shape is not None:
            self.batch_size, *rest = batch_input_shape
            self.given_shape = tuple(rest)
        self._starting_weights = weights
        self.device = array_library.in_force.get()
        self._variables: list[Variable] = []
        self.nodes: list[Node] = []

    def __init_subclass__(cls, **arguments: Any) -> None:
        """Take classes of layers as they are written for Keras too."""
        super().__init_subclass__(**arguments)
        keras_layers.adapt(cls)

    @property
    def variables(self) -> list[Variable]:
        """Every weight, in the order of `get_weights`."""
        return self._variables

    @property
    def trainable_variables(self) -> list[Variable]:
        """The weights that training changes."""
        return [weight for weight in self.variables if weight.trainable] if self.trainable else []

    @property
    def frozen_layers(self) -> list[Layer]:
        """What is frozen here: calls of it leave moving averages, of all that is inside, alone."""
        return [] if self.trainable else [self]

    @property
    def weights(self) -> list[Variable]:
        """Every weight, in the order in which files have them."""
        return self.variables

    @property
    def trainable_weights(self) -> list[Variable]:
        """The weights that training changes."""
        return self.trainable_variables

    @property
    def non_trainable_weights(self) -> list[Variable]:
        """The weights that training leaves alone."""
        trained = set(map(id, self.trainable_variables))
        return [weight for weight in self.variables if id(weight) not in trained]

    def settle(self) -> None:
        """Check what the constructor kept, and bring it into one form."""

    def build(self, shapes: list[Shape]) -> None:
        """Make the weights, given the shape of one sample of each input."""

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:
        """Compute the output for a batch; `training` is False when testing and predicting."""
        raise NotImplementedError(f"{type(self).__name__} does not define call")

    def shape_of_output(self, shapes: list[Shape]) -> Shape:
        """Return the shape of one output sample, given those of the inputs."""
        return shapes[0]

    def forget_shape(self) -> None:
        """Drop the weights, to make new ones when the shape of the input is known again."""
        self._variables = []
        self.nodes = []
        self.built = False

    def reset_states(self) -> None:
        """Forget what a stateful layer keeps from batch to batch."""

    def run(self, inputs: list[Tensor], *, training: bool) -> list[Tensor]:
        """Compute all outputs for a batch."""
        output = self.call(inputs, training=training)
        if any(tensor.mask is not None for tensor in inputs):
            output = self.pass_mask(inputs, output)
        return [output]

    def pass_mask(self, inputs: list[Tensor], output: Tensor) -> Tensor:
        """Return the output with the mask that it has when inputs have masks.

        Raises:
            TypeError: The layer does not say what masks mean to it.

        """
        if not self.supports_masking:
            raise TypeError(f"layer {self.name!r} does not support masks, but its input has one")
        output.mask = inputs[0].mask
        return output

    def shapes_of_outputs(self, shapes: list[Shape]) -> list[Shape]:
        """Return the shape of one sample of every output."""
        return [self.shape_of_output(shapes)]

    def add_weight(  # noqa: PLR0913 - what a weight can be made of
        self,
        name: str,
        shape: tuple[int, ...],
        initializer: object = "glorot_uniform",
        *,
        trainable: bool = True,
        regularizer: object = None,
        dtype: object = None,  # noqa: ARG002 - everything is in single precision
    ) -> Variable:
        """Make one weight and add it to those of the layer."""
        shape = tuple(shape)
        penalty = regularizers.resolve(regularizer)
        value = np.asarray(initializers.resolve(initializer)(shape), FLOAT)
        if value.shape != shape:
            raise ValueError(
                f"the initializer of {self.name}/{name} gave shape {value.shape}, expected {shape}"
            )
        array = array_library.library(self.device).asarray(value)
        weight = Variable(array, f"{self.name}/{name}", trainable=trainable, regularizer=penalty)
        self._variables.append(weight)
        return weight

    def __call__(
        self, inputs: Symbol | Sequence[Symbol], *, training: bool | None = None
    ) -> Symbol:
        """Join the layer to the graph that ends in `inputs`.

        Args:
            inputs: What goes in.
            training: Whether to compute there as in training, whatever the model does; None for
                as the model does.

        Returns:
            The symbol of the layer's output, to be given to further layers or to `Model`.

        """
        return self.connect(inputs, training)[0]

    def connect(
        self, inputs: Symbol | Sequence[Symbol], training: bool | None = None
    ) -> tuple[Symbol, ...]:
        """Join the layer to the graph that ends in `inputs`, and return all its outputs."""
        symbols = listed(inputs)
        for symbol in symbols:
            if not isinstance(symbol, Symbol):
                raise TypeError(
                    f"layer {self.name!r} must be called on the result of Input or of a layer, "
                    f"not on {type(symbol).__name__}"
                )
        shapes = [symbol.shape for symbol in symbols]
        self.build_once(shapes)
        return Node(self, symbols, self.shapes_of_outputs(shapes), training).outputs

    def build_once(self, shapes: list[Shape]) -> None:
        """Make the weights unless a previous call, of a shared layer, made them."""
        if not self.built:
            self.build(shapes)
            self.built = True
            if self._starting_weights is not None:
                self.set_weights(self._starting_weights)

    def get_config(self) -> dict[str, Any]:
        """Return what to make another layer like this with, for JSON."""
        config = super().get_config()
        if self.given_shape is not None:
            config["batch_input_shape"] = (self.batch_size, *self.given_shape)
        return config

    @property
    def input(self) -> Any:
        """The symbol that the layer was called on, or a list of several."""
        node = self._only_call()
        return one_or_list(node.inputs or node.outputs)

    @property
    def output(self) -> Any:
        """The symbol that calling the layer gave, or a list of several."""
        return one_or_list(self._only_call().outputs)

    @property
    def input_shape(self) -> Any:
        """The shape of a batch of the input, or a list of those of several."""
        return self._of_batches(self.input)

    @property
    def output_shape(self) -> Any:
        """The shape of a batch of the output, or a list of those of several."""
        return self._of_batches(self.output)

    def _of_batches(self, symbols: Symbol | Sequence[Symbol]) -> Any:
        shapes = [symbol.shape for symbol in listed(symbols)]
        return with_samples(shapes, self.batch_size)

    def _only_call(self) -> Node:
        if len(self.nodes) != 1:
            raise AttributeError(
                f"layer {self.name!r} was called {len(self.nodes)} times, so that it has no single "
                "input and output"
            )
        return self.nodes[0]

    def count_params(self) -> int:
        """Return how many numbers the weights have.

        Raises:
            RuntimeError: There are no weights yet, as the shape of the input is not known.

        """
        if not self.built:
            raise RuntimeError(f"layer {self.name!r} has no weights before its first call")
        return sum(math.prod(weight.shape) for weight in self.variables)

    def get_weights(self) -> list[Array]:
        """Return a copy of every weight as a NumPy array."""
        return [weight.numpy() for weight in self.variables]

    def set_weights(self, weights: Sequence[Array]) -> None:
        """Replace every weight.

        Args:
            weights: Arrays in the order, and of the shapes, of `get_weights`.

        Raises:
            ValueError: Their number or a shape differs, or something is no number; no weight is
                changed then.

        """
        variables = self.variables
        if len(weights) != len(variables):
            raise ValueError(
                f"weights: {self.name!r} has {len(variables)} weight arrays, got {len(weights)}"
            )
        arrays = [array_library.numbers(weight, "weights") for weight in weights]
        for variable, array in zip(variables, arrays, strict=True):
            if array.shape != variable.shape:
                raise ValueError(
                    f"weights: {variable.name} has shape {variable.shape}, got {array.shape}"
                )
        for variable, array in zip(variables, arrays, strict=True):
            variable.assign(array_library.library(self.device).asarray(array))


class Symbol:
    """Stands for a batch that is not there yet: the result of `Input` or of calling a layer."""

    def __init__(self, shape: Shape, node: Node) -> None:
        self.shape = shape
        self.node = node

    def __getattr__(self, name: str) -> object:
        node = vars(self).get("node")  # not yet there while a copy is made
        if node is None or name.startswith("__"):
            raise AttributeError(name)
        raise AttributeError(
            f"the result of {node.layer.name!r} has no {name!r}, as it has no elements yet: "
            "compute with it in a Lambda, a layer of your own, a loss or a metric"
        )

    def __repr__(self) -> str:
        return f"Symbol(shape={self.shape}, layer={self.node.layer.name!r})"


class Node:
    """One call of a layer: which symbols went in, which came out, and whether as in training."""

    def __init__(
        self,
        layer: Layer,
        inputs: Sequence[Symbol],
        shapes: Sequence[Shape],
        training: bool | None = None,
    ) -> None:
        self.layer = layer
        self.training = training
        self.inputs = tuple(inputs)
        self.outputs = tuple(Symbol(shape, self) for shape in shapes)
        layer.nodes.append(self)


def listed(symbols: Symbol | Sequence[Symbol]) -> list[Symbol]:
    """Return one or several symbols as a list."""
    return [symbols] if isinstance(symbols, Symbol) else list(symbols)
