"""Batches prepared in the background while the model works."""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator
    from concurrent.futures import Future

    from fitspec.reference.sequence import Sequence

JOIN_SECONDS = 5.0
"""How long closing waits for a generator that is in the middle of an item."""


class BackgroundIterator:
    """Draws items from an iterator in a thread of its own, ahead of need.

    At most `max_queue_size` items wait; one more may be in the thread's hand. One thread draws,
    however many workers are allowed: a plain generator cannot run twice at a time, and so each item
    comes once and in order.

    Args:
        iterator: Where items come from; never touched by another thread from now on.
        max_queue_size: How many items may wait.

    """

    def __init__(self, iterator: Iterator[object], max_queue_size: int) -> None:
        self._iterator = iterator
        self._limit = max_queue_size
        self._waiting: deque[object] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._finished = False
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._draw, name="fitspec-worker", daemon=True)
        self._thread.start()

    def __iter__(self) -> Iterator[object]:
        return self

    def __next__(self) -> object:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._finished)
            if self._waiting:
                item = self._waiting.popleft()
                self._changed.notify_all()
                return item
            if self._failure is not None:
                raise self._failure
            raise StopIteration

    def close(self) -> None:
        """Stop drawing; items that wait are lost."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join(JOIN_SECONDS)

    def _draw(self) -> None:
        try:
            for item in self._iterator:
                if not self._put(item):
                    return
        except BaseException as failure:  # noqa: BLE001 - raised again in the thread that waits
            self._failure = failure
        finally:
            with self._changed:
                self._finished = True
                self._changed.notify_all()

    def _put(self, item: object) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._closed or len(self._waiting) < self._limit)
            if self._closed:
                return False
            self._waiting.append(item)
            self._changed.notify_all()
            return True


def items_in_order(
    sequence: Sequence, indices: Iterable[int], workers: int, max_queue_size: int
) -> Generator[object]:
    """Read items of a Sequence in several threads, and give them in the order asked for.

    Args:
        sequence: Where items come from.
        indices: Which items.
        workers: Number of threads (`fit_generator.workers.upper-bound`).
        max_queue_size: How many items may be read ahead.

    """
    with ThreadPoolExecutor(workers, thread_name_prefix="fitspec-worker") as pool:
        waiting: deque[Future[object]] = deque()
        try:
            for index in indices:
                if len(waiting) > max_queue_size:
                    yield waiting.popleft().result()
                waiting.append(pool.submit(sequence.__getitem__, index))
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
