"""Normalization by the statistics of the batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from fitspec.reference import initializers
from fitspec.reference.layer import Layer

if TYPE_CHECKING:
    from fitspec.reference._array import Shape
    from fitspec.reference.autodiff import Tensor
    from fitspec.reference.core_layers import LayerArguments


class BatchNormalization(Layer):
    """Normalizes the last axis: by the batch while training, by moving averages otherwise.

    Args:
        momentum: Part of a moving average that one training batch leaves as it is.
        epsilon: Added to the variance.
        **arguments: As `Layer`.

    """

    def __init__(
        self,
        momentum: float = 0.99,
        epsilon: float = 1e-3,
        **arguments: Unpack[LayerArguments],
    ) -> None:
        super().__init__(**arguments)
        self.momentum = momentum
        self.epsilon = epsilon

    def build(self, shapes: list[Shape]) -> None:
        """Make scale, offset and the moving averages."""
        length = shapes[0][-1]
        if length is None:
            raise ValueError(f"layer {self.name!r} needs a last axis of known length: {shapes[0]}")
        shape = (length,)
        self.gamma = self.add_weight("gamma", shape, initializers.ones)
        self.beta = self.add_weight("beta", shape, initializers.zeros)
        self.moving_mean = self.add_weight(
            "moving_mean", shape, initializers.zeros, trainable=False
        )
        self.moving_variance = self.add_weight(
            "moving_variance", shape, initializers.ones, trainable=False
        )

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:
        """Compute the output; a training batch also moves the averages."""
        (x,) = inputs
        mean: Tensor = self.moving_mean
        variance: Tensor = self.moving_variance
        if training:
            axes = tuple(range(x.ndim - 1))
            mean = x.mean(axes)
            variance = ((x - mean) ** 2).mean(axes)
            kept, new = self.momentum, 1 - self.momentum
            self.moving_mean.assign(kept * self.moving_mean.data + new * mean.data)
            self.moving_variance.assign(kept * self.moving_variance.data + new * variance.data)
        return (x - mean) / (variance + self.epsilon) ** 0.5 * self.gamma + self.beta
