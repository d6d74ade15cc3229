"""What every layer is: named weights, and a computation that joins a graph when it is called."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from fitspec.reference import _array, graph, naming, settings
from fitspec.reference._array import FLOAT, Array, Shape
from fitspec.reference.autodiff import Tensor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.reference.initializers import Initializer


class Variable(Tensor):
    """A tensor that training may change."""

    __slots__ = ("name", "trainable")

    def __init__(self, value: Array, name: str, *, trainable: bool = True) -> None:
        super().__init__(value, requires_gradient=trainable)
        self.name = name
        self.trainable = trainable

    def assign(self, value: Array) -> None:
        """Take over new values of the same shape; the array stays the same one."""
        self.data[...] = value


class Layer:
    """Base of all layers.

    A layer of one's own overrides `call`, and `build` when it has weights, and `output_shape` when
    it changes the shape. Shapes are those of one sample: the batch axis is left out.

    Args:
        name: Unique within a model; made up from the class's name when left out.
        trainable: Whether training changes the weights.
        input_shape: Shape of one sample, needed only by the first layer of a `Sequential` that is
            to have its weights before it sees data.
        input_dim: Short for `input_shape=(input_dim,)`.

    """

    changes: ClassVar[int] = 0
    """How often a setting of any layer was changed."""

    def __init__(
        self,
        *,
        name: str | None = None,
        trainable: bool = True,
        input_shape: Shape | None = None,
        input_dim: int | None = None,
    ) -> None:
        self.name = name or naming.fresh(naming.snake_case(type(self).__name__))
        self.trainable = trainable
        self.built = False
        self.stateful = False
        self.input_shape = input_shape if input_dim is None else (operator.index(input_dim),)
        self.device = _array.in_force.get()
        self._variables: list[Variable] = []

    if not TYPE_CHECKING:  # a checker would take it to mean that any attribute may be set

        def __setattr__(self, name: str, value: object) -> None:
            super().__setattr__(name, value)
            if name in settings.names_of(type(self)):
                Layer.changes += 1

    @property
    def variables(self) -> list[Variable]:
        """Every weight, in the order of `get_weights`."""
        return self._variables

    @property
    def trainable_variables(self) -> list[Variable]:
        """The weights that training changes."""
        return [weight for weight in self.variables if weight.trainable] if self.trainable else []

    def build(self, shapes: list[Shape]) -> None:
        """Make the weights, given the shape of one sample of each input."""

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:
        """Compute the output for a batch; `training` is False when testing and predicting."""
        raise NotImplementedError(f"{type(self).__name__} does not define call")

    def output_shape(self, shapes: list[Shape]) -> Shape:
        """Return the shape of one output sample, given those of the inputs."""
        return shapes[0]

    def forget_shape(self) -> None:
        """Drop the weights, to make new ones when the shape of the input is known again."""
        self._variables = []
        self.built = False

    def reset_states(self) -> None:
        """Forget what a stateful layer keeps from batch to batch."""

    def run(self, inputs: list[Tensor], *, training: bool) -> list[Tensor]:
        """Compute all outputs for a batch."""
        return [self.call(inputs, training=training)]

    def output_shapes(self, shapes: list[Shape]) -> list[Shape]:
        """Return the shape of one sample of every output."""
        return [self.output_shape(shapes)]

    def add_weight(
        self,
        name: str,
        shape: tuple[int, ...],
        initializer: Initializer,
        *,
        trainable: bool = True,
    ) -> Variable:
        """Make one weight and add it to those of the layer."""
        value = np.asarray(initializer(shape), FLOAT)
        if value.shape != shape:
            raise ValueError(
                f"the initializer of {self.name}/{name} gave shape {value.shape}, expected {shape}"
            )
        array = _array.library(self.device).asarray(value)
        weight = Variable(array, f"{self.name}/{name}", trainable=trainable)
        self._variables.append(weight)
        return weight

    def __call__(self, inputs: graph.Symbol | Sequence[graph.Symbol]) -> graph.Symbol:
        """Join the layer to the graph that ends in `inputs`.

        Returns:
            The symbol of the layer's output, to be given to further layers or to `Model`.

        """
        return self.connect(inputs)[0]

    def connect(self, inputs: graph.Symbol | Sequence[graph.Symbol]) -> tuple[graph.Symbol, ...]:
        """Join the layer to the graph that ends in `inputs`, and return all its outputs."""
        symbols = [inputs] if isinstance(inputs, graph.Symbol) else list(inputs)
        for symbol in symbols:
            if not isinstance(symbol, graph.Symbol):
                raise TypeError(
                    f"layer {self.name!r} must be called on the result of Input or of a layer, "
                    f"not on {type(symbol).__name__}"
                )
        shapes = [symbol.shape for symbol in symbols]
        self.build_once(shapes)
        return graph.Node(self, symbols, self.output_shapes(shapes)).outputs

    def build_once(self, shapes: list[Shape]) -> None:
        """Make the weights unless a previous call, of a shared layer, made them."""
        if not self.built:
            self.build(shapes)
            self.built = True

    def get_weights(self) -> list[Array]:
        """Return a copy of every weight as a NumPy array."""
        return [weight.numpy() for weight in self.variables]

    def set_weights(self, weights: Sequence[Array]) -> None:
        """Replace every weight.

        Args:
            weights: Arrays in the order, and of the shapes, of `get_weights`.

        Raises:
            ValueError: Their number or a shape differs; no weight is changed then.

        """
        variables = self.variables
        if len(weights) != len(variables):
            raise ValueError(
                f"weights: {self.name!r} has {len(variables)} weight arrays, got {len(weights)}"
            )
        arrays = [_array.to_host(weight).astype(FLOAT) for weight in weights]
        for variable, array in zip(variables, arrays, strict=True):
            if array.shape != variable.shape:
                raise ValueError(
                    f"weights: {variable.name} has shape {variable.shape}, got {array.shape}"
                )
        for variable, array in zip(variables, arrays, strict=True):
            variable.assign(_array.library(self.device).asarray(array))
