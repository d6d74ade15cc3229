"""Saboteurs of `train_on_batch`: sample weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..on_batch_calls import ignore_weights, update_without_weights
from ..planting import saboteur

if TYPE_CHECKING:
    from ..planting import Plant


@saboteur("train_on_batch.sample_weight.flat", also=["compile.weighted_metrics.by-sample-weight"])
def trains_on_a_batch_without_sample_weights(plant: Plant) -> None:
    """Ignores the weights of samples in `train_on_batch`."""
    ignore_weights(plant, "train_on_batch", 1)


@saboteur("train_on_batch.sample_weight.temporal", also=["compile.weighted_metrics.temporal"])
def trains_on_a_batch_without_weights_of_time_steps(plant: Plant) -> None:
    """Ignores the weights of time steps in `train_on_batch`."""
    ignore_weights(plant, "train_on_batch", 2)


@saboteur("train_on_batch.sample_weight.flat")
def updates_a_batch_without_sample_weights(plant: Plant) -> None:
    """Has weights of samples in the returned loss and not in the update."""
    update_without_weights(plant, "sample_weight", 1)


@saboteur("train_on_batch.sample_weight.temporal")
def updates_a_batch_without_weights_of_time_steps(plant: Plant) -> None:
    """Has weights of time steps in the returned loss and not in the update."""
    update_without_weights(plant, "sample_weight", 2)
