"""`evaluate` on generators and Sequences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fitspec.conformance.arrangements.returned import loss_in
from fitspec.conformance.arrangements.streaming import (
    EVALUATE,
    ITEM,
    ahead,
    small_model,
    where_generator_runs,
    where_sequence_is_read,
)
from fitspec.conformance.checks import SGD, Build, Generator, Recorder, clause, expect, outcome
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.probes import SequenceOf
from fitspec.conformance.vocabulary.samples import ascending, column, constant

if TYPE_CHECKING:
    from fitspec.conformance.worker.remote import Events


@clause("evaluate.x.generator-or-sequence")
def test_batches_of_generators_and_sequences_are_evaluated(build: Build) -> None:
    """`x` may be a generator or a Sequence of pairs or triples, and then there is no `y`."""
    model = build(linear(3.0))
    model.compile(SGD(0.0), "mse")
    pair = constant(2, 1), column(0, 1)
    triple = (*pair, np.asarray([1, 3], np.float32))

    seen = {
        "generator of pairs": loss_in(model.evaluate(Generator([pair]), steps=1).value),
        "generator of triples": loss_in(model.evaluate(Generator([triple]), steps=1).value),
        "Sequence of pairs": loss_in(model.evaluate(SequenceOf([pair])).value),
        "Sequence of triples": loss_in(model.evaluate(SequenceOf([triple])).value),
        "generator and y": outcome(
            small_model(build).evaluate, Generator([pair]), pair[1], steps=1
        ),
        "Sequence and y": outcome(small_model(build).evaluate, SequenceOf([pair]), pair[1]),
    }

    # Errors 3 and 2: (9 + 4)/2, and with the weights (1·9 + 3·4)/2.
    right = {
        "generator of pairs": 6.5,
        "generator of triples": 10.5,
        "Sequence of pairs": 6.5,
        "Sequence of triples": 10.5,
        "generator and y": "ValueError",
        "Sequence and y": "ValueError",
    }
    unweighted = {"generator of triples": 6.5, "Sequence of triples": 6.5}
    expect(
        seen,
        equals=right,
        otherwise={
            "the weights in the items had no effect": {**right, **unweighted},
            "a `y` is ignored": {
                **right,
                "generator and y": "returned",
                "Sequence and y": "returned",
            },
        },
    )


@clause("evaluate.batch_size.not-with-generator")
def test_a_batch_size_is_refused_where_batches_come_ready(build: Build) -> None:
    """`batch_size` with a generator or a Sequence is a ValueError."""
    outcomes = {
        "generator": outcome(small_model(build).evaluate, Generator([ITEM]), steps=1, batch_size=2),
        "Sequence": outcome(small_model(build).evaluate, SequenceOf([ITEM]), batch_size=2),
    }

    expect(
        outcomes,
        equals={"generator": "ValueError", "Sequence": "ValueError"},
        otherwise={"it is ignored": {"generator": "returned", "Sequence": "returned"}},
    )


def _tested(events: Events) -> int:
    return len(events.of("test_batch_end"))


@clause("evaluate.steps.number-of-batches")
def test_steps_is_the_number_of_batches_evaluated(build: Build) -> None:
    """`steps` batches are tested; without it, all there are."""
    model, recorder = small_model(build), [Recorder()]
    arrays = ascending(5), constant(5, 0)

    seen = {
        "generator, 3 steps": model.evaluate(Generator([ITEM]), steps=3, callbacks=recorder),
        "Sequence of 4, 3 steps": model.evaluate(
            SequenceOf([ITEM] * 4), steps=3, callbacks=recorder
        ),
        "Sequence of 4": model.evaluate(SequenceOf([ITEM] * 4, endless=True), callbacks=recorder),
        "5 samples by 2": model.evaluate(*arrays, batch_size=2, callbacks=recorder),
    }

    expect(
        {source: _tested(result.events) for source, result in seen.items()},
        equals={
            "generator, 3 steps": 3,
            "Sequence of 4, 3 steps": 3,
            "Sequence of 4": 4,
            "5 samples by 2": 3,
        },
        otherwise={
            "the length of a Sequence counts for more": {
                "generator, 3 steps": 3,
                "Sequence of 4, 3 steps": 4,
                "Sequence of 4": 4,
                "5 samples by 2": 3,
            },
        },
    )


@clause("evaluate.max_queue_size.default-10")
def test_ten_batches_wait_in_the_queue_of_evaluation_by_default(build: Build) -> None:
    """While a batch is tested, 10 more are drawn, or `max_queue_size`, and perhaps one more."""
    seen = {
        "by default": ahead(build, EVALUATE, 10),
        "max_queue_size=2": ahead(build, EVALUATE, 2, max_queue_size=2),
    }

    right = {
        "by default": "as many as the queue holds",
        "max_queue_size=2": "as many as the queue holds",
    }
    expect(seen, equals=right)


@clause("evaluate.workers.zero-main-thread")
def test_without_workers_evaluation_draws_on_the_main_thread(build: Build) -> None:
    """`workers=0` runs the generator on the main thread, in step; by default a thread runs it."""
    by_default, _ = where_generator_runs(build, EVALUATE)
    places, drawn = where_generator_runs(build, EVALUATE, workers=0)

    right = {"by default": ["another thread"], "workers=0": ["the main thread"], "drawn": 3}
    expect(
        {"by default": by_default, "workers=0": places, "drawn": drawn},
        equals=right,
        otherwise={
            "one batch is drawn ahead": {**right, "drawn": 4},
            "nothing runs in the background": {**right, "by default": ["the main thread"]},
        },
    )


@clause("evaluate.use_multiprocessing", seconds=20)
def test_evaluation_takes_its_data_from_processes(build: Build) -> None:
    """With `use_multiprocessing` the items of a Sequence are made in child processes."""
    places = where_sequence_is_read(build, EVALUATE, use_multiprocessing=True)

    expect(
        places,
        equals=["another process"],
        otherwise={
            "they are made in another thread": ["another thread"],
            "they are made on the main thread": ["the main thread"],
        },
    )
