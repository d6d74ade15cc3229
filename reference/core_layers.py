"""Layers with one input."""

from __future__ import annotations

import math
import operator
from typing import TYPE_CHECKING, TypedDict, Unpack

from fitspec.reference import _array, activations, initializers, randomness
from fitspec.reference.layer import Layer

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.reference._array import Array, Shape
    from fitspec.reference.autodiff import Tensor


class LayerArguments(TypedDict, total=False):
    """The keyword arguments that every layer passes on to `Layer`."""

    name: str | None
    trainable: bool
    input_shape: Shape | None
    input_dim: int | None


class Dense(Layer):
    """Computes `activation(x @ kernel + bias)` on the last axis.

    Args:
        units: Length of the output's last axis.
        activation: Name, function or None.
        use_bias: Whether to add a bias.
        kernel_initializer: Starting values of the kernel, shape (inputs, units).
        bias_initializer: Starting values of the bias, shape (units,).
        **arguments: As `Layer`.

    """

    def __init__(
        self,
        units: int,
        activation: object = None,
        use_bias: bool = True,
        kernel_initializer: object = "glorot_uniform",
        bias_initializer: object = "zeros",
        **arguments: Unpack[LayerArguments],
    ) -> None:
        super().__init__(**arguments)
        self.units = operator.index(units)
        self.activation = activations.resolve(activation)
        self.use_bias = use_bias
        self.kernel_initializer = initializers.resolve(kernel_initializer)
        self.bias_initializer = initializers.resolve(bias_initializer)

    def build(self, shapes: list[Shape]) -> None:
        """Make the kernel, and the bias if there is one."""
        if not shapes[0] or shapes[0][-1] is None:
            raise ValueError(f"layer {self.name!r} needs a last axis of known length: {shapes[0]}")
        self.kernel = self.add_weight(
            "kernel", (shapes[0][-1], self.units), self.kernel_initializer
        )
        if self.use_bias:
            self.bias = self.add_weight("bias", (self.units,), self.bias_initializer)

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Compute the output."""
        product = inputs[0] @ self.kernel
        return self.activation(product + self.bias if self.use_bias else product)

    def output_shape(self, shapes: list[Shape]) -> Shape:
        """Return the input's shape with a last axis of `units`."""
        return (*shapes[0][:-1], self.units)


class Activation(Layer):
    """Applies a function element by element, or softmax."""

    def __init__(self, activation: object, **arguments: Unpack[LayerArguments]) -> None:
        super().__init__(**arguments)
        self.activation = activations.resolve(activation)

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Compute the output."""
        return self.activation(inputs[0])


class Dropout(Layer):
    """Sets a random part of the elements to 0 while training, and scales up the others.

    Args:
        rate: Probability, in [0, 1), that an element is set to 0.
        **arguments: As `Layer`.

    """

    def __init__(self, rate: float, **arguments: Unpack[LayerArguments]) -> None:
        if not 0 <= rate < 1:
            raise ValueError(f"rate must be at least 0 and below 1, not {rate!r}")
        super().__init__(**arguments)
        self.rate = rate

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:
        """Compute the output."""
        (x,) = inputs
        if not training or self.rate == 0:
            return x
        kept = randomness.uniform(x.data) >= self.rate
        factors: Array = _array.namespace(x.data).asarray(kept / (1 - self.rate), x.data.dtype)
        return x * factors


class Lambda(Layer):
    """Applies a function of one's own to the whole batch, whose shape it keeps.

    Args:
        function: Takes the batch and returns another, both tensors.
        **arguments: As `Layer`.

    """

    def __init__(
        self, function: Callable[[Tensor], Tensor], **arguments: Unpack[LayerArguments]
    ) -> None:
        super().__init__(**arguments)
        self.function = function

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Compute the output."""
        return self.function(inputs[0])


class Flatten(Layer):
    """Lays every sample out along one axis."""

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Compute the output."""
        (x,) = inputs
        return x.reshape(len(x), math.prod(x.shape[1:]))

    def output_shape(self, shapes: list[Shape]) -> Shape:
        """Return the number of elements of a sample, if it is known."""
        lengths = [length for length in shapes[0] if length is not None]
        return (math.prod(lengths) if len(lengths) == len(shapes[0]) else None,)


class Reshape(Layer):
    """Lays the elements of every sample out in another shape."""

    def __init__(self, target_shape: tuple[int, ...], **arguments: Unpack[LayerArguments]) -> None:
        super().__init__(**arguments)
        self.target_shape = tuple(target_shape)

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Compute the output."""
        return inputs[0].reshape(len(inputs[0]), *self.target_shape)

    def output_shape(self, shapes: list[Shape]) -> Shape:  # noqa: ARG002 - as Layer
        """Return the target shape."""
        return self.target_shape
