"""`predict_generator`: what the items of a generator may be."""

from __future__ import annotations

from typing import Any

import numpy as np

from fitspec.conformance.arrangements.compiled import frozen
from fitspec.conformance.arrangements.data_forms import (
    LISTED,
    VALUES,
    data_by_name,
    model_of_three,
)
from fitspec.conformance.arrangements.returned import numbers
from fitspec.conformance.checks import Build, Generator, clause, expect, outcome
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.probes import SequenceOf
from fitspec.conformance.vocabulary.samples import column

#: No number: who uses it gets no number.
NAN = float("nan")


@clause("predict_generator.items")
def test_items_are_what_predict_on_batch_takes(build: Build) -> None:
    """An item is a batch of inputs: an array, a list by position or a dict by name."""
    inputs, _ = data_by_name()
    batches = [inputs, {name: -values[:1] for name, values in inputs.items()}]
    items: dict[str, list[Any]] = {
        "array": [column(1, 2), column(3)],
        "list": [[batch[name] for name in LISTED] for batch in batches],
        "dict": batches,
    }

    seen = {}
    for form, source in items.items():
        model = frozen(build, linear(2.0) if form == "array" else model_of_three())
        seen[f"{form} of a generator"] = numbers(
            model.predict_generator(Generator(source), steps=2).value
        )
        seen[f"{form} of a Sequence"] = numbers(model.predict_generator(SequenceOf(source)).value)

    # 2·1, 3·10 and 5·100, twice in the first batch and then their negatives.
    three = [2.0, 2.0, -2.0, 30.0, 30.0, -30.0, 500.0, 500.0, -500.0]
    right = {"array": [2.0, 4.0, 6.0], "list": three, "dict": three}

    def of_each(predictions: dict[str, list[float]]) -> dict[str, list[float]]:
        kinds = ("generator", "Sequence")
        return {f"{form} of a {kind}": each for form, each in predictions.items() for kind in kinds}

    def with_dict(*names: str) -> dict[str, list[float]]:
        factors = zip((2.0, 3.0, 5.0), names, strict=True)
        wrong = [f * VALUES[name] * sign for f, name in factors for sign in (1, 1, -1)]
        return of_each({**right, "dict": wrong})

    expect(
        seen,
        equals=of_each(right),
        otherwise={
            "the order of the dict decided": with_dict(*inputs),
            "the alphabet decided": with_dict(*sorted(inputs)),
        },
    )


@clause("predict_generator.items.tuples-ignored-targets")
def test_of_tuples_only_the_inputs_are_predicted(build: Build) -> None:
    """Tuples of two or three hold targets, and weights, which are not used; four are refused."""
    x, y, weights = column(1, 2), column(NAN, NAN), np.asarray([NAN, NAN], np.float32)

    def predicted(kind: type[Generator | SequenceOf], *item: object) -> object:
        return build(linear(2.0)).predict_generator(kind([item]), steps=1).value

    seen = {
        what: {
            "two": predicted(kind, x, y),
            "three": predicted(kind, x, y, weights),
            "four": outcome(predicted, kind, x, y, weights, weights),
        }
        for what, kind in (("a generator", Generator), ("a Sequence", SequenceOf))
    }

    right = {"two": column(2, 4), "three": column(2, 4), "four": "ValueError"}
    expect(seen, equals=dict.fromkeys(seen, right))
