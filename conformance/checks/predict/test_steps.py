"""`predict`: numbers of steps."""

from __future__ import annotations

from typing import Any

from fitspec.conformance.arrangements.compiled import frozen
from fitspec.conformance.arrangements.fractional_steps import readings_of_steps, seen_of_steps
from fitspec.conformance.arrangements.returned import numbers
from fitspec.conformance.arrangements.streaming import PREDICT, readable
from fitspec.conformance.checks import Build, Generator, answer, clause, expect, recognise
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.probes import SequenceOf
from fitspec.conformance.vocabulary.samples import ascending, constant
from fitspec.conformance.worker.remote import Result


@clause("predict.steps.number-of-batches")
def test_steps_is_the_number_of_batches_predicted(build: Build) -> None:
    """`steps` batches are predicted; without it, all there are."""
    model = frozen(build, linear())
    items = readable(build, PREDICT, [(constant(2, root), constant(2, 0)) for root in (1, 2, 3)])

    values = {
        "generator, 2 steps": model.predict(Generator(items), steps=2).value,
        "generator, 4 steps": model.predict(Generator(items), steps=4).value,
        "Sequence of 3, 2 steps": model.predict(SequenceOf(items), steps=2).value,
        "Sequence of 3": model.predict(SequenceOf(items, endless=True)).value,
        "4 samples by 2": model.predict(ascending(4), batch_size=2).value,
    }

    more = numbers(model.predict(SequenceOf(items), steps=4).value)

    right: dict[str, Any] = {
        "generator, 2 steps": [1, 1, 2, 2],
        "generator, 4 steps": [1, 1, 2, 2, 3, 3, 1, 1],
        "Sequence of 3, 2 steps": [1, 1, 2, 2],
        "Sequence of 3": [1, 1, 2, 2, 3, 3],
        "4 samples by 2": [1, 2, 3, 4],
        # Which batches come after the last one is another matter.
        "rows of a Sequence of 3 in 4 steps": 8,
    }
    expect(
        {
            **{name: numbers(value) for name, value in values.items()},
            "rows of a Sequence of 3 in 4 steps": len(more),
        },
        equals=right,
        otherwise={
            "the length of a Sequence counts for more": {
                **right,
                "Sequence of 3, 2 steps": [1, 1, 2, 2, 3, 3],
                "rows of a Sequence of 3 in 4 steps": 6,
            },
        },
    )


@clause("predict.steps.with-arrays")
def test_what_a_step_is_when_arrays_are_predicted(build: Build) -> None:
    """What `steps` makes of arrays, alone and together with a `batch_size`."""
    x = ascending(4)

    rows = frozen(build, linear()).predict(x, steps=2).value
    both = answer(frozen(build, linear()).predict, x, steps=1, batch_size=2)

    recognise(
        {
            "2 steps": numbers(rows),
            "1 step of 2": numbers(both.value) if isinstance(both, Result) else both,
        },
        {
            "each step takes all the data, and batch_size is refused": {
                "2 steps": [1.0, 2.0, 3.0, 4.0] * 2,
                "1 step of 2": "ValueError",
            },
            "the data are cut into as many batches; with batch_size the rest is left out": {
                "2 steps": [1.0, 2.0, 3.0, 4.0],
                "1 step of 2": [1.0, 2.0],
            },
        },
    )


@clause("predict.steps.fractional")
def test_a_number_of_steps_that_is_no_integer(build: Build) -> None:
    """What `predict` makes of 2.5, 2.25 and 2.0 steps of a generator."""
    model = frozen(build, linear())
    items = readable(build, PREDICT, [(constant(1, root), constant(1, 0)) for root in (1, 2, 3)])

    def rows(steps: float) -> list[float]:
        return numbers(model.predict(Generator(items), steps=steps).value)

    recognise(seen_of_steps(rows), readings_of_steps(two=[1.0, 2.0], three=[1.0, 2.0, 3.0]))
