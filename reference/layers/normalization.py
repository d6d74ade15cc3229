"""Normalization by the statistics of the batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from fitspec.reference.network import constructor
from fitspec.reference.network.layer import Layer

if TYPE_CHECKING:
    from fitspec.reference.network.constructor import LayerArguments
    from fitspec.reference.tensor.array_library import Shape
    from fitspec.reference.tensor.autodiff import Tensor

__all__ = ["BatchNormalization"]


class BatchNormalization(Layer, repeats=True):
    """Normalizes along an axis: by the batch while training, by moving averages otherwise.

    Args:
        axis: The axis that keeps its elements apart, counted with the batch axis.
        momentum: Part of a moving average that one training batch leaves as it is.
        epsilon: Added to the variance.
        center: Whether an offset, beta, is added.
        scale: Whether the result is multiplied by a factor, gamma.
        beta_initializer: Starting values of beta, shape (length of the axis,).
        gamma_initializer: Starting values of gamma.
        moving_mean_initializer: Starting values of the moving average of means.
        moving_variance_initializer: Starting values of the moving average of variances.
        beta_regularizer: Penalty on beta.
        gamma_regularizer: Penalty on gamma.
        **arguments: As `Layer`.

    """

    supports_masking = True
    beta: Tensor | None = None
    gamma: Tensor | None = None

    def __init__(  # noqa: PLR0913, PLR0917  the documented signature
        self,
        axis: int = -1,
        momentum: float = 0.99,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: object = "zeros",
        gamma_initializer: object = "ones",
        moving_mean_initializer: object = "zeros",
        moving_variance_initializer: object = "ones",
        beta_regularizer: object = None,
        gamma_regularizer: object = None,
        **arguments: Unpack[LayerArguments],
    ) -> None:
        super().__init__(**arguments)
        constructor.keep(self, locals())
        self.axis = axis
        self.momentum = momentum
        self.epsilon = epsilon
        self.center = center
        self.scale = scale

    def build(self, shapes: list[Shape]) -> None:
        """Make scale, offset and the moving averages."""
        length = (None, *shapes[0])[self.axis]
        if length is None:
            raise ValueError(
                f"layer {self.name!r} needs a known length of axis {self.axis}: {shapes[0]}"
            )
        shape = (length,)
        if self.scale:
            self.gamma = constructor.weight(self, "gamma", shape)
        if self.center:
            self.beta = constructor.weight(self, "beta", shape)
        self.moving_mean = constructor.weight(self, "moving_mean", shape, trainable=False)
        self.moving_variance = constructor.weight(self, "moving_variance", shape, trainable=False)

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:
        """Compute the output; a training batch also moves the averages, if they are not frozen."""
        (x,) = inputs
        apart = self.axis % x.ndim
        shape = [length if axis == apart else 1 for axis, length in enumerate(x.shape)]

        def along(statistic: Tensor) -> Tensor:
            return statistic if apart == x.ndim - 1 else statistic.reshape(*shape)

        mean: Tensor = self.moving_mean
        variance: Tensor = self.moving_variance
        if training:
            axes = tuple(axis for axis in range(x.ndim) if axis != apart)
            mean = x.mean(axes)
            variance = ((x - along(mean)) ** 2).mean(axes)
            of_images = x.ndim == 4 and apart == 3
            self._move_averages(mean, variance, x.data.size // mean.data.size, of_images=of_images)
        result = (x - along(mean)) / (along(variance) + self.epsilon) ** 0.5
        if self.gamma is not None:
            result = result * along(self.gamma)
        return result if self.beta is None else result + along(self.beta)

    def _move_averages(
        self, mean: Tensor, variance: Tensor, number: int, *, of_images: bool
    ) -> None:
        kept, new = self.momentum, 1 - self.momentum
        # What a variance of few numbers is short of that of all.
        short = number / (number - 1 - self.epsilon) if number > 1 + self.epsilon else 1.0
        if of_images and number > 1:  # made up for twice, as TensorFlow 1 does for images only
            short *= number / (number - 1)
        self.moving_mean.move(kept * self.moving_mean.data + new * mean.data)
        self.moving_variance.move(kept * self.moving_variance.data + (new * short) * variance.data)
