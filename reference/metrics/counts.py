"""Metrics that are, or are made of, counts of right and wrong predictions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.reference.metrics.base import Metric
from fitspec.reference.metrics.confusion import Confusion, ratio
from fitspec.reference.tensor import array_library

if TYPE_CHECKING:
    from fitspec.reference.metrics.confusion import Thresholds
    from fitspec.reference.tensor.array_library import Array
    from fitspec.reference.tensor.autodiff import Tensor

__all__ = [
    "FalseNegatives", "FalsePositives", "MeanIoU", "Recall", "TrueNegatives", "TruePositives",
]  # fmt: skip


class Recall(Confusion, named=True):
    """The part of the elements with target 1 that is predicted positive; 0 without any."""

    def of_counts(self, tp: Array, fp: Array, tn: Array, fn: Array) -> Array:  # noqa: ARG002 - as Confusion
        """Return found / all."""
        return ratio(tp, tp + fn)


class Count(Confusion):
    """Base of metrics that are one of the four counts.

    Args:
        thresholds: As `Confusion`.
        name: Label.
        dtype: As `Confusion`.

    """

    position: int

    def __init__(
        self, thresholds: Thresholds = None, name: str | None = None, dtype: object = None
    ) -> None:
        super().__init__(thresholds, None, None, name, dtype)

    def of_counts(self, *counts: Array) -> Array:
        """Return the count."""
        return counts[self.position]


class TruePositives(Count, named=True):
    """How many positive predictions have target 1."""

    position = 0


class FalsePositives(Count, named=True):
    """How many positive predictions have target 0."""

    position = 1


class TrueNegatives(Count, named=True):
    """How many negative predictions have target 0."""

    position = 2


class FalseNegatives(Count, named=True):
    """How many negative predictions have target 1."""

    position = 3


class MeanIoU(Metric, named=True):
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
