"""How a generator or Sequence is read, and what becomes of its end and of odd items."""

from __future__ import annotations

import contextlib
import itertools
import queue
import random
import sys
import threading
from typing import TYPE_CHECKING, Any

from fitspec.adapters.reference.deviations.planting import deviation, instead_of
from fitspec.reference.api import arguments, calls
from fitspec.reference.data import columns, feeding, prefetch, sources
from fitspec.reference.training import loop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: How often the thread that reads looks whether a pass was used up, or the call has ended, in s.
POLL_SECONDS = 0.01
#: How long it waits before it tells the Sequence of the end of a pass: a call ends sooner.
WAIT_SECONDS = 0.05


class Passes:
    """Reads a Sequence pass after pass, ahead of need, in a thread that lasts for a whole call.

    A pass begins once the one before it was used up, whatever the number of steps of an epoch, and
    the thread tells the Sequence in between.

    Args:
        source: says how it is read.
    """

    def __init__(self, source: Any) -> None:
        self.ended = threading.Event()
        self._source = source
        self._stopped = threading.Event()
        self._readers: queue.Queue[Any] = queue.Queue()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        workers, sequence = self._source.workers, self._source.data
        while not self._stopped.is_set():
            order = list(range(len(sequence)))
            if self._source.shuffle:
                random.shuffle(order)
            reads: list[Any] = [prefetch.ItemsAt(sequence, order)] * workers.count
            positions = prefetch.positions_when_free(workers.count, len(order))
            reader = prefetch.OrderedReader(reads, positions, workers.max_queue_size)
            used_up = threading.Event()
            self._readers.put((reader, len(order), used_up))
            while not used_up.wait(POLL_SECONDS) and not self._stopped.is_set():
                pass
            reader.close()
            if self._stopped.wait(WAIT_SECONDS):
                return
            sequence.on_epoch_end()
            self.ended.set()

    def __iter__(self) -> Iterator[Any]:
        while True:
            reader, count, used_up = self._readers.get()
            for position in range(count):
                item = next(reader)
                if position == count - 1:
                    used_up.set()
                yield item

    def close(self) -> None:
        """Stop reading."""
        self._stopped.set()
        self._thread.join(prefetch.JOIN_SECONDS)


def endlessly(sequence: Any) -> Iterator[Any]:
    """Give the items of a Sequence in order, again and again."""
    while True:
        yield from (sequence[index] for index in range(len(sequence)))


def epoch_of_passes(original: Callable[..., Any], source: Any) -> Iterator[Any]:
    """Give the next batches of the passes, as many as an epoch has."""
    if source.workers.processes:
        yield from original(source)
        return
    if not hasattr(source, "passes"):
        source.passes = Passes(source) if source.workers.count else None
        source.items = iter(source.passes or endlessly(source.data))
    for _ in range(source.steps):
        yield source.convert(next(source.items))


def end_of_passes(original: Callable[..., Any], source: Any) -> None:
    """Tell the Sequence where no thread does, or wait for the one that does, unless it is over."""
    if vars(source).get("is_last", lambda: False)():
        return
    if source.workers.processes or not (source.workers.count or source.anew):
        original(source)
    elif source.workers.count and source._steps is None and not source.anew:
        source.passes.ended.wait()
        source.passes.ended.clear()
    if source._steps is None:
        source.steps = len(source.data)


@deviation("sequences-are-read-in-passes")
def sequences_are_read_in_passes() -> None:
    """Read a Sequence pass after pass through a whole call; shuffle in the background alone."""
    instead_of(sources.SequenceBatches, "epoch")(epoch_of_passes)
    instead_of(sources.SequenceBatches, "end_epoch")(end_of_passes)

    @instead_of(sources.SequenceBatches, "close")
    def close(original: Callable[..., Any], self: Any) -> None:
        if getattr(self, "passes", None) is not None:
            self.passes.close()
        original(self)

    @instead_of(loop, "train")
    def train(original: Callable[..., Any], model: Any, source: Any, *args: Any) -> None:
        vars(source)["is_last"] = lambda: model.stop_training
        original(model, source, *args)


class Ended(Exception):  # noqa: N818  it is no error of ours
    """A generator ended, on the way to whoever called."""


@deviation("the-end-of-a-generator-reaches-the-caller")
def the_end_of_a_generator_reaches_the_caller() -> None:
    """Leave a call by StopIteration where a generator ends before the last step."""

    @instead_of(sources.IteratorBatches, "epoch")
    def epoch(original: Callable[..., Any], self: Any) -> Iterator[Any]:
        del original  # it refuses
        for _ in range(self.steps):
            try:
                item = next(self._items)
            except StopIteration as end:
                raise Ended from end
            yield self.convert(item)

    for method in ("fit", "evaluate", "predict"):

        @instead_of(calls, method)
        def call(original: Callable[..., Any], *args: Any) -> Any:
            try:
                return original(*args)
            except Ended:
                raise StopIteration from None


@deviation("nothing-to-train-on-has-no-next-batch")
def nothing_to_train_on_has_no_next_batch() -> None:
    """Leave fit by StopIteration where there is not one batch."""

    @instead_of(columns, "number_of_samples")
    def samples(original: Callable[..., Any], what: str, each: Any, own: int) -> Any:
        if each and not any(len(column) for column in each):
            raise Ended(what)
        return original(what, each, own)

    @instead_of(sources, "number_of_batches")
    def batches(original: Callable[..., Any], sequence: Any) -> Any:
        if not len(sequence):
            raise Ended(sequence)
        return original(sequence)

    @instead_of(calls, "fit")
    def fit(original: Callable[..., Any], *args: Any) -> Any:
        try:
            return original(*args)
        except Ended:
            raise StopIteration from None


@deviation("none-is-left-out-in-the-background")
def none_is_left_out_in_the_background() -> None:
    """Take no notice of items that are None, but on the main thread."""

    @instead_of(sources, "drawn")
    def drawn(original: Callable[..., Any], iterator: Any, workers: Any) -> Iterator[Any]:
        with contextlib.closing(original(iterator, workers)) as items:
            for item in items:
                if item is not None or not workers.count:
                    yield item


@deviation("items-are-taken-by-their-length")
def items_are_taken_by_their_length() -> None:
    """Take whatever has a length of 2 or 3 for inputs, targets and weights."""

    @instead_of(feeding, "parts_of")
    def parts(original: Callable[..., Any], item: Any) -> Any:
        if not hasattr(item, "__len__") or len(item) not in (2, 3):
            return original(item)
        x, y, weights = item if len(item) == 3 else (*item, None)
        if x is not None and len(x):
            first = x[0] if isinstance(x, list) else x
            _size = (next(iter(x.values())) if isinstance(x, dict) else first).shape[0]
        return x, y, weights


@deviation("a-queue-of-no-size-has-no-limit")
def a_queue_of_no_size_has_no_limit() -> None:
    """Take a max_queue_size of 0 for none."""

    @instead_of(arguments, "workers_of")
    def workers_of(original: Callable[..., Any], workers: Any, size: Any, processes: Any) -> Any:
        return original(workers, size or sys.maxsize, processes)


@deviation("several-threads-draw-from-a-generator")
def several_threads_draw_from_a_generator() -> None:
    """Have as many threads call next() as there are workers, at a time."""

    @instead_of(sources, "drawn")
    def drawn(original: Callable[..., Any], iterator: Any, workers: Any) -> Iterator[Any]:
        if workers.count < 2 or workers.processes:
            yield from original(iterator, workers)
            return
        reads: list[Any] = [prefetch.NextOf(iterator)] * workers.count
        positions: list[Iterator[int]] = [itertools.count()] * workers.count
        reader = prefetch.OrderedReader(reads, positions, workers.max_queue_size)
        with contextlib.closing(reader) as items:
            try:
                yield from iter(items)
            except ValueError as error:
                if "generator already executing" in str(error):
                    raise RuntimeError("the generator is not thread-safe") from error
                raise


@deviation("arrays-are-validated-in-batches-of-the-last-item")
def arrays_are_validated_in_batches_of_the_last_item() -> None:
    """Cut arrays that a generator or Sequence is validated on like the last item trained on."""

    @instead_of(loop, "train")
    def train(original: Callable[..., Any], model: Any, source: Any, *args: Any) -> None:
        vars(model).pop("last_size", None)
        if isinstance(source, sources.StreamBatches):
            convert = source.convert

            def noted(item: object) -> Any:
                batch = convert(item)
                vars(model)["last_size"] = batch.size
                return batch

            source.convert = noted
        original(model, source, *args)

    @instead_of(loop, "validate")
    def validate(original: Callable[..., Any], model: Any, validation: Any, *args: Any) -> Any:
        if "last_size" in vars(model) and isinstance(validation.source, sources.ArrayBatches):
            validation.source.batch_size = vars(model)["last_size"]
        return original(model, validation, *args)
