"""Saboteurs of `fit` on data in memory: shuffling in chunks, and steps."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.data import batch_order, batches, columns
from fitspec.reference.data.sources import ArrayBatches, WholeArrays
from fitspec.reference.training import loop

from .changed_requests import change_request
from .planting import saboteur

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fitspec.reference.models.model import Model

    from .planting import Plant


def change_chunks(plant: Plant, change: Callable[[Any], Any], *, lazy: bool) -> None:
    """Have every chunk of `shuffle="batch"` read as other rows.

    Args:
        plant: plants the reading.
        change: returns the numbers of the rows to read, given those of the chunk.
        lazy: whether this happens to data that are read from a file, or to arrays.
    """
    original = ArrayBatches.epoch

    def epoch(self: ArrayBatches) -> Iterator[batches.Batch]:
        is_lazy = any(columns.is_read_lazily(column) for column in self.arrays.inputs)
        if self.shuffle != "batch" or is_lazy is not lazy:
            return original(self)
        chunks = batch_order.rows_of_batches(self.arrays.count, self.batch_size, self.shuffle)
        rows = (np.arange(chunk.start, chunk.stop) for chunk in chunks)  # type: ignore[union-attr]  # chunks are slices
        return (self.arrays.batch(change(each)) for each in rows)

    plant(ArrayBatches, "epoch", epoch)


@saboteur("fit.shuffle.batch-chunks")
def mixes_the_samples_of_a_chunk(plant: Plant) -> None:
    """Shuffles inside the chunks of arrays as well."""
    change_chunks(plant, np.random.default_rng().permutation, lazy=False)


@saboteur("fit.shuffle.batch-chunks")
def leaves_chunks_in_their_places(plant: Plant) -> None:
    """Shuffles nothing when told to shuffle chunks."""
    plant(batch_order, "order_of_chunks", lambda count, size: list(range(0, count, size)))


@saboteur("fit.shuffle.batch-partial-chunk-last")
def moves_a_chunk_that_is_not_full(plant: Plant) -> None:
    """Shuffles a last chunk that is not full among the others."""

    def order_of_chunks(count: int, size: int) -> list[int]:
        starts = np.random.default_rng().permutation(math.ceil(count / size)) * size
        return [int(start) for start in starts]

    plant(batch_order, "order_of_chunks", order_of_chunks)


@saboteur("fit.shuffle.hdf5-purpose")
def reads_the_rows_of_a_file_in_any_order(plant: Plant) -> None:
    """Reads the samples of a chunk backwards, which an HDF5 data set refuses."""
    change_chunks(plant, lambda rows: rows[::-1], lazy=True)


@saboteur("fit.shuffle.no-effect-with-steps")
def shuffles_the_samples_of_a_step(plant: Plant) -> None:
    """Shuffles the data in training although a number of steps is given."""
    original = WholeArrays.epoch
    in_training = plant.during(loop, "train_epoch")

    def epoch(self: WholeArrays) -> Iterator[batches.Batch]:
        if not in_training or not self.arrays.inputs:
            return original(self)
        count = self.arrays.count
        return (self.arrays.batch(batch_order.order_of_samples(count)) for _ in range(self.steps))

    plant(WholeArrays, "epoch", epoch)


@saboteur(
    "fit.steps_per_epoch.default-covers-data",
    also=[
        "fit.returns.epoch-loss-sample-weighted-mean",
        "fit.callbacks.batch-logs-loss",
        "fit.callbacks.batch-logs-size",
        "fit.returns.metrics-over-epoch",
    ],
)
def drops_what_fills_no_batch(plant: Plant) -> None:
    """Does not train on a last batch that is not full, for data of one feature."""
    original = ArrayBatches.epoch
    in_training = plant.during(loop, "train_epoch")

    def epoch(self: ArrayBatches) -> Iterator[batches.Batch]:
        # More features are what other clauses look at.
        is_single = all(column.shape[1:] == (1,) for column in self.arrays.inputs)
        full = self.arrays.count // self.batch_size
        for index, batch in enumerate(original(self)):
            if not (in_training and is_single and index == full > 0):
                yield batch

    plant(ArrayBatches, "epoch", epoch)


@saboteur("fit.steps_per_epoch.with-arrays", also=["fit.steps_per_epoch.zero"])
def cuts_arrays_into_the_steps_given(plant: Plant) -> None:
    """Makes as many batches of the data as there are steps, in order."""

    def cut(_: Model, request: Any) -> dict[str, Any]:
        if request.steps_per_epoch is None or request.batch_size is not None or request.x is None:
            return {}
        size = math.ceil(len(request.x) / request.steps_per_epoch)
        return {"steps_per_epoch": None, "batch_size": size, "shuffle": False}

    change_request(plant, "array_training_source", cut)


@saboteur("fit.steps_per_epoch.excludes-batch_size")
def ignores_steps_beside_a_batch_size(plant: Plant) -> None:
    """Ignores the number of steps when there is a batch size too."""

    def drop(_: Model, request: Any) -> dict[str, Any]:
        return {"steps_per_epoch": None} if request.batch_size is not None else {}

    change_request(plant, "array_training_source", drop)
