"""The queue: items prepared in threads while the model works."""

from __future__ import annotations

import contextlib
import itertools
import threading
import time
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from fitspec.reference.data.sequence import Sequence

    Read: TypeAlias = Callable[[int], object]
    """Returns the item at a position; raises StopIteration where there is none."""

THREAD_NAME = "fitspec-worker"

JOIN_SECONDS = 5.0
"""How long closing waits for threads that are in the middle of an item."""


class Prefetched(NamedTuple):
    """What came of reading one item: the item, or an exception."""

    item: object = None
    failure: BaseException | None = None


class OrderedReader:
    """Reads items in threads, ahead of need, and gives them in the order of their positions.

    A thread takes a position, reads the item there, and holds it until the queue has room. So at
    most `max_queue_size` items wait and each thread holds one more: never more than
    `max_queue_size + number of threads` items have been begun that nobody has taken, with one
    thread `max_queue_size + 1` (`fit_generator.max_queue_size.bounds-prefetch`).

    An exception comes in the place of its item, after the items before it, and ends the reading;
    StopIteration does the same, which is how a generator ends. Threads start with the first item.

    Args:
        reads: One function per thread.
        positions: Per thread, where its positions come from; threads may share one source. All
            together give 0, 1, 2 ..., and the positions of one thread ascend.
        max_queue_size: How many items may wait.

    """

    def __init__(
        self, reads: list[Read], positions: list[Iterator[int]], max_queue_size: int
    ) -> None:
        self._limit = max_queue_size
        self._waiting: dict[int, Prefetched] = {}
        self._taken = 0
        self._closed = False
        self._changed = threading.Condition()
        self._shares = list(zip(reads, positions, strict=True))
        self._threads: list[threading.Thread] = []

    def __iter__(self) -> Iterator[object]:
        return self

    def __next__(self) -> object:
        self._start()
        with self._changed:
            self._changed.wait_for(lambda: self._taken in self._waiting)
            outcome = self._waiting[self._taken]  # fit_generator.workers.order-preserved
            if outcome.failure is not None:
                raise outcome.failure
            del self._waiting[self._taken]
            self._taken += 1
            self._changed.notify_all()
            return outcome.item

    def close(self) -> None:
        """Stop reading and wait for the threads; items that nobody has taken are lost."""
        self.stop()
        self.join()

    def stop(self) -> None:
        """Let no thread begin another item."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._changed.notify_all()

    def join(self) -> None:
        """Wait until the threads are out of the code that reads; nobody can break into that."""
        deadline = time.monotonic() + JOIN_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        if any(thread.is_alive() for thread in self._threads):
            warnings.warn(
                f"reading an item takes more than {JOIN_SECONDS:.0f} s; "
                "its thread ends with that item, not yet with this call",
                RuntimeWarning,
                stacklevel=2,
            )

    def _start(self) -> None:
        for share in self._shares[len(self._threads) :]:
            thread = threading.Thread(target=self._work, args=share, name=THREAD_NAME, daemon=True)
            thread.start()
            self._threads.append(thread)

    def _work(self, read: Read, positions: Iterator[int]) -> None:
        while (position := self._claim(positions)) is not None:
            if not self._deliver(position, prefetched(read, position)):
                return

    def _claim(self, positions: Iterator[int]) -> int | None:
        with self._changed:
            return None if self._closed else next(positions, None)

    def _deliver(self, position: int, outcome: Prefetched) -> bool:
        with self._changed:
            # Those that wait are the next `limit` ones that nobody has taken.
            self._changed.wait_for(lambda: self._closed or position < self._taken + self._limit)
            if self._closed:
                return False
            self._waiting[position] = outcome
            self._changed.notify_all()
            return outcome.failure is None


def prefetched(read: Read, position: int) -> Prefetched:
    """Read an item, and catch whatever is raised for the thread that waits."""
    try:
        return Prefetched(item=read(position))
    except BaseException as failure:  # noqa: BLE001 - raised again in the thread that waits
        return Prefetched(failure=failure)


@dataclass(frozen=True)
class ItemsAt:
    """Reads items of a Sequence, by their positions in a list of indices."""

    sequence: Sequence
    indices: list[int]

    def __call__(self, position: int) -> object:
        """Return the item at a position."""
        try:
            return self.sequence[self.indices[position]]
        except StopIteration as failure:
            # It would pass for an end, and the items after it would be lost without a word.
            raise RuntimeError("__getitem__ of a Sequence raised StopIteration") from failure


@dataclass(frozen=True)
class NextOf:
    """Draws from an iterator, whichever position is asked for."""

    iterator: Iterator[object]

    def __call__(self, _position: int) -> object:
        """Return the next item."""
        return next(self.iterator)


def positions_when_free(workers: int, count: int) -> list[Iterator[int]]:
    """Let each worker take the next of `count` positions when it is free, so that none idles."""
    positions = iter(range(count))
    return [positions] * workers


def positions_in_turn(workers: int) -> list[Iterator[int]]:
    """Let worker k take positions k, k + workers, k + 2 * workers ... without end."""
    return [itertools.count(worker, workers) for worker in range(workers)]


class BackgroundIterator(OrderedReader):
    """Draws items from an iterator in a thread of its own, ahead of need.

    One thread draws, however many workers are allowed: a plain generator cannot run twice at a
    time, and so each item comes once and in order. The iterator is never closed here: after
    `close` whoever owns it may go on drawing, behind the items that were drawn ahead.

    Args:
        iterator: Where items come from; touched by no other thread until `close`.
        max_queue_size: How many items may wait.

    """

    def __init__(self, iterator: Iterator[object], max_queue_size: int) -> None:
        super().__init__([NextOf(iterator)], positions_in_turn(1), max_queue_size)


def items_in_order(
    sequence: Sequence, indices: list[int], workers: int, max_queue_size: int
) -> Generator[object]:
    """Read items of a Sequence in several threads, and give them in the order asked for.

    Args:
        sequence: Where items come from.
        indices: Which items.
        workers: Number of threads.
        max_queue_size: How many items may wait.

    """
    # fit_generator.workers.upper-bound
    reads: list[Read] = [ItemsAt(sequence, indices)] * workers
    positions = positions_when_free(workers, len(indices))
    with contextlib.closing(OrderedReader(reads, positions, max_queue_size)) as items:
        for _ in indices:
            yield next(items)
