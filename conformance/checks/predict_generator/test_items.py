"""`predict_generator`: what the items of a generator may be."""

from __future__ import annotations

import numpy as np

from fitspec.conformance.arrangements.compiled import frozen
from fitspec.conformance.checks import Build, Generator, clause, expect, outcome
from fitspec.conformance.vocabulary.models import linear, two_in_two_out
from fitspec.conformance.vocabulary.samples import column

#: No number: who uses it gets no number.
NAN = float("nan")


@clause("predict_generator.items")
def test_items_are_what_predict_on_batch_takes(build: Build) -> None:
    """An item is a batch of inputs: an array, a list by position or a dict by name."""
    one, two = frozen(build, linear(2.0)), frozen(build, two_in_two_out(1.0, 1.0))
    first, second = column(1, 2), column(3, 4)

    values = {
        "array": one.predict_generator(Generator([first]), steps=1).value,
        "list": two.predict_generator(Generator([[first, second]]), steps=1).value,
        "dict": two.predict_generator(Generator([{"in2": second, "in1": first}]), steps=1).value,
    }

    right = {"array": column(2, 4), "list": [first, second], "dict": [first, second]}
    expect(
        values,
        equals=right,
        otherwise={"the order of the dict decided": {**right, "dict": [second, first]}},
    )


@clause("predict_generator.items.tuples-ignored-targets")
def test_of_tuples_only_the_inputs_are_predicted(build: Build) -> None:
    """Tuples of two or three hold targets, and weights, which are not used; four are refused."""
    x, y, weights = column(1, 2), column(NAN, NAN), np.asarray([NAN, NAN], np.float32)

    def predicted(*item: object) -> object:
        return build(linear(2.0)).predict_generator(Generator([item]), steps=1).value

    seen = {
        "two": predicted(x, y),
        "three": predicted(x, y, weights),
        "four": outcome(predicted, x, y, weights, weights),
    }

    expect(seen, equals={"two": column(2, 4), "three": column(2, 4), "four": "ValueError"})
