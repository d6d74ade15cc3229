"""`evaluate`: numbers of steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.conformance.arrangements.compiled import small_model
from fitspec.conformance.arrangements.returned import loss_in
from fitspec.conformance.arrangements.streaming import ITEM
from fitspec.conformance.checks import (
    SGD,
    Build,
    Generator,
    Recorder,
    answer,
    clause,
    expect,
    recognise,
)
from fitspec.conformance.vocabulary.models import times_first
from fitspec.conformance.vocabulary.probes import SequenceOf
from fitspec.conformance.vocabulary.samples import ascending, constant
from fitspec.conformance.worker.remote import Result

if TYPE_CHECKING:
    from fitspec.conformance.worker.remote import Events

DATA = ascending(4), constant(4, 0)


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


@clause("evaluate.steps.with-arrays")
def test_what_a_step_is_when_arrays_are_evaluated(build: Build) -> None:
    """What `steps` makes of arrays, alone and together with a `batch_size`."""
    alone, with_batch_size = build(times_first()), build(times_first())
    for model in (alone, with_batch_size):
        model.compile(SGD(0.0), "mae")

    loss = loss_in(alone.evaluate(*DATA, steps=2).value)
    both = answer(with_batch_size.evaluate, *DATA, steps=1, batch_size=2)

    # One batch of all: 1·2.5. Two of two: (1·1.5 + 3·3.5)/2 = 6; the first of these alone: 1.5.
    recognise(
        {"2 steps": loss, "1 step of 2": loss_in(both.value) if isinstance(both, Result) else both},
        {
            "each step takes all the data, and batch_size is refused": {
                "2 steps": 2.5,
                "1 step of 2": "ValueError",
            },
            "each step takes all the data, whose loss is divided by the number of steps": {
                "2 steps": 1.25,
                "1 step of 2": "ValueError",
            },
            "the data are cut into as many batches; with batch_size the rest is left out": {
                "2 steps": 6.0,
                "1 step of 2": 1.5,
            },
        },
    )
