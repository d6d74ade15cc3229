"""`fit_generator`: what the documents leave open about failures where batches are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.conformance.arrangements.numbered_batches import (
    counting_model,
    numbered,
    trained_items,
)
from fitspec.conformance.arrangements.producers import (
    ARRIVALS,
    arrival,
)
from fitspec.conformance.arrangements.streaming import FIT_GENERATOR, ITEM, PATIENCE, small_model
from fitspec.conformance.checks import Build, Generator, Recorder, clause, outcome, recognise
from fitspec.conformance.vocabulary.probes import SequenceOf, until
from fitspec.conformance.worker.remote import RemoteError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fitspec.conformance.vocabulary.probes import Source
    from fitspec.conformance.worker.remote import Model

PROCESSES = {"workers": 2, "use_multiprocessing": True}


def _alike(cases: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the known ways of an exception to the caller, the same in all cases."""
    cases = list(cases)
    return {words: dict.fromkeys(cases, said) for words, said in ARRIVALS.items()}


# --- exceptions where batches are made ---------------------------------------------------------


@clause("fit_generator.generator.exception", seconds=20)
def test_an_exception_in_a_generator(build: Build) -> None:
    """How an exception that a generator raises reaches the caller of `fit_generator`."""
    seen = {
        "on the main thread": arrival(
            small_model(build), FIT_GENERATOR, Generator([ITEM], raises_at=1), 3, workers=0
        ),
        "in a thread": arrival(
            small_model(build), FIT_GENERATOR, Generator([ITEM], raises_at=1), 3, workers=1
        ),
    }

    recognise(seen, _alike(seen))


@clause("fit_generator.sequence.exception", seconds=20)
def test_an_exception_in_a_sequence(build: Build) -> None:
    """How an exception that `__getitem__` raises reaches the caller of `fit_generator`."""
    seen = {
        f"{workers} workers": arrival(
            small_model(build),
            FIT_GENERATOR,
            SequenceOf([ITEM] * 3, raises_at=1),
            shuffle=False,
            workers=workers,
        )
        for workers in (0, 1, 2)
    }

    recognise(seen, _alike(seen))


@clause("fit_generator.use_multiprocessing.exception", seconds=15)
def test_an_exception_in_a_worker_process(build: Build) -> None:
    """How an exception that `__getitem__` raises in a worker process reaches the caller."""
    source = SequenceOf([ITEM] * 3, raises_at=1)

    arrived = arrival(small_model(build), FIT_GENERATOR, source, shuffle=False, **PROCESSES)

    recognise(arrived, ARRIVALS)


@clause("fit_generator.generator.exception-after-items", seconds=20)
def test_what_becomes_of_items_drawn_before_an_exception(build: Build) -> None:
    """Whether items that wait in the queue are trained on when the generator has failed."""
    source = Generator([ITEM], raises_at=3)
    failed = until("pull", 4, of=source, within=PATIENCE, quiet=0.1)
    slow = Recorder(waits={("train_batch_begin", 0): failed})

    try:
        events = FIT_GENERATOR(small_model(build), source, 6, callbacks=[slow]).events
    except RemoteError as error:
        events = error.events

    # Items 0, 1 and 2 were given before; item 0 is in training when item 3 fails.
    recognise(
        len(events.by(slow).of("train_batch_end")),
        {
            "they are trained on before it is raised": 3,
            "they are lost: it is raised after the batch in training": 1,
            "they are lost: it is raised before the batch in training": 0,
        },
    )


# --- processes that end ------------------------------------------------------------------------


@clause("fit_generator.use_multiprocessing.killed", seconds=45)
def test_a_worker_process_that_is_killed(build: Build) -> None:
    """What comes of a worker process that is killed, as by a machine that is out of memory."""
    source, recorder = SequenceOf(numbered(4), kills_at=1), Recorder(weights=True)
    model = counting_model(build, 4)

    try:
        result = FIT_GENERATOR(model, source, callbacks=[recorder], shuffle=False, **PROCESSES)
    except RemoteError:
        seen: object = "raises"
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


# --- what is left behind -----------------------------------------------------------------------


def _full_queue(source: Source, asked: str, error: str) -> Recorder:
    """Return a callback that raises at the first batch, once a queue of 2 is full."""
    begun = ("train_batch_begin", 0)
    full = until(asked, 3, of=source, within=PATIENCE)
    return Recorder(waits={begun: full}, raises_at=begun, error=error)


def _left(model: Model, what: str) -> bool:
    """Return whether ``threads`` or ``processes`` still run, after a time to end in."""
    return bool(model.background(within=2.0)[what])


def _left_behind(
    build: Build, what: str, kinds: Iterable[type[Source]], **arguments: object
) -> str:
    """Say when workers still run: when `fit_generator` has returned, when a callback has raised.

    Args:
        build: builds models.
        what: ``threads`` or ``processes``.
        kinds: of sources.
        arguments: of `fit_generator`.
    """
    left = set()
    for kind in kinds:
        for end in ("returned", "raised"):
            source, asked, steps = (
                (Generator([ITEM]), "pull", 6)
                if kind is Generator
                else (SequenceOf([ITEM] * 6), "get_item", None)
            )
            callbacks = [_full_queue(source, asked, "ArithmeticError")] if end == "raised" else []
            model = small_model(build)
            more = {"callbacks": callbacks, "max_queue_size": 2, **arguments}
            outcome(FIT_GENERATOR, model, source, steps, **more)
            if _left(model, what):
                left.add(end)
    return " or ".join(sorted(left, reverse=True)) or "never"


def _remainders(what: str) -> dict[str, str]:
    """Return the known ways of leaving something behind."""
    return {
        "nothing is left, whether it returned or raised": "never",
        f"{what} are left when it has raised": "raised",
        f"{what} are left when it has returned": "returned",
        f"{what} are left, whether it returned or raised": "returned or raised",
    }


@clause("fit_generator.workers.left-behind", seconds=30)
def test_threads_that_are_left_behind(build: Build) -> None:
    """Whether worker threads still run when `fit_generator` has returned or raised."""
    seen = _left_behind(build, "threads", [Generator, SequenceOf])

    recognise(seen, _remainders("threads"))


@clause("fit_generator.use_multiprocessing.left-behind", seconds=20)
def test_processes_that_are_left_behind(build: Build) -> None:
    """Whether worker processes still run when `fit_generator` has returned or raised."""
    seen = _left_behind(build, "processes", [SequenceOf], use_multiprocessing=True)

    recognise(seen, _remainders("processes"))


@clause("fit_generator.callbacks.interrupt", seconds=20)
def test_an_interrupt_while_the_queue_is_full(build: Build) -> None:
    """What an interrupt by the user leaves behind while a worker waits for room in the queue."""
    source, model = Generator([ITEM]), small_model(build)
    user = _full_queue(source, "pull", "KeyboardInterrupt")

    caught = outcome(FIT_GENERATOR, model, source, 6, callbacks=[user], max_queue_size=2)

    left = "left" if _left(model, "threads") else "gone"
    recognise(
        [caught, left],
        {
            "the caller gets it, and the worker ends": ["KeyboardInterrupt", "gone"],
            "the caller gets it, and the worker is left": ["KeyboardInterrupt", "left"],
            "it is held back, and the worker ends": ["returned", "gone"],
            "it is held back, and the worker is left": ["returned", "left"],
        },
    )
