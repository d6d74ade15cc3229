"""What the words of `compile` mean to a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.reference import losses, metrics, optimizers
from fitspec.reference.tensor.autodiff import Tensor

if TYPE_CHECKING:
    from fitspec.reference.losses import Loss
    from fitspec.reference.metrics import Metric
    from fitspec.reference.optimizers import Optimizer


class ArrayVocabulary:
    """Finds what the reference itself has."""

    def optimizer(self, identifier: object) -> Optimizer:
        """Find an optimizer."""
        return optimizers.resolve(identifier)

    def loss(self, identifier: object) -> Loss:
        """Find a loss."""
        return losses.resolve(identifier)

    def metric(self, identifier: object, loss: Loss | None, what: str) -> Metric:
        """Find a metric."""
        return metrics.resolve(identifier, loss, what)

    def tensor(self, value: object) -> Tensor:
        """Return a target tensor.

        Raises:
            TypeError: It is no tensor.

        """
        if not isinstance(value, Tensor):
            raise TypeError(f"target_tensors must hold tensors, not {type(value).__name__}")
        return value
