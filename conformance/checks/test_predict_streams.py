"""`predict` on generators and Sequences."""

from __future__ import annotations

import numpy as np

from fitspec.conformance.arrangements.streaming import PREDICT, expect_documented_reading
from fitspec.conformance.checks import Build, Generator, clause, expect
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.probes import SequenceOf
from fitspec.conformance.vocabulary.samples import ascending, column, constant

#: No number: who uses it gets no number.
NAN = float("nan")


@clause("predict.x.generator-or-sequence")
def test_of_the_items_only_the_inputs_are_predicted(build: Build) -> None:
    """A generator or Sequence may give targets, and weights, beside the inputs."""
    model = build(linear(2.0))
    pairs = [(column(value), column(NAN)) for value in (1, 2, 3)]
    triples = [(*pair, np.asarray([NAN], np.float32)) for pair in pairs]

    values = {
        "generator of pairs": model.predict(Generator(pairs), steps=3).value,
        "generator of triples": model.predict(Generator(triples), steps=3).value,
        "Sequence of pairs": model.predict(SequenceOf(pairs)).value,
        "Sequence of triples": model.predict(SequenceOf(triples)).value,
    }

    expect(values, equals=dict.fromkeys(values, column(2, 4, 6)))


@clause("predict.steps.number-of-batches")
def test_steps_is_the_number_of_batches_predicted(build: Build) -> None:
    """`steps` batches are predicted; without it, all there are."""
    model = build(linear())
    items = [(constant(2, value), constant(2, 0)) for value in (1, 2, 3)]

    values = {
        "generator, 2 steps": model.predict(Generator(items), steps=2).value,
        "Sequence of 3, 2 steps": model.predict(SequenceOf(items), steps=2).value,
        "Sequence of 3": model.predict(SequenceOf(items, endless=True)).value,
        "5 samples by 2": model.predict(ascending(5), batch_size=2).value,
    }

    right = {
        "generator, 2 steps": [1, 1, 2, 2],
        "Sequence of 3, 2 steps": [1, 1, 2, 2],
        "Sequence of 3": [1, 1, 2, 2, 3, 3],
        "5 samples by 2": [1, 2, 3, 4, 5],
    }
    expect(
        {name: np.ravel(value) for name, value in values.items()},
        equals=right,
        otherwise={
            "the length of a Sequence counts for more": {
                **right,
                "Sequence of 3, 2 steps": [1, 1, 2, 2, 3, 3],
            },
        },
    )


@clause("predict.queue-workers-processes", seconds=45)
def test_predict_reads_as_fit_does(build: Build) -> None:
    """Queue, workers and processes are those that are asked for, or 10, one thread and none."""
    expect_documented_reading(build, PREDICT)
