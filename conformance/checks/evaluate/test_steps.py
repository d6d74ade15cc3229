"""`evaluate`: numbers of steps."""

from __future__ import annotations

import math

from fitspec.conformance.arrangements.fractional_steps import readings_of_steps, seen_of_steps
from fitspec.conformance.arrangements.returned import loss_in
from fitspec.conformance.arrangements.taken import tried
from fitspec.conformance.checks import SGD, Build, Generator, answer, clause, expect, recognise
from fitspec.conformance.vocabulary.models import linear, times_first
from fitspec.conformance.vocabulary.probes import SequenceOf
from fitspec.conformance.vocabulary.samples import ascending, column, constant
from fitspec.conformance.worker.remote import Result

DATA = ascending(4), constant(4, 0)


def _tested(loss: float) -> float:
    """Return how many batches of the errors 1, 2, 4, … were tested, or else the loss.

    It is (2ᵏ - 1)/k on average, 2ᵏ⁻¹ in the last batch, and twice the average where the first item
    was passed over: which batches count, and how, are other clauses. No two numbers of batches have
    a value in common.
    """
    for batches in range(1, 9):
        mean = (2**batches - 1) / batches
        values = mean, 2.0 ** (batches - 1), *[2 * mean] * (batches > 1)
        if any(math.isclose(loss, value, rel_tol=1e-6) for value in values):
            return batches
    return loss


@clause("evaluate.steps.number-of-batches")
def test_steps_is_the_number_of_batches_evaluated(build: Build) -> None:
    """`steps` batches are tested; without it, all there are."""
    model = build(linear())
    model.compile(SGD(0.0), "mae")
    errors = column(*(2.0**power for power in range(8)))
    items = [(error.reshape(1, 1), column(0)) for error in errors]
    two = [(column(error), column(0)) for error in (4, 6)]

    seen = {
        "generator, 3 steps": model.evaluate(Generator(items), steps=3),
        "generator, 6 steps": model.evaluate(Generator(items), steps=6),
        "Sequence of 8, 2 steps": model.evaluate(SequenceOf(items), steps=2),
        # 4, 6 and 4 again: three as the others' 4, or 14/3, tell them; two would be 6, or 5.
        "Sequence of 2, 3 steps": model.evaluate(SequenceOf(two), steps=3),
        "Sequence of 8": model.evaluate(SequenceOf(items, endless=True)),
        "8 samples, one at a time": model.evaluate(errors, 0 * errors, batch_size=1),
    }
    # Whether there may be several threads is another clause.
    if (by_three := tried(model.evaluate, SequenceOf(items), workers=3)) is not None:
        seen["Sequence of 8, by 3 threads"] = by_three

    right = {
        "generator, 3 steps": 3,
        "generator, 6 steps": 6,
        "Sequence of 8, 2 steps": 2,
        "Sequence of 2, 3 steps": 3,
        "Sequence of 8": 8,
        "8 samples, one at a time": 8,
    }
    right |= dict.fromkeys(seen.keys() - right.keys(), 8)
    expect(
        {source: _tested(loss_in(result.value)) for source, result in seen.items()},
        equals=right,
        otherwise={
            "the length of a Sequence counts for more": {
                **right,
                "Sequence of 8, 2 steps": 8,
                "Sequence of 2, 3 steps": 5.0,
            },
            "it ends with the Sequence": {**right, "Sequence of 2, 3 steps": 5.0},
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


@clause("evaluate.steps.fractional")
def test_a_number_of_steps_that_is_no_integer(build: Build) -> None:
    """What `evaluate` makes of 2.5, 2.25 and 2.0 steps of a generator."""
    model = build(linear())
    model.compile(SGD(0.0), "mae")
    items = [(column(2.0**power), column(0)) for power in range(4)]

    def tested(steps: float) -> float:
        return _tested(loss_in(model.evaluate(Generator(items), steps=steps).value))

    recognise(seen_of_steps(tested), readings_of_steps(two=2, three=3))
