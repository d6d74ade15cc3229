"""`fit_generator`: how a Sequence is read."""

from __future__ import annotations

from typing import Any

from fitspec.conformance.arrangements.compiled import small_model
from fitspec.conformance.arrangements.numbered_batches import numbered, trained_on
from fitspec.conformance.arrangements.producers import (
    arrival,
    arrivals_alike,
    finished_out_of_order,
)
from fitspec.conformance.arrangements.streaming import (
    FIT_GENERATOR,
    ITEM,
    PATIENCE,
    PROCESSES,
    on_each_thread,
)
from fitspec.conformance.checks import SGD, Build, clause, expect, recognise
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.probes import SequenceOf, until


@clause("fit_generator.sequence.short-epoch-continuation")
def test_where_an_epoch_of_a_sequence_starts_after_a_short_one(build: Build) -> None:
    """Which batches the next epochs train on when an epoch is shorter than the Sequence."""
    source = SequenceOf(numbered(5))

    epochs = trained_on(build, "fit_generator", source, steps_per_epoch=3, epochs=4, shuffle=False)

    recognise(
        epochs,
        {
            "each goes on where the last one stopped, and wraps around": [
                [0, 1, 2],
                [3, 4, 0],
                [1, 2, 3],
                [4, 0, 1],
            ],
            "each starts again at the first batch": [[0, 1, 2]] * 4,
            "each goes on, but stops short at the end of the Sequence": [
                [0, 1, 2],
                [3, 4],
                [0, 1, 2],
                [3, 4],
            ],
        },
    )


# tf.keras waits five seconds at the end of an epoch that several workers made.
@clause("fit_generator.sequence.order-guarantee", seconds=45)
def test_the_batches_of_a_sequence_come_in_order(build: Build) -> None:
    """Unshuffled, the batches of a Sequence are trained on in the order of their indices."""
    ways: dict[str, dict[str, Any]] = {
        "one thread": {},
        "two threads": {"workers": 2},
        "three threads": {"workers": 3},
        "one process": {"use_multiprocessing": True},
        "two processes": {"workers": 2, "use_multiprocessing": True},
    }

    seen = {}
    for kind, arguments in ways.items():
        # Made by one worker, no item can be finished before another one.
        source = SequenceOf(numbered(5)) if "one" in kind else finished_out_of_order(5)
        seen[kind] = trained_on(
            build, "fit_generator", source, epochs=2, shuffle=False, **arguments
        )

    expect(seen, equals=dict.fromkeys(seen, [[0, 1, 2, 3, 4]] * 2))


# tf.keras waits five seconds at the end of an epoch that several workers made.
@clause("fit_generator.sequence.each-index-once", seconds=45)
def test_processes_use_each_batch_once_in_each_epoch(build: Build) -> None:
    """Shuffled and with two processes, every epoch trains on each batch of a Sequence once."""
    # Wherever the shuffle puts it, item 0 is given after another one. Two cannot share seven.
    source = SequenceOf(numbered(7), waits={0: until("give", 1, within=PATIENCE)})

    order = trained_on(build, "fit_generator", source, epochs=2, shuffle=True, **PROCESSES)

    expect(
        [sorted(epoch) for epoch in order],
        equals=[[*range(7)]] * 2,
        otherwise={"each process gives all of them": [[0, 0, 1, 1, 2, 2, 3]] * 2},
    )


@clause("fit_generator.sequence.exception", seconds=20)
def test_an_exception_in_a_sequence(build: Build) -> None:
    """How an exception that `__getitem__` raises reaches the caller of `fit_generator`."""
    seen = {
        where: arrival(
            small_model(build),
            FIT_GENERATOR,
            SequenceOf([ITEM] * 3, raises_at=1),
            shuffle=False,
            **arguments,
        )
        for where, arguments in {**on_each_thread(build), "two workers": {"workers": 2}}.items()
    }

    recognise(seen, arrivals_alike(seen))


@clause("fit_generator.sequence.on_epoch_end")
def test_when_a_sequence_hears_of_the_end_of_an_epoch(build: Build) -> None:
    """How often, and on which thread, `on_epoch_end` of a Sequence is called in three epochs."""
    seen = {}
    for workers in (1, 0):
        source = SequenceOf([ITEM] * 2)
        model = build(linear())
        model.compile(SGD(0.0), "mse")
        events = model.fit_generator(source, epochs=3, workers=workers).events.by(source)
        given = early = 0
        calls: list[str] = []
        for event in events:
            given += event.kind == "give"
            if event.kind == "sequence_epoch_end":
                # Each epoch has two batches; one more may have been looked at beforehand.
                early += given < 2 * len(calls) + 2
                calls.append("main" if event.main_thread else "other")
        read = "too early" if early else "in time" if given >= 6 else "not read"
        seen[f"workers={workers}"] = [read, *calls]

    recognise(seen, _ways_of_telling())


def _ways_of_telling() -> dict[str, dict[str, list[str]]]:
    """Return when and on which thread a Sequence may hear of the end of each of three epochs."""
    times = {
        "after each epoch": ("in time", 3),
        "after each epoch but the last": ("in time", 2),
        "once, at the end": ("in time", 1),
        "once too often": ("in time", 4),
        "three times, but before an epoch has ended": ("too early", 3),
        "at the start of each epoch and at the end": ("too early", 4),
        "after each batch": ("too early", 6),
    }
    ways = {
        f"{words}, on {place}": {
            "workers=1": [when, *[thread] * calls],
            "workers=0": [when, *["main"] * calls],
        }
        for words, (when, calls) in times.items()
        for place, thread in {
            "the main thread": "main",
            "the thread that reads": "other",
        }.items()
    }
    never = ["in time"]
    ways["after each epoch but the last, on the thread that reads, and never without workers"] = {
        "workers=1": ["in time", "other", "other"],
        "workers=0": never,
    }
    return {**ways, "never": {"workers=1": never, "workers=0": never}}


@clause("fit_generator.sequence.length-may-change")
def test_whether_a_change_of_length_is_noticed(build: Build) -> None:
    """Which batches are trained on when a Sequence is longer after each epoch."""
    source = SequenceOf(numbered(4), lengths=[2, 3, 4])

    epochs = trained_on(build, "fit_generator", source, epochs=3, shuffle=False)

    recognise(
        epochs,
        {
            "each epoch has the length that the Sequence has then": [
                [0, 1],
                [0, 1, 2],
                [0, 1, 2, 3],
            ],
            "the first length counts for all epochs": [[0, 1]] * 3,
        },
    )
