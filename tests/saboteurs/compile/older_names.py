"""Saboteurs of `compile`: names of losses and metrics that are older than others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference import losses, metrics

from ..planting import saboteur

if TYPE_CHECKING:
    from ..planting import Plant


def _is_older(name: object) -> bool:
    parts = ("divergence", "cosine", "logcosh", "huber")
    return isinstance(name, str) and any(part in name for part in parts)


@saboteur("compile.loss.older-names")
def knows_losses_by_short_names(plant: Plant) -> None:
    """Knows no loss by a name with "divergence", "cosine", "logcosh" or "huber" in it."""
    original = losses.resolve

    def resolve(identifier: object) -> object:
        return original("nope" if _is_older(identifier) else identifier)

    plant(losses, "resolve", resolve)


@saboteur("compile.metrics.older-names")
def knows_metrics_by_short_names(plant: Plant) -> None:
    """Knows no metric by a name with "divergence", "cosine", "logcosh" or "huber" in it."""
    original = metrics.resolve

    def resolve(identifier: object, *more: Any) -> object:
        return original("nope" if _is_older(identifier) else identifier, *more)

    plant(metrics, "resolve", resolve)
