"""Metrics made of the numbers of right and wrong positive and negative predictions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from fitspec.reference.metrics.base import Metric
from fitspec.reference.tensor import array_library

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.reference.tensor.array_library import Array
    from fitspec.reference.tensor.autodiff import Tensor

    Thresholds: TypeAlias = float | Sequence[float] | None

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


class Precision(Confusion):
    """The part of the positive predictions whose target is 1; 0 when there are none."""

    def of_counts(self, tp: Array, fp: Array, tn: Array, fn: Array) -> Array:  # noqa: ARG002 - as Confusion
        """Return right / all."""
        return ratio(tp, tp + fp)


class Recall(Confusion):
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


class TruePositives(Count):
    """How many positive predictions have target 1."""

    position = 0


class FalsePositives(Count):
    """How many positive predictions have target 0."""

    position = 1


class TrueNegatives(Count):
    """How many negative predictions have target 0."""

    position = 2


class FalseNegatives(Count):
    """How many negative predictions have target 1."""

    position = 3


class AtBest(Confusion):
    """Base of metrics at that of many thresholds at which another one is nearest to a goal.

    Args:
        goal: What the other one is to be near to, from 0 to 1.
        num_thresholds: How many thresholds are tried.
        name: Label.
        dtype: As `Confusion`.

    """

    def __init__(
        self, goal: float, num_thresholds: int = 200, name: str | None = None, dtype: object = None
    ) -> None:
        if not 0 <= goal <= 1:
            raise ValueError(f"sensitivity and specificity must be from 0 to 1, not {goal!r}")
        if num_thresholds < 1:
            raise ValueError(f"num_thresholds must be at least 1, not {num_thresholds!r}")
        tried = [0.5] if num_thresholds == 1 else np.linspace(0, 1, num_thresholds).tolist()
        super().__init__(tried, None, None, name, dtype)
        self.goal = goal
        self.num_thresholds = num_thresholds

    def best(self, values: Array, others: Array) -> Array:
        """Return the value where the other one is nearest to the goal."""
        at = int(np.abs(others - self.goal).argmin())
        return values[at : at + 1]


class SensitivityAtSpecificity(AtBest):
    """The part of targets 1 that is found where that of targets 0 is as given."""

    def __init__(
        self,
        specificity: float,
        num_thresholds: int = 200,
        name: str | None = None,
        dtype: object = None,
    ) -> None:
        super().__init__(specificity, num_thresholds, name, dtype)
        self.specificity = specificity

    def of_counts(self, tp: Array, fp: Array, tn: Array, fn: Array) -> Array:
        """Return the sensitivity."""
        return self.best(ratio(tp, tp + fn), ratio(tn, tn + fp))


class SpecificityAtSensitivity(AtBest):
    """The part of targets 0 that is found where that of targets 1 is as given."""

    def __init__(
        self,
        sensitivity: float,
        num_thresholds: int = 200,
        name: str | None = None,
        dtype: object = None,
    ) -> None:
        super().__init__(sensitivity, num_thresholds, name, dtype)
        self.sensitivity = sensitivity

    def of_counts(self, tp: Array, fp: Array, tn: Array, fn: Array) -> Array:
        """Return the specificity."""
        return self.best(ratio(tn, tn + fp), ratio(tp, tp + fn))


class AUC(Confusion):
    """The area under a curve of two rates, drawn through those at many thresholds.

    Args:
        num_thresholds: How many thresholds are tried.
        curve: "ROC" for recall over the rate of false positives, "PR" for precision over recall.
        summation_method: "interpolation" for the mean height between two thresholds, "minoring" and
            "majoring" for the smaller and the larger height.
        name: Label.
        dtype: As `Confusion`.
        thresholds: Those to try besides 0 and 1, in place of evenly spaced ones.

    """

    def __init__(  # noqa: PLR0913, PLR0917 - the documented signature
        self,
        num_thresholds: int = 200,
        curve: Literal["ROC", "PR"] = "ROC",
        summation_method: Literal["interpolation", "minoring", "majoring"] = "interpolation",
        name: str | None = None,
        dtype: object = None,
        thresholds: Sequence[float] | None = None,
    ) -> None:
        if curve not in {"ROC", "PR"}:
            raise ValueError(f"curve must be 'ROC' or 'PR', not {curve!r}")
        if summation_method not in {"interpolation", "minoring", "majoring"}:
            raise ValueError(
                "summation_method must be 'interpolation', 'minoring' or 'majoring', "
                f"not {summation_method!r}"
            )
        if thresholds is None and num_thresholds < 2:
            raise ValueError(f"num_thresholds must be at least 2, not {num_thresholds!r}")
        inner = np.linspace(0, 1, num_thresholds)[1:-1] if thresholds is None else thresholds
        super().__init__([-EPSILON, *sorted(inner), 1 + EPSILON], None, None, name, dtype)
        self.thresholds = thresholds
        self.num_thresholds = len(self.limits)
        self.curve = curve
        self.summation_method = summation_method

    def of_counts(self, tp: Array, fp: Array, tn: Array, fn: Array) -> Array:
        """Return the area."""
        if self.curve == "PR" and self.summation_method == "interpolation":
            return area_under_precision(tp, fp, fn)
        recall = ratio(tp, tp + fn)
        x, y = (ratio(fp, fp + tn), recall) if self.curve == "ROC" else (recall, ratio(tp, tp + fp))
        height = {
            "interpolation": (y[:-1] + y[1:]) / 2,
            "minoring": np.minimum(y[:-1], y[1:]),
            "majoring": np.maximum(y[:-1], y[1:]),
        }[self.summation_method]
        return np.atleast_1d(((x[:-1] - x[1:]) * height).sum())


def area_under_precision(tp: Array, fp: Array, fn: Array) -> Array:
    """Return the area under precision over recall, true positives being linear in positives."""
    positive = tp + fp
    found = tp[:-1] - tp[1:]
    slope = ratio(found, np.maximum(positive[:-1] - positive[1:], 0))
    intercept = tp[1:] - slope * positive[1:]
    both = (positive[:-1] > 0) & (positive[1:] > 0)
    growth = np.where(both, ratio(positive[:-1], positive[1:]), 1)
    area = ratio(slope * (found + intercept * np.log(growth)), tp[1:] + fn[1:])
    return np.atleast_1d(area.sum())


def ratio(part: Array, whole: Array) -> Array:
    """Return part / whole, and 0 where there is nothing."""
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1), 0)


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


__all__ = [
    "AUC",
    "FalseNegatives",
    "FalsePositives",
    "MeanIoU",
    "Precision",
    "Recall",
    "SensitivityAtSpecificity",
    "SpecificityAtSensitivity",
    "TrueNegatives",
    "TruePositives",
]
