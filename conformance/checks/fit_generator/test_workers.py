"""`fit_generator`: the threads that make batches."""

from __future__ import annotations

from typing import Any

from fitspec.conformance.arrangements.compiled import small_model
from fitspec.conformance.arrangements.numbered_batches import (
    counting_model,
    numbered,
    trained_items,
    trained_on,
)
from fitspec.conformance.arrangements.producers import finished_out_of_order, made_at_once, two_meet
from fitspec.conformance.arrangements.stream_ends import left_by_training, remainders
from fitspec.conformance.arrangements.streaming import (
    FIT_GENERATOR,
    FIT_GENERATOR_VALIDATING,
    ITEM,
    PATIENCE,
    PROCESSES,
    WITHIN,
    places,
    where_generator_runs,
    where_sequence_is_read,
)
from fitspec.conformance.arrangements.taken import taken
from fitspec.conformance.checks import Build, Generator, Recorder, clause, expect, recognise
from fitspec.conformance.vocabulary.probes import LockedIterator, SequenceOf, until
from fitspec.conformance.worker.remote import RemoteError


@clause("fit_generator.workers.default-1")
def test_one_worker_goes_on_while_the_model_works(build: Build) -> None:
    """By default one other thread makes batches, one after the other, also while training waits."""
    source, waiting = Generator([ITEM]), ("train_batch_begin", 0)
    slow = Recorder(waits={waiting: until("pull", 3, of=source, within=PATIENCE)})
    events = FIT_GENERATOR(small_model(build), source, 4, callbacks=[slow]).events
    in_time = [event.fields["in_time"] for event in events.by(slow).of("came")]

    expect(
        {
            "a generator runs on": places(events.by(source).of("pull"), events.by(slow)),
            "while training waits": "it goes on" if in_time == [True] else "it waits too",
            "items of a Sequence made at once": made_at_once(build, FIT_GENERATOR, 1),
        },
        equals={
            "a generator runs on": ["another thread"],
            "while training waits": "it goes on",
            "items of a Sequence made at once": 1,
        },
        otherwise={
            "by default it has no worker": {
                "a generator runs on": ["the main thread"],
                "while training waits": "it waits too",
                "items of a Sequence made at once": 1,
            },
            "by default it has several workers": {
                "a generator runs on": ["another thread"],
                "while training waits": "it goes on",
                "items of a Sequence made at once": 2,
            },
        },
    )


@clause("fit_generator.workers.zero-main-thread")
def test_without_workers_items_are_made_on_the_main_thread(build: Build) -> None:
    """`workers=0` makes every item on the main thread, and no more ahead than the queue holds."""
    where, ahead = where_generator_runs(build, FIT_GENERATOR, workers=0)
    validating, _ = where_generator_runs(build, FIT_GENERATOR_VALIDATING, workers=0)

    right = {
        "a generator runs on": ["the main thread"],
        "items drawn ahead": WITHIN,
        "a Sequence is read on": ["the main thread"],
        "a generator to validate on runs on": ["the main thread"],
    }
    expect(
        {
            "a generator runs on": where,
            "items drawn ahead": ahead,
            "a Sequence is read on": where_sequence_is_read(build, FIT_GENERATOR, workers=0),
            "a generator to validate on runs on": validating,
        },
        equals=right,
        otherwise={
            "a Sequence is read in the background": {
                **right,
                "a Sequence is read on": ["another thread"],
            },
            "what is validated on is read in the background": {
                **right,
                "a generator to validate on runs on": ["another thread"],
            },
        },
    )


@clause("fit_generator.workers.upper-bound", seconds=45)
def test_no_more_items_are_made_at_once_than_there_are_workers(build: Build) -> None:
    """`workers=3` makes at most three items of a Sequence at a time, in threads or processes."""
    most = {
        "threads": made_at_once(build, FIT_GENERATOR, 3, workers=3),
        "processes": made_at_once(build, FIT_GENERATOR, 3, workers=3, use_multiprocessing=True),
    }

    two = made_at_once(build, FIT_GENERATOR, 2, workers=2)

    def said(count: int, allowed: int = 3) -> str:
        return "none" if not count else f"at most {allowed}" if count <= allowed else "more"

    seen = {kind: said(count) for kind, count in most.items()} | {"two threads": said(two, 2)}
    expect(
        seen,
        equals={"threads": "at most 3", "processes": "at most 3", "two threads": "at most 2"},
        otherwise={"it has more workers of either kind": dict.fromkeys(seen, "more")},
    )


# tf.keras waits five seconds at the end of an epoch that several workers made.
@clause("fit_generator.workers.order-preserved", seconds=45)
def test_several_workers_keep_the_order_of_a_sequence(build: Build) -> None:
    """With four workers a batch that is finished late is trained on in its place."""
    ways: dict[str, dict[str, Any]] = {"threads": {"workers": 4}}
    # Whether there are processes is another clause.
    if taken(FIT_GENERATOR, small_model(build), SequenceOf([ITEM]), **PROCESSES):
        ways["processes"] = {"workers": 4, "use_multiprocessing": True}
    order = {
        where: trained_on(
            build, "fit_generator", finished_out_of_order(6), shuffle=False, **arguments
        )
        for where, arguments in ways.items()
    }

    expect(order, equals=dict.fromkeys(order, [[0, 1, 2, 3, 4, 5]]))


@clause("fit_generator.workers.plain-generator-thread-safety")
def test_two_threads_on_a_plain_generator(build: Build) -> None:
    """What two worker threads do with a generator that is slow, and with an iterator that locks."""
    seen = {}
    for name, kind in {"a generator": Generator, "an iterator with a lock": LockedIterator}.items():
        # Long enough for another thread to come; there is no event of one that is turned away.
        slow = {0: until("pull", 2, within=1.0)} if kind is Generator else {}
        source = kind(numbered(16), waits=slow, repeats=False)
        model, recorder = counting_model(build, 16), Recorder(weights=True)
        try:
            result = FIT_GENERATOR(
                model, source, 4, callbacks=[recorder], workers=2, max_queue_size=2
            )
        except RemoteError as error:
            seen[name] = f"it raises a {error.classes[0]}"
        else:
            items = trained_items(result, recorder)[0]
            # Threads may exchange what they hold: of 4 items, two workers can be one ahead.
            distinct, none_lost = len(set(items)) == len(items), max(items) <= len(items)
            seen[name] = (
                "some items twice"
                if not distinct
                else "each item once"
                if none_lost
                else "not all items"
            )

    once = dict.fromkeys(seen, "each item once")
    recognise(
        seen,
        {
            "each item is trained on once, from either": once,
            "the generator raises a RuntimeError; of the iterator each item is trained on once": {
                **once,
                "a generator": "it raises a RuntimeError",
            },
            "the generator raises a ValueError; of the iterator each item is trained on once": {
                **once,
                "a generator": "it raises a ValueError",
            },
            "items of the generator are trained on twice; each of the iterator once": {
                **once,
                "a generator": "some items twice",
            },
            "items are trained on twice": dict.fromkeys(seen, "some items twice"),
            "items of the generator are lost; each of the iterator is trained on once": {
                **once,
                "a generator": "not all items",
            },
            "items are lost": dict.fromkeys(seen, "not all items"),
        },
    )


@clause("fit_generator.workers.in-parallel", seconds=45)
def test_whether_workers_make_items_at_the_same_time(build: Build) -> None:
    """Whether two workers work at a time: the first item of a Sequence waits for the second."""
    seen = {
        "threads": two_meet(build, FIT_GENERATOR, workers=2),
        "processes": two_meet(build, FIT_GENERATOR, workers=2, use_multiprocessing=True),
    }

    recognise(
        seen,
        {
            "at the same time, in threads and in processes": {"threads": True, "processes": True},
            "at the same time in processes, one after the other in threads": {
                "threads": False,
                "processes": True,
            },
            "at the same time in threads, one after the other in processes": {
                "threads": True,
                "processes": False,
            },
            "one after the other": {"threads": False, "processes": False},
        },
    )


@clause("fit_generator.workers.left-behind", seconds=30)
def test_threads_that_are_left_behind(build: Build) -> None:
    """Whether worker threads still run when `fit_generator` has returned or raised."""
    seen = left_by_training(build, "threads", [Generator, SequenceOf])

    recognise(seen, remainders("threads"))
