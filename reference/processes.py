"""Batches prepared in other processes while the model works."""

from __future__ import annotations

import contextlib
import multiprocessing
import pickle
import queue
import warnings
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator
    from multiprocessing.process import BaseProcess

    from fitspec.reference.sequence import Sequence

    Channel: TypeAlias = tuple[BaseProcess, Any]
    """A process, and the queue in which its items come."""

ITEM, FAILURE, END = "item", "failure", "end"

LOOK_SECONDS = 0.2
"""How often a consumer that waits looks whether the process is still there."""


class ProcessIterator:
    """Draws items in processes, one per iterable, and takes them from each in turn.

    Every process gets a copy of its iterable, and what happens to the copy is not seen here. Where
    processes are forked nothing is pickled on the way; otherwise the iterables must be picklable.

    Args:
        iterables: What each process iterates over.
        max_queue_size: How many items may wait, all processes together.

    """

    def __init__(self, iterables: list[Iterable[object]], max_queue_size: int) -> None:
        context = multiprocessing.get_context()
        share = max(1, max_queue_size // len(iterables))
        self._channels: deque[Channel] = deque()
        self._started: list[Channel] = []
        try:
            for iterable in iterables:
                items = context.Queue(share)
                process = context.Process(target=draw, args=(iterable, items), daemon=True)
                start(process)
                self._started.append((process, items))
        except BaseException:
            self.close()
            raise
        self._channels.extend(self._started)

    def __iter__(self) -> Iterator[object]:
        return self

    def __next__(self) -> object:
        while self._channels:
            kind, content = received(self._channels[0])
            if kind == END:
                self._channels.popleft()
                continue
            if kind == FAILURE:
                raise pickle.loads(content)  # noqa: S301 - comes from our own process
            self._channels.rotate(-1)
            return pickle.loads(content)  # noqa: S301 - comes from our own process
        raise StopIteration

    def close(self) -> None:
        """End all processes; items that wait are lost."""
        for process, items in self._started:
            process.terminate()
            process.join()
            items.close()
        self._started.clear()


def start(process: BaseProcess) -> None:
    """Start a process."""
    with warnings.catch_warnings():
        # Python warns of forking beside threads. Those of array libraries expect it.
        warnings.simplefilter("ignore", DeprecationWarning)
        process.start()


def received(channel: Channel) -> tuple[str, bytes]:
    """Wait for the next message of a process.

    Raises:
        RuntimeError: The process is gone without a word.

    """
    process, items = channel
    while True:
        alive = process.is_alive()
        with contextlib.suppress(queue.Empty):
            message: tuple[str, bytes] = items.get(timeout=LOOK_SECONDS)
            return message
        if not alive:
            raise RuntimeError(
                f"a worker process ended unexpectedly, with exit code {process.exitcode}"
            )


def draw(iterable: Iterable[object], items: Any) -> None:
    """Send all items, and then how it ended. Runs in the other process."""
    try:
        for item in iterable:
            # Pickled here rather than by the queue, which would lose what cannot be pickled.
            items.put((ITEM, pickle.dumps(item)))
        items.put((END, b""))
    except Exception as failure:  # noqa: BLE001 - raised again in the process that waits
        items.put((FAILURE, portable(failure)))


def portable(failure: Exception) -> bytes:
    """Pickle an exception, or one that says the same if it cannot be pickled."""
    try:
        content = pickle.dumps(failure)
        pickle.loads(content)  # noqa: S301 - just made here
    except Exception:  # noqa: BLE001 - whatever is wrong with it
        content = pickle.dumps(RuntimeError(f"{type(failure).__name__}: {failure}"))
    return content


@dataclass(frozen=True)
class Part:
    """Some items of a Sequence."""

    sequence: Sequence
    indices: list[int]

    def __iter__(self) -> Iterator[object]:
        return (self.sequence[index] for index in self.indices)


def items_in_order(
    sequence: Sequence, indices: list[int], workers: int, max_queue_size: int
) -> Generator[object]:
    """Read items of a Sequence in several processes, and give them in the order asked for.

    See `fit_generator.sequence.order-guarantee`.
    """
    count = max(1, min(workers, len(indices)))
    # Process k reads every count-th index, so that taking from each in turn restores the order.
    parts: list[Iterable[object]] = [Part(sequence, indices[k::count]) for k in range(count)]
    with contextlib.closing(ProcessIterator(parts, max_queue_size)) as items:
        yield from items


def copies_of(iterator: Iterator[object], workers: int, max_queue_size: int) -> ProcessIterator:
    """Draw from copies of a generator, one per process.

    See `fit_generator.use_multiprocessing.generator-duplicates`.
    """
    if workers > 1:
        warnings.warn(
            f"use_multiprocessing with {workers} workers draws every item of a generator "
            f"{workers} times; a Sequence is read once",
            UserWarning,
            stacklevel=2,
        )
    return ProcessIterator([iterator] * workers, max_queue_size)
