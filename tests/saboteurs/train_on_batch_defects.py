"""Saboteurs of `train_on_batch`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.models.model import Model

from .planting import saboteur

if TYPE_CHECKING:
    from .planting import Plant


@saboteur("train_on_batch.single-update")
def splits_a_batch_into_batches_of_32(plant: Plant) -> None:
    """Makes an update for every 32 samples of the batch."""
    original = Model.train_on_batch

    def train_on_batch(self: Model, x: Any, y: Any, *args: Any, **kwargs: Any) -> Any:
        if not isinstance(x, np.ndarray) or not isinstance(y, np.ndarray):
            return original(self, x, y, *args, **kwargs)
        starts = range(0, len(x), 32)
        losses = [
            original(self, x[at : at + 32], y[at : at + 32], *args, **kwargs) for at in starts
        ]
        return losses[-1]

    plant(Model, "train_on_batch", train_on_batch)


@saboteur("train_on_batch.loss-before-update")
def returns_the_loss_after_the_update(plant: Plant) -> None:
    """Returns the loss of the updated weights where it is alone and nothing is weighted."""
    original = Model.train_on_batch

    def train_on_batch(self: Model, x: Any, y: Any, *args: Any, **kwargs: Any) -> Any:
        value = original(self, x, y, *args, **kwargs)
        # Weights and metrics are what other clauses are about.
        return value if kwargs or isinstance(value, list) else self.test_on_batch(x, y)

    plant(Model, "train_on_batch", train_on_batch)


@saboteur("train_on_batch.class_weight")
def trains_on_a_batch_without_class_weights(plant: Plant) -> None:
    """Ignores class weights in `train_on_batch`."""
    original = Model.train_on_batch

    def train_on_batch(self: Model, *args: Any, **kwargs: Any) -> Any:
        return original(self, *args, **{**kwargs, "class_weight": None})

    plant(Model, "train_on_batch", train_on_batch)


@saboteur("train_on_batch.equals-fit-step")
def trains_more_slowly_with_every_call(plant: Plant) -> None:
    """Halves the learning rate after every call."""
    original = Model.train_on_batch

    def train_on_batch(self: Model, *args: Any, **kwargs: Any) -> Any:
        value = original(self, *args, **kwargs)
        self.optimizer.learning_rate /= 2
        return value

    plant(Model, "train_on_batch", train_on_batch)
