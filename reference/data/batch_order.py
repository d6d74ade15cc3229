"""Which samples the batches of an epoch have, and in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.reference.data import random_source

if TYPE_CHECKING:
    from fitspec.reference.data.arrays import Array
    from fitspec.reference.data.batches import Rows


def rows_of_batches(count: int, batch_size: int, shuffle: bool | str) -> list[Rows]:
    """Return the rows of every batch of an epoch, in order.

    Args:
        count: Number of samples.
        batch_size: Number of samples of a batch; the last may have fewer
            (`fit.batch_size.last-batch-smaller`).
        shuffle: False, True, or "batch".

    """
    starts = range(0, count, batch_size)  # fit.epochs.whole-data-once
    if shuffle == "batch":
        return [chunk_at(start, count, batch_size) for start in order_of_chunks(count, batch_size)]
    if shuffle:
        order = order_of_samples(count)
        return [order[start : start + batch_size] for start in starts]
    # fit.shuffle.false-keeps-order
    return [chunk_at(start, count, batch_size) for start in starts]


def chunk_at(start: int, count: int, batch_size: int) -> slice:
    """Return up to `batch_size` consecutive rows."""
    return slice(start, min(start + batch_size, count))  # fit.batch_size.larger-than-n


def order_of_samples(count: int) -> Array:
    """Draw the order of an epoch's samples (`fit.shuffle.true-permutes-samples`)."""
    return random_source.generator().permutation(count)


def order_of_chunks(count: int, batch_size: int) -> list[int]:
    """Draw the order in which batch-sized chunks are read (`fit.shuffle.batch-chunks`).

    Returns:
        Where each starts.

    """
    # fit.shuffle.batch-partial-chunk-last
    complete = random_source.generator().permutation(count // batch_size) * batch_size
    partial = range(count - count % batch_size, count, batch_size)
    return [*complete.tolist(), *partial]


def number_of_batches(count: int, batch_size: int) -> int:
    """Return how many batches cover `count` samples (`fit.steps_per_epoch.default-covers-data`)."""
    return len(range(0, count, batch_size))
