"""`fit_generator`: the processes that make batches."""

from __future__ import annotations

from fitspec.conformance.arrangements.compiled import small_model
from fitspec.conformance.arrangements.numbered_batches import (
    counting_model,
    numbered,
    trained_items,
)
from fitspec.conformance.arrangements.producers import ARRIVALS, arrival
from fitspec.conformance.arrangements.stream_ends import left_by_training, remainders
from fitspec.conformance.arrangements.streaming import (
    FIT_GENERATOR,
    ITEM,
    PATIENCE,
    PROCESSES,
    asked_of,
    places,
    read,
)
from fitspec.conformance.checks import (
    Build,
    Generator,
    Recorder,
    clause,
    expect,
    outcome,
    recognise,
)
from fitspec.conformance.vocabulary.probes import SequenceOf, StartMethod, until
from fitspec.conformance.worker.remote import RemoteError


def _started_afresh(build: Build) -> None:
    """Have processes started afresh, not as copies of the one that trains."""
    small_model(build).held(StartMethod("spawn"))


@clause("fit_generator.use_multiprocessing.generator-duplicates", seconds=15)
def test_two_processes_on_a_plain_generator(build: Build) -> None:
    """Whether two processes each run a copy of a generator: its first item waits for another."""
    meet = {0: until("pull", 2, within=PATIENCE)}
    source = Generator(numbered(16), waits=meet, repeats=False)
    model, recorder = counting_model(build, 16), Recorder(weights=True)

    try:
        result = FIT_GENERATOR(
            model, source, 4, callbacks=[recorder], max_queue_size=2, **PROCESSES
        )
    except RemoteError as error:
        seen: object = error.classes[0]
    else:
        first = trained_items(result, recorder)[0][:2]
        warned = any("UserWarning" in kind for kind, _ in result.warnings)
        where = places(result.events.by(source).of("pull"), result.events.by(recorder))
        seen = {
            "trained on first": "item 0 twice" if first == [0, 0] else "items 0 and 1",
            "made in": where,
            "warns": warned,
        }

    twice = {"trained on first": "item 0 twice", "made in": ["another process"]}
    once = {"trained on first": "items 0 and 1", "made in": ["another process"]}
    ways: dict[str, object] = {
        "each process gives every item, after a warning": {**twice, "warns": True},
        "each process gives every item, without a warning": {**twice, "warns": False},
        "each item comes once, from a process": {**once, "warns": False},
        "each item comes once, from a process, after a warning": {**once, "warns": True},
        "each item comes once, from a thread": {
            **once,
            "made in": ["another thread"],
            "warns": False,
        },
        "it raises a ValueError": "ValueError",
    }
    in_a_thread = outcome(FIT_GENERATOR, small_model(build), Generator([ITEM]), 2)
    recognise(
        {"with processes": seen, "in a thread": in_a_thread},
        {words: {"with processes": way, "in a thread": "returned"} for words, way in ways.items()},
    )


@clause("fit_generator.use_multiprocessing.single-process", seconds=15)
def test_one_process_gives_each_item_of_a_generator_once(build: Build) -> None:
    """One worker process runs the generator, and its items are trained on in order."""
    source = Generator(numbered(16), repeats=False)
    model, recorder = counting_model(build, 16), Recorder(weights=True)

    result = FIT_GENERATOR(
        model, source, 4, callbacks=[recorder], max_queue_size=2, use_multiprocessing=True
    )

    asked = result.events.by(source).of("pull")
    expect(
        {
            "made in": places(asked, result.events.by(recorder)),
            "processes": len({event.pid for event in asked}),
            "trained on": trained_items(result, recorder),
        },
        equals={
            "made in": ["another process"],
            "processes": 1,
            "trained on": [[0, 1, 2, 3]],
        },
        otherwise={
            "a thread runs it": {
                "made in": ["another thread"],
                "processes": 1,
                "trained on": [[0, 1, 2, 3]],
            },
        },
    )


@clause("fit_generator.use_multiprocessing.picklable", seconds=10)
def test_a_generator_for_a_process_that_is_started_afresh(build: Build) -> None:
    """A generator cannot be pickled: to have one run by a fresh process raises."""
    _started_afresh(build)

    ended = {
        name: outcome(FIT_GENERATOR, small_model(build), Generator([ITEM]), 2, **arguments)
        for name, arguments in {"a thread": {}, "a process": {"use_multiprocessing": True}}.items()
    }

    seen = {name: "it trains" if end == "returned" else "it raises" for name, end in ended.items()}
    expect(
        seen,
        equals={"a thread": "it trains", "a process": "it raises"},
        otherwise={"it trains": dict.fromkeys(seen, "it trains")},
    )


@clause("fit_generator.use_multiprocessing.unpicklable-sequence", seconds=10)
def test_a_sequence_that_cannot_be_pickled(build: Build) -> None:
    """What comes of a Sequence that cannot be sent to a process that is started afresh."""
    _started_afresh(build)
    source = SequenceOf([ITEM] * 3, picklable=False)

    events, error = read(FIT_GENERATOR, small_model(build), source, **PROCESSES)

    in_a_thread = outcome(FIT_GENERATOR, small_model(build), source)
    if error is None:
        seen = "none" if asked_of(source, events) else "it was not read"
    else:
        seen = "its own" if "this Sequence cannot be pickled" in error.message else "another"
    ways = {
        "it raises, and says why pickling failed": "its own",
        "it raises, and does not say why pickling failed": "another",
        "it trains all the same": "none",
    }
    recognise(
        {"with processes": seen, "in a thread": in_a_thread},
        {words: {"with processes": way, "in a thread": "returned"} for words, way in ways.items()},
    )


@clause("fit_generator.use_multiprocessing.started-afresh", seconds=30)
def test_a_sequence_for_processes_that_are_started_afresh(build: Build) -> None:
    """What comes of a Sequence that can be pickled, and processes that are started afresh."""
    _started_afresh(build)
    source, recorder = SequenceOf(numbered(4)), Recorder(weights=True)
    model = counting_model(build, 4)

    result = FIT_GENERATOR(model, source, callbacks=[recorder], shuffle=False, **PROCESSES)

    asked = result.events.by(source).of("get_item")
    recognise(
        {
            "made in": places(asked, result.events.by(recorder)),
            "trained on": trained_items(result, recorder),
        },
        {
            "they make its batches": {
                "made in": ["another process"],
                "trained on": [[0, 1, 2, 3]],
            },
            "its batches are made in the process that trains": {
                "made in": ["another thread"],
                "trained on": [[0, 1, 2, 3]],
            },
        },
    )


@clause("fit_generator.use_multiprocessing.exception", seconds=15)
def test_an_exception_in_a_worker_process(build: Build) -> None:
    """How an exception that `__getitem__` raises in a worker process reaches the caller."""
    source = SequenceOf([ITEM] * 3, raises_at=1)

    arrived = arrival(small_model(build), FIT_GENERATOR, source, shuffle=False, **PROCESSES)

    recognise(arrived, ARRIVALS)


@clause("fit_generator.use_multiprocessing.killed", seconds=45)
def test_a_worker_process_that_is_killed(build: Build) -> None:
    """What comes of a worker process that is killed, as by a machine that is out of memory."""
    source, recorder = SequenceOf(numbered(4), kills_at=1), Recorder(weights=True)
    model = counting_model(build, 4)

    try:
        result = FIT_GENERATOR(model, source, callbacks=[recorder], shuffle=False, **PROCESSES)
    except RemoteError as error:
        seen: object = "raises" if 1 in asked_of(source, error.events) else "nothing was killed"
    else:
        seen = trained_items(result, recorder)[0]

    recognise(
        seen,
        {
            "it raises": "raises",
            "its item is made again by another, and training goes on": [0, 1, 2, 3],
            "its item is left out, and training goes on": [0, 2, 3],
        },
    )


@clause("fit_generator.use_multiprocessing.left-behind", seconds=20)
def test_processes_that_are_left_behind(build: Build) -> None:
    """Whether worker processes still run when `fit_generator` has returned or raised."""
    seen = left_by_training(build, "processes", [SequenceOf], use_multiprocessing=True)

    recognise(seen, remainders("processes"))
