"""How much of what is predicted, and of what is right, is the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.reference.metrics.base import CLASSES, Metric
from fitspec.reference.metrics.confusion import ratio
from fitspec.reference.tensor import array_library

if TYPE_CHECKING:
    from fitspec.reference.tensor.array_library import Array
    from fitspec.reference.tensor.autodiff import Tensor

__all__ = ["MeanIoU"]


@CLASSES.known()
class MeanIoU(Metric):
    """The mean, over classes, of intersection / union of targets and predictions.

    Args:
        num_classes: Targets and predictions are class indices below it.
        name: Label.
        dtype: Ignored: metrics are counted in double precision.

    """

    def __init__(self, num_classes: int, name: str | None = None, dtype: object = None) -> None:
        super().__init__(name, dtype)
        self.num_classes = num_classes

    def measure(self, y_true: Tensor, y_pred: Tensor, weights: Array | None) -> Array:
        """Return how often each class (row) was taken for each (column)."""
        library = array_library.namespace(y_pred.data)
        pairs = y_true.data.astype(int) * self.num_classes + y_pred.data.astype(int)
        factors = None
        if weights is not None:
            shape = weights.shape + (1,) * (pairs.ndim - weights.ndim)
            factors = library.broadcast_to(weights.reshape(shape), pairs.shape).ravel()
        found = library.bincount(pairs.ravel(), factors, minlength=self.num_classes**2)
        table: Array = found.reshape(self.num_classes, self.num_classes).astype(float)
        return table

    def value(self, counts: Array) -> float:
        """Return the mean over the classes that occur."""
        table = array_library.to_host(counts)
        union = table.sum(axis=0) + table.sum(axis=1) - table.diagonal()
        return float(ratio(table.diagonal(), union)[union > 0].mean()) if union.any() else 0.0
