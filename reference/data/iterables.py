"""Objects that can be iterated anew: data sets and loaders of other libraries.

They are known by what they can do, so that none of those libraries is needed here.
"""

from __future__ import annotations

import contextlib
import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from fitspec.reference.data import sources

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

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
    if steps is None and is_endless(x):
        raise ValueError(f"{what} must be given with data that have no end")

    def convert_item(item: object) -> Batch:
        batch: Batch = convert(uncollated(item) if is_loader(x) else item)
        return batch

    workers = replace(workers, count=min(workers.count, 1))
    if steps is None or anew:
        return IterableBatches(x, steps, workers, convert_item)
    return sources.IteratorBatches(passes_of(x), steps, workers, convert_item)


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
            self.steps = length_of_pass(self.data)

    def epoch(self) -> Generator[Batch]:
        """Give the batches of a new iteration."""
        passes = one_pass(self.data) if self._steps is None else passes_of(self.data)
        first = itertools.islice(passes, self._steps)
        with contextlib.closing(sources.Drawing(first, self.workers)) as items:
            for item in items:
                yield self.convert(item)


def one_pass(iterable: Iterable[object]) -> Generator[object]:
    """Iterate anew.

    Raises:
        ValueError: Nothing comes of it.

    """
    item = nothing = object()
    for item in iterable:
        yield item
    if item is nothing:
        raise ValueError(f"the data ({type(iterable).__name__}) have no batches")


def passes_of(iterable: Iterable[object]) -> Generator[object]:
    """Iterate anew, again and again."""
    while True:
        yield from one_pass(iterable)


def length_of_pass(iterable: Any) -> int | None:
    """Return the number of items of an iteration, None if it is unknown."""
    try:
        return len(iterable)
    except (TypeError, NotImplementedError):  # no length, or none that is known
        return None


def is_endless(iterable: Any) -> bool:
    """Whether an iteration says that it has no end, as a `tf.data` data set can."""
    return hasattr(iterable, "cardinality") and int(iterable.cardinality()) == -1


def is_loader(iterable: object) -> bool:
    """Whether items are collated as by PyTorch's `DataLoader`."""
    return hasattr(iterable, "collate_fn")


def uncollated(item: object) -> object:
    """Return an item of a loader as the tuple that its data set gave: collating made it a list."""
    return tuple(item) if isinstance(item, list) else item
