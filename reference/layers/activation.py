"""Activations as layers of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from fitspec.reference import activations
from fitspec.reference.network.layer import Layer
from fitspec.reference.tensor.repeatable import repeatable

if TYPE_CHECKING:
    from fitspec.reference.layers.base import LayerArguments
    from fitspec.reference.tensor.autodiff import Tensor


@repeatable
class Activation(Layer):
    """Applies a function element by element, or softmax."""

    supports_masking = True

    def __init__(self, activation: object, **arguments: Unpack[LayerArguments]) -> None:
        super().__init__(**arguments)
        self.activation = activations.resolve(activation)

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Compute the output."""
        return self.activation(inputs[0])
