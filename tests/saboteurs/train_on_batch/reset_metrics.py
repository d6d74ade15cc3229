"""Saboteurs of `train_on_batch`: whether metrics accumulate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..on_batch_calls import change_call, reset_afterwards
from ..planting import saboteur

if TYPE_CHECKING:
    from ..planting import Plant


@saboteur("train_on_batch.reset_metrics.true")
def forgets_metrics_after_training_on_a_batch(plant: Plant) -> None:
    """Resets metrics after `train_on_batch` and not before it."""
    reset_afterwards(plant, "train_on_batch")


@saboteur("train_on_batch.reset_metrics.false")
def forgets_metrics_whenever_it_trains_on_a_batch(plant: Plant) -> None:
    """Resets metrics in `train_on_batch` though it was told not to."""

    def reset(*args: Any, **named: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return args, {**named, "reset_metrics": True}

    change_call(plant, "train_on_batch", reset)
