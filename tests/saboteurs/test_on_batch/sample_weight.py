"""Saboteurs of `test_on_batch`: sample weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..kinds_of_weights import take_zero_for_a_missing_weight
from ..on_batch_calls import ignore_weights, ignore_weights_of_double_precision, without_place
from ..planting import saboteur

if TYPE_CHECKING:
    from ..planting import Plant


@saboteur("test_on_batch.sample_weight.flat", also=["test_on_batch.equals-evaluate"])
def tests_a_batch_without_sample_weights(plant: Plant) -> None:
    """Ignores the weights of samples in `test_on_batch`."""
    ignore_weights(plant, "test_on_batch", 1)


@saboteur("test_on_batch.sample_weight.temporal")
def tests_a_batch_without_weights_of_time_steps(plant: Plant) -> None:
    """Ignores the weights of time steps in `test_on_batch`."""
    ignore_weights(plant, "test_on_batch", 2)


@saboteur("test_on_batch.sample_weight.flat")
def ignores_weights_of_a_tested_batch_without_a_name(plant: Plant) -> None:
    """Ignores sample weights that `test_on_batch` is given by position."""
    without_place(plant, "test_on_batch", 2)


@saboteur("test_on_batch.sample_weight.flat")
def tests_a_batch_without_weights_of_double_precision(plant: Plant) -> None:
    """Ignores sample weights of double precision in `test_on_batch`."""
    ignore_weights_of_double_precision(plant, "test_on_batch")


@saboteur("test_on_batch.sample_weight.flat")
def tests_samples_of_weight_0_once(plant: Plant) -> None:
    """Takes a sample weight of 0 for none."""
    take_zero_for_a_missing_weight(plant, "test_on_batch")
