"""How generators and Sequences are read: what the checks of several methods arrange alike."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.conformance.arrangements.compiled import Build, small_model
from fitspec.conformance.arrangements.taken import one_epoch, taken
from fitspec.conformance.claims.expect import expect
from fitspec.conformance.vocabulary.probes import Generator, Recorder, SequenceOf, until
from fitspec.conformance.vocabulary.samples import column
from fitspec.conformance.worker.remote import NotOffered, RemoteError

if TYPE_CHECKING:
    from fitspec.conformance.vocabulary.probes import Source
    from fitspec.conformance.worker.remote import Events, Model, Result

#: How long no further item must be drawn, in s, for the producer to count as held back.
QUIET = 0.15
#: How long a slow consumer waits at most for items to be drawn ahead of it, in s.
PATIENCE = 4.0

#: A batch of one sample.
ITEM = column(1), column(0)
#: The arguments for processes that make batches.
PROCESSES = {"workers": 2, "use_multiprocessing": True}


@dataclass(frozen=True)
class Reader:
    """A method that reads generators and Sequences.

    Args:
        method: its name.
        stage: what it does with batches: ``train``, ``test`` or ``predict``.
        steps: its argument that says how many.
    """

    method: str
    stage: str
    steps: str = "steps"

    def __call__(
        self, model: Model, source: Source, steps: int | None = None, **arguments: Any
    ) -> Result:
        """Have `model` read `source`."""
        count = {} if steps is None else {self.steps: steps}
        given = {**count, **one_epoch(self.method), **arguments}
        result: Result = getattr(model, self.method)(source, **given)
        return result

    def hook(self, point: str) -> str:
        """Return its hook at the ``begin`` or ``end`` of a batch."""
        return f"{self.stage}_batch_{point}"


class Validating(Reader):
    """A method that validates on what it reads, after each epoch of one batch to train on."""

    def __call__(
        self, model: Model, source: Source, steps: int | None = None, **arguments: Any
    ) -> Result:
        """Have `model` validate on `source`."""
        count = {} if steps is None else {"validation_steps": steps}
        return super().__call__(
            model, Generator([ITEM]), 1, validation_data=source, **count, **arguments
        )


FIT = Reader("fit", "train", "steps_per_epoch")
FIT_VALIDATING = Validating("fit", "test", "steps_per_epoch")
FIT_GENERATOR = Reader("fit_generator", "train", "steps_per_epoch")
FIT_GENERATOR_VALIDATING = Validating("fit_generator", "test", "steps_per_epoch")
EVALUATE = Reader("evaluate", "test")
EVALUATE_GENERATOR = Reader("evaluate_generator", "test")
PREDICT = Reader("predict", "predict")
PREDICT_GENERATOR = Reader("predict_generator", "predict")


def read(
    reader: Reader, model: Model, source: Source, steps: int | None = None, **arguments: Any
) -> tuple[Events, RemoteError | None]:
    """Have a model read `source`; return what probes saw, and what was raised."""
    try:
        return reader(model, source, steps, **arguments).events, None
    except RemoteError as error:
        return error.events, error


def on_each_thread(build: Build) -> dict[str, dict[str, Any]]:
    """Return the arguments that have `fit_generator` read in the background and on the main thread.

    The latter only where they are taken, which is for `fit_generator.workers.zero-main-thread`.
    """
    ways: dict[str, dict[str, Any]] = {"in the background": {}}
    on_main = {"workers": 0}
    try:
        FIT_GENERATOR(small_model(build), Generator([ITEM]), 1, **on_main)
    except (RemoteError, NotOffered):
        return ways
    return {**ways, "on the main thread": on_main}


def readable(build: Build, reader: Reader, items: list[Any]) -> list[Any]:
    """Return items of inputs and targets as a method takes them.

    To predict, those are the inputs alone where targets may not come along, which is a clause of
    its own.
    """
    if reader.stage != "predict" or taken(reader, small_model(build), Generator(items), 1):
        return items
    return [inputs for inputs, _ in items]


def asked_of(source: Source, events: Events) -> list[int | None]:
    """Return the indices of the items that `source` was asked for."""
    return events.by(source).of("pull", "get_item").indices


# --- what callbacks hear ----------------------------------------------------------------------


def events_of_each_source(build: Build, reader: Reader) -> dict[str, Events]:
    """Return what the second of two callbacks sees of two batches, from each source, by one model.

    The batches are 1 and 2, and then 3 and 4.

    Arrays are one of them where the method takes arrays; the others are then left out if they are
    not taken, which is another clause.
    """
    pairs = [(column(*values), column(0, 0)) for values in ((1, 2), (3, 4))]
    x, y = (np.concatenate(parts) for parts in zip(*pairs, strict=True))
    items = readable(build, reader, pairs)
    data = (x,) if reader.stage == "predict" else (x, y)
    model = small_model(build, 2.0)

    def heard(*args: Any, **arguments: Any) -> Events:
        recorder = Recorder()
        method = getattr(model, reader.method)
        result: Result = method(*args, callbacks=[Recorder(), recorder], **arguments)
        return result.events.by(recorder)

    takes_arrays = "generator" not in reader.method
    seen = {"arrays": heard(*data, batch_size=2)} if takes_arrays else {}
    # Arrays in other forms, or beside weights, where these are taken.
    forms: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
        "a list": (([x], *data[1:]), {}),
        "a dict": (({"x": x}, *data[1:]), {}),
        "arrays with weights": (data, {"sample_weight": np.ones(4, np.float32)}),
    }
    for name, (given, weights) in forms.items() if takes_arrays else ():
        with contextlib.suppress(NotOffered, RemoteError):
            seen[name] = heard(*given, batch_size=2, **weights)
    steps = {reader.steps: 2}
    streams: dict[str, tuple[Source, dict[str, int]]] = {
        "a generator": (Generator(items), steps),
        "a Sequence": (SequenceOf(items), {}),
        "a Sequence with steps": (SequenceOf([*items, *items]), steps),
    }
    for name, (source, arguments) in streams.items():
        with contextlib.suppress(*(NotOffered, RemoteError) if takes_arrays else ()):
            seen[name] = heard(source, **arguments)
    return seen


def hooks_in_each_source(build: Build, reader: Reader) -> dict[str, Any]:
    """Return which hooks are called with two batches from each source, and how these count on."""
    return {
        source: {
            "hooks": events.kinds,
            "batches": from_the_first(events.of(reader.hook("end")).indices),
        }
        for source, events in events_of_each_source(build, reader).items()
    }


def from_the_first(indices: list[int | None]) -> list[int | None]:
    """Return how far each number is from the first: where counting begins is left open."""
    first = next((index for index in indices if index is not None), 0)
    return [None if index is None else index - first for index in indices]


# --- how far ahead ----------------------------------------------------------------------------


#: Items that a source still has beyond those that a queue of the allowed size lets out.
_BEYOND = 20
#: What `ahead` says where as much is drawn ahead as is allowed.
FULL = "as many as the queue holds"
#: What `beyond` says where no more is drawn ahead than is allowed.
WITHIN = "no more than the queue holds"
#: What `ahead` says where no callback was called at the first batch.
UNTOLD = "nobody was told of the first batch"


def lead(
    build: Build, reader: Reader, kind: type[Source], size: int, **arguments: Any
) -> int | None:
    """Return how many items are begun ahead of a model that is slow with its first batch.

    The source ends some way behind the bound, so that a producer without one comes to rest too.

    Args:
        build: builds a model.
        reader: who reads.
        kind: `Generator` or `SequenceOf`.
        size: of the queue. As many items are waited for, and then no longer than for more to come.
        arguments: of the method.

    Returns:
        The number; None if no callback was called at the first batch.
    """
    items = readable(build, reader, [ITEM]) * (size + _BEYOND)
    source: Source
    if kind is Generator:
        source, asked = Generator(items, repeats=False), "pull"
    else:
        source, asked = SequenceOf(items), "get_item"
    full = until(asked, size + 1, of=source, within=PATIENCE, quiet=QUIET)
    slow = Recorder(waits={(reader.hook("begin"), 0): full})

    # All that the source has, but for what a generator must not be asked for. More than the queue
    # holds: nobody stops because no more is needed.
    steps = size + _BEYOND // 2 if kind is Generator else len(items)
    result = reader(small_model(build), source, steps, callbacks=[slow], **arguments)

    events = [(event.kind, event.probe) for event in result.events]
    if ("came", slow.key) not in events:
        return None
    return events[: events.index(("came", slow.key))].count((asked, source.key)) - 1


def ahead(
    build: Build, reader: Reader, size: int, kind: type[Source] = Generator, **arguments: Any
) -> str:
    """Say how many items are begun ahead of a model that is slow with its first batch.

    Args:
        build: builds a model.
        reader: who reads.
        size: of the queue, as documented or as given in `arguments`.
        kind: `Generator` or `SequenceOf`.
        arguments: of the method, with one worker.

    Returns:
        `FULL`, where the producer may hold one more that does not fit; or that it is more or fewer.
    """
    items = lead(build, reader, kind, size, **arguments)
    if items is None:
        return UNTOLD
    if size <= items <= size + 1:
        return FULL
    return f"{'more' if items > size else 'fewer'} than the queue holds"


# --- where ------------------------------------------------------------------------------------


def where_generator_runs(build: Build, reader: Reader, **arguments: Any) -> tuple[list[str], str]:
    """Return where a generator of which 3 batches are used runs, and how many more it gave."""
    source = Generator(readable(build, reader, [ITEM]))
    recorder = Recorder()
    result = reader(small_model(build), source, 3, callbacks=[recorder], **arguments)
    pulls = result.events.by(source).of("pull")
    return places(pulls, result.events.by(recorder)), beyond(3, len(pulls))


def beyond(used: int, drawn: int) -> str:
    """Say how many items were drawn ahead of those that were used, with the queue of 10.

    A generator that runs on the main thread may be asked for some ahead as well: documents say
    where it runs, and how large the queue is at most.
    """
    if drawn < used:
        return "fewer than are used"
    return WITHIN if drawn <= used + 10 else "more than the queue holds"


def in_halves(x: Any, y: Any) -> SequenceOf:
    """Return a Sequence of two batches that together are `x` and `y`."""
    middle = len(x) // 2
    return SequenceOf([(x[:middle], y[:middle]), (x[middle:], y[middle:])])


def where_sequence_is_read(build: Build, reader: Reader, **arguments: Any) -> list[str]:
    """Return where the items of a Sequence of 3 batches are made."""
    source = SequenceOf(readable(build, reader, [ITEM]) * 3)
    recorder = Recorder()
    result = reader(small_model(build), source, callbacks=[recorder], **arguments)
    return places(result.events.by(source).of("get_item"), result.events.by(recorder))


def places(events: Events, of_callback: Events) -> list[str]:
    """Return where events happened: on the main thread, another thread, in another process.

    Args:
        events: whose places are asked for.
        of_callback: what a callback saw, which runs where the model does.
    """
    home = {event.pid for event in of_callback}
    if not home:
        return ["a place unknown"]
    found = {
        "another process"
        if event.pid not in home
        else "the main thread"
        if event.main_thread
        else "another thread"
        for event in events
    }
    return sorted(found)


def expect_documented_reading(build: Build, reader: Reader) -> None:
    """Claim that queue, workers and processes are used as documented, and as by default.

    Raises:
        ExpectationFell: they are not.
    """
    by_default, _ = where_generator_runs(build, reader)
    without_workers = where_generator_runs(build, reader, workers=0)
    seen = {
        "runs by default": by_default,
        "runs without workers": without_workers[0],
        "ahead without workers": without_workers[1],
        "a Sequence is read by default": where_sequence_is_read(build, reader),
        "with processes": where_sequence_is_read(build, reader, use_multiprocessing=True),
        "ahead by default": ahead(build, reader, 10),
        "ahead in a queue of 2": ahead(build, reader, 2, max_queue_size=2),
        "ahead in a Sequence by default": ahead(build, reader, 10, SequenceOf),
        "ahead in a Sequence with a process and a queue of 2": ahead(
            build, reader, 2, SequenceOf, max_queue_size=2, use_multiprocessing=True
        ),
    }

    expect(
        seen,
        equals={
            "runs by default": ["another thread"],
            "runs without workers": ["the main thread"],
            "ahead without workers": WITHIN,
            "a Sequence is read by default": ["another thread"],
            "with processes": ["another process"],
            "ahead by default": FULL,
            "ahead in a queue of 2": FULL,
            "ahead in a Sequence by default": FULL,
            "ahead in a Sequence with a process and a queue of 2": FULL,
        },
    )
