"""Batches from data sets and loaders of other libraries."""

from __future__ import annotations

import contextlib
import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from fitspec.reference.data import iterables, sources

if TYPE_CHECKING:
    from collections.abc import Generator

    from fitspec.reference.data.batches import Batch
    from fitspec.reference.data.sources import Source, Workers


def iterable_source(  # noqa: PLR0913 - what it takes to read data
    x: Any, steps: int | None, what: str, workers: Workers, convert: Any, *, anew: bool
) -> Source:
    """Return the batches of an object that can be iterated anew.

    One worker reads, as an iteration cannot be divided.

    Args:
        x: Gives the items.
        steps: Number of batches of an epoch, None if not given.
        what: The name of that argument, for messages.
        workers: Who reads.
        convert: Turns an item into a batch.
        anew: Whether every epoch starts at the first batch.

    Raises:
        ValueError: It has no end and comes without a number of steps.

    """
    if steps is None and iterables.is_endless(x):
        raise ValueError(f"{what} must be given with data that have no end")

    def convert_item(item: object) -> Batch:
        batch: Batch = convert(iterables.uncollated(item) if iterables.is_loader(x) else item)
        return batch

    workers = replace(workers, count=min(workers.count, 1))
    if steps is None or anew:
        return IterableBatches(x, steps, workers, convert_item)
    return sources.IteratorBatches(iterables.passes_of(x), steps, workers, convert_item)


@dataclass
class IterableBatches(sources.StreamBatches):
    """Takes batches from an object that can be iterated anew, such as a data set or a loader.

    Every epoch is a new iteration. It ends where the iteration ends, or after an explicit number of
    steps, for which one pass follows another.
    """

    def __post_init__(self) -> None:
        """Count the batches: the explicit number, the length of a pass, or None if unknown."""
        self._steps = self.steps
        if self._steps is None:
            self.steps = iterables.length_of_pass(self.data)

    def epoch(self) -> Generator[Batch]:
        """Give the batches of a new iteration."""
        passes = (
            iterables.one_pass(self.data) if self._steps is None else iterables.passes_of(self.data)
        )
        first = itertools.islice(passes, self._steps)
        with contextlib.closing(sources.drawn(first, self.workers)) as items:
            for item in items:
                yield self.convert(item)
