"""Metrics made of the numbers of right and wrong positive and negative predictions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from fitspec.reference.metrics.base import Metric
from fitspec.reference.tensor import array_library

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.reference.tensor.array_library import Array
    from fitspec.reference.tensor.autodiff import Tensor

    Thresholds: TypeAlias = float | Sequence[float] | None

__all__ = ["Precision"]


EPSILON = 1e-7


class Confusion(Metric):
    """Base of metrics of what is positive: what is predicted above a threshold.

    Args:
        thresholds: One or several, with a value each; 0.5 when left out.
        top_k: Only the k largest elements of the last axis may be positive; all of them are if no
            threshold is given.
        class_id: Which element of the last axis alone counts.
        name: Label.
        dtype: Ignored: metrics are counted in double precision.

    """

    def __init__(
        self,
        thresholds: Thresholds = None,
        top_k: int | None = None,
        class_id: int | None = None,
        name: str | None = None,
        dtype: object = None,
    ) -> None:
        super().__init__(name, dtype)
        self.thresholds = thresholds
        self.top_k = top_k
        self.class_id = class_id
        default = 0.5 if top_k is None else -np.inf
        self.limits = np.atleast_1d(np.asarray(default if thresholds is None else thresholds))
        outside = self.limits[(self.limits < -EPSILON) | (self.limits > 1 + EPSILON)]
        if thresholds is not None and outside.size:
            raise ValueError(f"thresholds must be between 0 and 1, not {outside[0]}")

    def measure(self, y_true: Tensor, y_pred: Tensor, weights: Array | None) -> Array:
        """Return true and false positives, true and false negatives; a column per threshold."""
        library = array_library.namespace(y_pred.data)
        predicted, true = y_pred.data, y_true.data != 0
        factors = library.ones(predicted.shape)
        if weights is not None:
            factors *= weights.reshape(weights.shape + (1,) * (predicted.ndim - weights.ndim))
        if self.top_k is not None:
            order = library.argsort(-predicted, axis=-1, kind="stable")
            rank = library.argsort(order, axis=-1)
            predicted = library.where(rank < self.top_k, predicted, -np.inf)
        if self.class_id is not None:
            chosen = (..., self.class_id)
            predicted, true, factors = predicted[chosen], true[chosen], factors[chosen]
        limits = library.asarray(self.limits, dtype=predicted.dtype)[:, None]
        positive = predicted.reshape(1, -1) > limits
        positives = positive @ (factors * true).ravel(), positive @ (factors * ~true).ravel()
        true_total, false_total = (factors * true).sum(), (factors * ~true).sum()
        counts: Array = library.stack(
            [*positives, false_total - positives[1], true_total - positives[0]]
        )
        return counts

    def value(self, counts: Array) -> Any:
        """Return a number, or an array of one for each of several thresholds."""
        values = self.of_counts(*array_library.to_host(counts))
        return float(values[0]) if values.shape == (1,) else values

    def of_counts(self, tp: Array, fp: Array, tn: Array, fn: Array) -> Array:
        """Return a value per threshold, given true and false positives and negatives."""
        raise NotImplementedError(f"{type(self).__name__} does not define of_counts")


class Precision(Confusion, named=True):
    """The part of the positive predictions whose target is 1; 0 when there are none."""

    def of_counts(self, tp: Array, fp: Array, tn: Array, fn: Array) -> Array:  # noqa: ARG002 - as Confusion
        """Return right / all."""
        return ratio(tp, tp + fp)


def ratio(part: Array, whole: Array) -> Array:
    """Return part / whole, and 0 where there is nothing."""
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1), 0)
