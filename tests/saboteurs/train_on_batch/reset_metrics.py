"""Saboteurs of `train_on_batch`: whether metrics accumulate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.models.model import Model
from fitspec.reference.training import loop

from ..on_batch_calls import (
    change_call,
    change_default,
    reset_afterwards,
    reset_the_first_metric,
    without_place,
)
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


@saboteur("train_on_batch.reset_metrics.true", also=["test_on_batch.reset_metrics"])
def forgets_the_first_metric_alone(plant: Plant) -> None:
    """Resets the first metric before a batch, and lets the others go on."""
    reset_the_first_metric(plant)


@saboteur("train_on_batch.reset_metrics.true")
def goes_on_with_metrics_unless_told_otherwise(plant: Plant) -> None:
    """Lets the metrics of `train_on_batch` go on where nothing is said, whatever it shows."""
    change_default(plant, "train_on_batch", reset_metrics=False)


@saboteur("train_on_batch.reset_metrics.false", also=["test_on_batch.reset_metrics"])
def goes_on_with_the_first_metric_alone(plant: Plant) -> None:
    """Resets all metrics but the first before every batch."""
    original = loop.single_step

    def single_step(model: Any, step: Any, batch: Any, *, reset: bool) -> list[float]:
        for metric in model.plan.all_metrics[1:]:
            metric.reset_states()
        return original(model, step, batch, reset=reset)

    plant(loop, "single_step", single_step)


@saboteur("train_on_batch.reset_metrics.false")
def always_resets_metrics_without_a_name(plant: Plant) -> None:
    """Ignores `reset_metrics` that `train_on_batch` is given by position."""
    without_place(plant, "train_on_batch", 4, default=True)


@saboteur("train_on_batch.reset_metrics.false")
def forgets_weighted_metrics_beside_sample_weights(plant: Plant) -> None:
    """Has weighted metrics begin anew where samples have weights, whatever it is told."""
    original = Model.train_on_batch

    def train_on_batch(self: Model, *data: Any, **named: Any) -> Any:
        if named.get("sample_weight") is not None:
            for output in self.plan.outputs:
                for metric in output.weighted_metrics:
                    metric.reset_states()
        return original(self, *data, **named)

    plant(Model, "train_on_batch", train_on_batch)
