"""Saboteurs of `fit`: shuffling in chunks of the size of a batch, and of files."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.data import batch_order, batches, columns, random_source
from fitspec.reference.data.sources import ArrayBatches

from ..changed_requests import change_request
from ..planting import saboteur

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..planting import Plant


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
    change_chunks(plant, random_source.generator().permutation, lazy=False)


@saboteur("fit.shuffle.batch-chunks")
def leaves_chunks_in_their_places(plant: Plant) -> None:
    """Shuffles nothing when told to shuffle chunks."""
    plant(batch_order, "order_of_chunks", lambda count, size: list(range(0, count, size)))


@saboteur("fit.shuffle.batch-chunks")
def shuffles_chunks_alike_in_every_epoch(plant: Plant) -> None:
    """Uses one order of the chunks for all epochs."""

    def order_of_chunks(count: int, size: int) -> list[int]:
        full = np.random.default_rng(1).permutation(count // size) * size
        return [*full.tolist(), *range(count - count % size, count, size)]

    plant(batch_order, "order_of_chunks", order_of_chunks)


@saboteur("fit.shuffle.batch-partial-chunk-last")
def moves_a_chunk_that_is_not_full(plant: Plant) -> None:
    """Shuffles a last chunk that is not full among the others."""

    def order_of_chunks(count: int, size: int) -> list[int]:
        starts = random_source.generator().permutation(math.ceil(count / size)) * size
        return [int(start) for start in starts]

    plant(batch_order, "order_of_chunks", order_of_chunks)


@saboteur("fit.shuffle.hdf5-purpose")
def reads_the_rows_of_a_file_in_any_order(plant: Plant) -> None:
    """Reads the samples of a chunk backwards, which an HDF5 data set refuses."""
    change_chunks(plant, lambda rows: rows[::-1], lazy=True)


@saboteur("fit.shuffle.hdf5-purpose")
def shuffles_the_rows_of_a_file_in_memory(plant: Plant) -> None:
    """Loads the data sets of a file as a whole and shuffles their rows one by one."""
    original = ArrayBatches.epoch

    def epoch(self: ArrayBatches) -> Iterator[batches.Batch]:
        arrays = self.arrays
        if self.shuffle == "batch" and columns.is_read_lazily(arrays.inputs[0]):
            inputs: list[Any] = [column[:] for column in arrays.inputs]
            targets: list[Any] = [column[:] for column in arrays.targets if column is not None]
            arrays = replace(arrays, inputs=inputs, targets=targets)
            return original(replace(self, arrays=arrays, shuffle=True))
        return original(self)

    plant(ArrayBatches, "epoch", epoch)


@saboteur("fit.shuffle.hdf5", also=["fit.validation_split.hdf5"])
def reads_shuffled_rows_in_order(plant: Plant) -> None:
    """Reads shuffled rows of an HDF5 file in their order there, and puts them back."""
    original = batches.scattered

    def scattered(column: Any, rows: Any, port: Any) -> Any:
        if isinstance(column, np.ndarray):
            return original(column, rows, port)
        return column[np.sort(rows)][np.argsort(np.argsort(rows))]

    plant(batches, "scattered", scattered)


@saboteur("fit.shuffle.batch-chunks")
def leaves_the_first_chunk_in_its_place(plant: Plant) -> None:
    """Moves all chunks of the size of a batch but the first."""
    original = batch_order.order_of_chunks

    def order_of_chunks(count: int, batch_size: int) -> list[int]:
        return [0, *(start for start in original(count, batch_size) if start)]

    plant(batch_order, "order_of_chunks", order_of_chunks)


@saboteur("fit.shuffle.batch-chunks")
def moves_chunks_in_pairs(plant: Plant) -> None:
    """Moves chunks two by two, where their number is even."""
    original = batch_order.order_of_chunks

    def order_of_chunks(count: int, batch_size: int) -> list[int]:
        pair = 2 * batch_size
        if count % pair:
            return original(count, batch_size)
        return [at for start in original(count, pair) for at in (start, start + batch_size)]

    plant(batch_order, "order_of_chunks", order_of_chunks)


@saboteur("fit.shuffle.batch-chunks")
def shuffles_samples_in_place_of_chunks_beside_a_split(plant: Plant) -> None:
    """Shuffles single samples, not chunks, where samples are set apart."""

    def change(_: Any, request: Any) -> dict[str, object]:
        split = request.validation_split and request.shuffle == "batch"
        return {"shuffle": True} if split else {}

    change_request(plant, "array_training_source", change)
