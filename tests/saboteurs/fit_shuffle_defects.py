"""Saboteurs of `fit`: shuffling."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.data import batch_order, batches
from fitspec.reference.data.batches import Samples
from fitspec.reference.data.sources import ArrayBatches
from fitspec.reference.models.model import Model

from .planting import saboteur

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .planting import Plant


@saboteur(
    "fit.shuffle.default-true",
    also=[
        "fit.shuffle.sequence",
    ],
)
def shuffles_only_when_asked(plant: Plant) -> None:
    """Keeps the order of the samples unless `shuffle` is given."""
    original = Model.fit

    def fit(self: Model, *args: Any, **kwargs: Any) -> Any:
        return original(self, *args, **{"shuffle": False, **kwargs})

    plant(Model, "fit", fit)


@saboteur(
    "fit.shuffle.true-permutes-samples",
    also=(
        "fit.shuffle.hdf5",
        "fit.validation_split.hdf5",
    ),
)
def shuffles_whole_batches(plant: Plant) -> None:
    """Changes the order of the batches and leaves the samples in them together."""
    original = batch_order.rows_of_batches

    def rows_of_batches(count: int, batch_size: int, shuffle: Any) -> Any:
        return original(count, batch_size, "batch" if shuffle else False)

    plant(batch_order, "rows_of_batches", rows_of_batches)


@saboteur(
    "fit.shuffle.each-epoch",
    also=[
        "fit.shuffle.random-source",
    ],
)
def shuffles_every_epoch_alike(plant: Plant) -> None:
    """Uses one shuffled order for all epochs."""
    plant(
        batch_order, "order_of_samples", lambda count: np.random.default_rng(1).permutation(count)
    )


@saboteur("fit.shuffle.false-keeps-order")
def goes_to_and_fro_without_shuffling(plant: Plant) -> None:
    """Takes the whole batches in reverse in every second epoch without shuffling."""

    def epoch(self: ArrayBatches) -> Iterator[batches.Batch]:
        rows = batch_order.rows_of_batches(self.arrays.count, self.batch_size, self.shuffle)
        self.__dict__["turn"] = not self.__dict__.get("turn", True)
        if not self.shuffle and self.__dict__["turn"]:
            whole = self.arrays.count // self.batch_size
            rows[:whole] = rows[:whole][::-1]
        return (self.arrays.batch(each) for each in rows)

    plant(ArrayBatches, "epoch", epoch)


@saboteur("fit.shuffle.keeps-x-y-weights-aligned")
def reads_the_targets_of_a_batch_in_ascending_order(plant: Plant) -> None:
    """Sorts the rows of a shuffled batch before reading its targets, and not for its inputs."""
    original = Samples.batch

    def batch(self: Samples, rows: Any) -> batches.Batch:
        made = original(self, rows)
        # All samples in one batch are left alone: other clauses look at such batches.
        if isinstance(rows, slice) or len(rows) == self.count:
            return made
        return replace(made, targets=original(self, np.sort(rows)).targets)

    plant(Samples, "batch", batch)
