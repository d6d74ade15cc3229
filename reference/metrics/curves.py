"""Metrics made of right and wrong predictions at many thresholds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from fitspec.reference.metrics.confusion import EPSILON, Confusion, ratio

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.reference.tensor.array_library import Array

__all__ = ["AUC", "SensitivityAtSpecificity", "SpecificityAtSensitivity"]


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
        # Two that are as near stay so in single precision, as Keras has them: the first counts.
        at = int(np.abs(others.astype("float32") - np.float32(self.goal)).argmin())
        return values[at : at + 1]


class SensitivityAtSpecificity(AtBest, named=True):
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


class SpecificityAtSensitivity(AtBest, named=True):
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


class AUC(Confusion, named=True):
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
