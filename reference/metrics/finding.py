"""Finding metrics by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.reference import losses
from fitspec.reference.config import lookup
from fitspec.reference.metrics.averages import FunctionMetric
from fitspec.reference.metrics.base import CLASSES, FUNCTIONS, Metric
from fitspec.reference.metrics.suited import ACCURACIES, CROSSENTROPIES, SuitedMetric

if TYPE_CHECKING:
    from fitspec.reference.losses import Loss

__all__ = ["resolve"]


def resolve(identifier: object, loss: Loss | None, what: str = "metrics") -> Metric:
    """Find a metric.

    Args:
        identifier: A name, what was saved of a metric, a function of targets and predictions, or a
            `Metric`.
        loss: The loss of the output the metric is attached to.
        what: The argument's name, for messages.

    Raises:
        ValueError: It is none of these (`compile.metrics.invalid-ValueError`).

    """
    if isinstance(identifier, Metric):
        return identifier
    if isinstance(identifier, str) and identifier in ACCURACIES + CROSSENTROPIES:
        return SuitedMetric(identifier, loss)
    found = lookup.find(what, identifier, {**losses.FUNCTIONS, **FUNCTIONS, **CLASSES})
    if isinstance(found, Metric):
        return found
    return FunctionMetric(found, identifier if isinstance(identifier, str) else None)
