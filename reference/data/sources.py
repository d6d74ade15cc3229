"""Where the batches of an epoch come from."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fitspec.reference.data import batch_order, iterables, prefetch, random_source, worker_processes
from fitspec.reference.data.sequence import Sequence

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from fitspec.reference.data.batches import Batch, Samples


class Source:
    """Gives the batches of one epoch after another.

    Attributes:
        samples: Number of samples of an epoch, None if unknown.
        steps: Number of batches of the first epoch, None if unknown.

    """

    samples: int | None = None
    steps: int | None

    def epoch(self) -> Generator[Batch]:
        """Give the batches of the next epoch."""
        raise NotImplementedError

    def end_epoch(self) -> None:
        """Note that an epoch of training, or a validation, has ended."""

    def close(self) -> None:
        """Stop what still runs in the background between epochs."""


@dataclass
class ArrayBatches(Source):
    """Cuts arrays into batches."""

    arrays: Samples
    batch_size: int
    shuffle: bool | str

    def __post_init__(self) -> None:
        """Count samples and batches, the last one included."""
        self.samples = self.arrays.count
        self.steps = batch_order.number_of_batches(self.arrays.count, self.batch_size)

    def epoch(self) -> Generator[Batch]:
        """Give the batches, in a new order every time if shuffled (`fit.shuffle.each-epoch`)."""
        for rows in batch_order.rows_of_batches(self.arrays.count, self.batch_size, self.shuffle):
            yield self.arrays.batch(rows)


@dataclass
class WholeArrays(Source):
    """Gives all data as one batch, in every step (`fit.steps_per_epoch.with-arrays`)."""

    arrays: Samples
    steps: int

    def epoch(self) -> Generator[Batch]:
        """Give all samples, in order, `steps` times (`fit.shuffle.no-effect-with-steps`)."""
        for _ in range(self.steps):
            yield self.arrays.whole()


@dataclass(frozen=True)
class Workers:
    """How a generator, Sequence or other iterable is read.

    Attributes:
        count: Maximum number of threads or processes; 0 for the main thread.
        max_queue_size: How many items may wait, at least 1 unless `count` is 0: a queue that holds
            nothing would let nothing through, and one without a bound would fill the memory.
        processes: Whether other processes do the work instead of threads.

    """

    count: int
    max_queue_size: int
    processes: bool


def drawn(iterator: Iterator[object], workers: Workers) -> Generator[object]:
    """Draw from an iterator as its workers demand, beginning with the first item.

    The iterator is not closed at the end, and belongs again to whoever made it. What workers have
    drawn ahead by then is lost (`fit_generator.max_queue_size.bounds-prefetch`).
    """
    with contextlib.ExitStack() as at_the_end:
        items = iterator
        # fit.workers.zero-main-thread, fit_generator.workers.zero-main-thread,
        # evaluate.workers.zero-main-thread
        if workers.count:
            limit = workers.max_queue_size
            items = reader = (
                worker_processes.copies_of(iterator, workers.count, limit)
                # fit.use_multiprocessing.true-child-process, evaluate.use_multiprocessing
                if workers.processes
                else prefetch.BackgroundIterator(iterator, limit)
            )
            at_the_end.callback(reader.close)
        for item in items:  # noqa: UP028 - `yield from` closes what it draws from
            yield item


@dataclass
class StreamBatches(Source):
    """Makes batches of what a generator, Sequence or other iterable gives.

    Attributes:
        data: What gives items.
        steps: Number of batches of an epoch, None if not given.
        workers: Who reads.
        convert: Turns an item into a batch.

    """

    data: Any
    steps: int | None
    workers: Workers
    convert: Callable[[object], Batch]


@dataclass
class IteratorBatches(StreamBatches):
    """Takes batches from a generator, which goes on from epoch to epoch."""

    steps: int

    def __post_init__(self) -> None:
        """Draw on from epoch to epoch."""
        self._items = drawn(self.data, self.workers)

    def epoch(self) -> Generator[Batch]:
        """Give the next `steps` batches (`fit_generator.generator.continues-across-epochs`)."""
        # fit.steps_per_epoch.ends-epoch, fit_generator.epoch-ends-after-steps,
        # fit_generator.generator.loops-forever: no item is drawn after the last
        for step in range(self.steps):
            try:
                item = next(self._items)
            except StopIteration:
                raise ValueError(
                    f"generator: it ended after {step} batches of an epoch of {self.steps}; "
                    "a generator must go on for as long as it is asked"
                ) from None
            yield self.convert(item)

    def close(self) -> None:
        """Stop drawing in the background."""
        self._items.close()


@dataclass
class SequenceBatches(StreamBatches):
    """Takes batches from a Sequence.

    Without an explicit number of steps an epoch is one pass. With one, it is the next so many
    batches of passes that follow each other, or the first so many if every epoch starts anew.
    """

    shuffle: bool
    anew: bool

    def __post_init__(self) -> None:
        """Count the batches: the explicit number, or the length of the Sequence."""
        # fit_generator.steps_per_epoch.explicit-beats-len,
        # fit_generator.steps_per_epoch.sequence-len
        self._steps, length = self.steps, number_of_batches(self.data)
        self.steps = length if self._steps is None else self._steps
        self._position = 0

    def epoch(self) -> Generator[Batch]:
        """Give the batches of the next epoch, in order, whoever reads them."""
        with contextlib.closing(self._items(self._indices())) as items:
            for item in items:
                yield self.convert(item)

    def _indices(self) -> list[int]:
        length = number_of_batches(self.data)
        if self._steps is None:
            return order_of_batches(length, shuffle=self.shuffle)
        # fit_generator.shuffle.no-effect-with-steps,
        # fit_generator.validation_steps.sequence-explicit
        indices = continued_indices(self._position, self._steps, length)
        if not self.anew:
            self._position += self._steps
        return indices

    def _items(self, indices: list[int]) -> Generator[object]:
        if not self.workers.count:  # fit.workers.zero-main-thread
            # fit_generator.shuffle.with-workers-zero: the order is the one for any reader
            return (self.data[index] for index in indices)
        read = (
            worker_processes.items_in_order
            if self.workers.processes  # fit.use_multiprocessing.true-child-process
            else prefetch.items_in_order
        )
        return read(self.data, indices, self.workers.count, self.workers.max_queue_size)

    def end_epoch(self) -> None:
        """Tell the Sequence (`fit_generator.sequence.on_epoch_end`)."""
        self.data.on_epoch_end()


def order_of_batches(length: int, *, shuffle: bool) -> list[int]:
    """Return the indices of one pass over a Sequence (`fit_generator.shuffle.batch-order`)."""
    if shuffle:
        return list(random_source.generator().permutation(length).tolist())
    return list(range(length))  # fit_generator.sequence.order-guarantee


def continued_indices(position: int, steps: int, length: int) -> list[int]:
    """Return the next indices of passes that follow each other.

    See `fit_generator.sequence.short-epoch-continuation`.
    """
    return [index % length for index in range(position, position + steps)]


def number_of_batches(sequence: Sequence) -> int:
    """Return the length of a Sequence.

    Raises:
        ValueError: It is empty.

    """
    length = len(sequence)
    if not length:
        raise ValueError(f"the Sequence ({type(sequence).__name__}) has no batches")
    return length


def yields_batches(x: object) -> bool:
    """Whether `x` gives batches, one after another, rather than being arrays."""
    return is_sequence(x) or hasattr(x, "__next__") or iterables.is_iterable(x)


def is_sequence(x: object) -> bool:
    """Whether `x` is a Sequence, or an object with its three methods."""
    return isinstance(x, Sequence) or all(
        hasattr(x, method) for method in ("__getitem__", "__len__", "on_epoch_end")
    )
