"""Metrics that are, or are made of, one of the four counts of right and wrong predictions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.reference.metrics.base import CLASSES
from fitspec.reference.metrics.confusion import Confusion, ratio

if TYPE_CHECKING:
    from fitspec.reference.metrics.confusion import Thresholds
    from fitspec.reference.tensor.array_library import Array

__all__ = ["FalseNegatives", "FalsePositives", "Recall", "TrueNegatives", "TruePositives"]


@CLASSES.known()
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


@CLASSES.known()
class TruePositives(Count):
    """How many positive predictions have target 1."""

    position = 0


@CLASSES.known()
class FalsePositives(Count):
    """How many positive predictions have target 0."""

    position = 1


@CLASSES.known()
class TrueNegatives(Count):
    """How many negative predictions have target 0."""

    position = 2


@CLASSES.known()
class FalseNegatives(Count):
    """How many negative predictions have target 1."""

    position = 3
