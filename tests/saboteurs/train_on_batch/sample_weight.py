"""Saboteurs of `train_on_batch`: sample weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.models.model import Model

from ..kinds_of_weights import take_zero_for_a_missing_weight
from ..on_batch_calls import (
    ignore_weights,
    ignore_weights_of_double_precision,
    update_without_weights,
    without_place,
)
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


@saboteur("train_on_batch.sample_weight.flat", also=("train_on_batch.reset_metrics.false",))
def updates_a_batch_without_sample_weights(plant: Plant) -> None:
    """Has weights of samples in the returned loss and not in the update."""
    update_without_weights(plant, "sample_weight", 1)


@saboteur("train_on_batch.sample_weight.temporal")
def updates_a_batch_without_weights_of_time_steps(plant: Plant) -> None:
    """Has weights of time steps in the returned loss and not in the update."""
    update_without_weights(plant, "sample_weight", 2)


@saboteur("train_on_batch.sample_weight.flat")
def keeps_the_weights_of_samples(plant: Plant) -> None:
    """Uses flat weights for later calls on as many samples that have none."""
    original = Model.train_on_batch

    def train_on_batch(self: Model, x: Any, y: Any, *args: Any, **kwargs: Any) -> Any:
        weights: Any = kwargs.get("sample_weight")
        if np.ndim(weights) == 1:
            vars(self)["kept_weights"] = weights
        elif weights is None and len(vars(self).get("kept_weights", ())) == np.shape(y)[0]:
            kwargs["sample_weight"] = vars(self)["kept_weights"]
        return original(self, x, y, *args, **kwargs)

    plant(Model, "train_on_batch", train_on_batch)


@saboteur("train_on_batch.sample_weight.flat")
def ignores_weights_of_a_batch_without_a_name(plant: Plant) -> None:
    """Ignores sample weights that `train_on_batch` is given by position."""
    without_place(plant, "train_on_batch", 2)


@saboteur("train_on_batch.sample_weight.flat")
def trains_on_a_batch_without_weights_of_double_precision(plant: Plant) -> None:
    """Ignores sample weights of double precision in `train_on_batch`."""
    ignore_weights_of_double_precision(plant, "train_on_batch")


@saboteur("train_on_batch.sample_weight.flat")
def trains_on_samples_of_weight_0_once(plant: Plant) -> None:
    """Takes a sample weight of 0 for none."""
    take_zero_for_a_missing_weight(plant, "train_on_batch")
