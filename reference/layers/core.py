"""Layers that many models are made of: all inputs to all outputs, activations, dropout, masks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from fitspec.reference import activations
from fitspec.reference.api.arguments import whole_number
from fitspec.reference.network import constructor
from fitspec.reference.network.layer import Layer
from fitspec.reference.tensor import random

if TYPE_CHECKING:
    from fitspec.reference.network.constructor import LayerArguments
    from fitspec.reference.tensor.array_library import Array, Shape
    from fitspec.reference.tensor.autodiff import Tensor

__all__ = ["Activation", "Dense", "Dropout", "Masking"]


class Dense(Layer, repeats=True):
    """Computes `activation(x @ kernel + bias)` on the last axis.

    Args:
        units: Length of the output's last axis.
        activation: Name, function or None.
        use_bias: Whether to add a bias.
        kernel_initializer: Starting values of the kernel, shape (inputs, units).
        bias_initializer: Starting values of the bias, shape (units,).
        kernel_regularizer: Penalty on the kernel.
        bias_regularizer: Penalty on the bias.
        activity_regularizer: Penalty on the output.
        **arguments: As `Layer`.

    """

    supports_masking = True
    activation: activations.Activation
    use_bias: bool

    def __init__(  # noqa: PLR0913, PLR0917 - the documented signature
        self,
        units: int,
        activation: object = None,
        use_bias: bool = True,
        kernel_initializer: object = "glorot_uniform",
        bias_initializer: object = "zeros",
        kernel_regularizer: object = None,
        bias_regularizer: object = None,
        activity_regularizer: object = None,
        **arguments: Unpack[LayerArguments],
    ) -> None:
        super().__init__(**arguments)
        constructor.keep(self, locals())
        self.units = whole_number(units, "units", 1)

    def build(self, shapes: list[Shape]) -> None:
        """Make the kernel, and the bias if there is one."""
        if not shapes[0] or shapes[0][-1] is None:
            raise ValueError(f"layer {self.name!r} needs a last axis of known length: {shapes[0]}")
        self.kernel = constructor.weight(self, "kernel", (shapes[0][-1], self.units))
        if self.use_bias:
            self.bias = constructor.weight(self, "bias", (self.units,))

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Compute the output."""
        product = inputs[0] @ self.kernel
        return self.activation(product + self.bias if self.use_bias else product)

    def shape_of_output(self, shapes: list[Shape]) -> Shape:
        """Return the input's shape with a last axis of `units`."""
        return (*shapes[0][:-1], self.units)


class Activation(Layer, repeats=True):
    """Applies a function element by element, or softmax."""

    supports_masking = True

    def __init__(self, activation: object, **arguments: Unpack[LayerArguments]) -> None:
        super().__init__(**arguments)
        self.activation = activations.resolve(activation)

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Compute the output."""
        return self.activation(inputs[0])


class Dropout(Layer, repeats=True):
    """Sets a random part of the elements to 0 while training, and scales up the others.

    Args:
        rate: Probability, in [0, 1), that an element is set to 0.
        **arguments: As `Layer`.

    """

    supports_masking = True

    def __init__(self, rate: float, **arguments: Unpack[LayerArguments]) -> None:
        random.check_rate("rate", rate)
        super().__init__(**arguments)
        self.rate = rate

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:
        """Compute the output."""
        (x,) = inputs
        if not training or self.rate == 0:
            return x
        factors: Array = random.dropout(x.data, self.rate)
        return x * factors


class Masking(Layer):
    """Says that steps at which all features have a certain value do not count.

    Args:
        mask_value: That value.
        **arguments: As `Layer`.

    """

    supports_masking = True

    def __init__(self, mask_value: float = 0.0, **arguments: Unpack[LayerArguments]) -> None:
        super().__init__(**arguments)
        self.mask_value = mask_value

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Return the input, with zeros at the steps that do not count."""
        (x,) = inputs
        counts = (x.data != self.mask_value).any(axis=-1)
        output: Tensor = x * counts[..., None].astype(x.data.dtype)
        output.mask = counts
        return output

    def pass_mask(self, inputs: list[Tensor], output: Tensor) -> Tensor:  # noqa: ARG002 - as Layer
        """Return the output, which has its mask."""
        return output
