"""`evaluate`: what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fitspec.conformance.checks import SGD, Build, clause, expect, outcome
from fitspec.conformance.vocabulary.models import linear, two_in_two_out
from fitspec.conformance.vocabulary.samples import ascending, constant

if TYPE_CHECKING:
    from fitspec.conformance.vocabulary.probes import ModelOf


def _refusal(build: Build, description: ModelOf, x: object, y: object) -> str:
    """Return how `evaluate` ends on a fresh model."""
    model = build(description)
    model.compile(SGD(0.0), "mse")
    return outcome(model.evaluate, x, y)


@clause("evaluate.raises.not-compiled")
def test_evaluating_without_compiling_is_refused(build: Build) -> None:
    """A model that was never compiled cannot be evaluated: RuntimeError."""
    model = build(linear())

    expect(outcome(model.evaluate, ascending(2), constant(2, 0)), equals="RuntimeError")


@clause("evaluate.raises.invalid-arguments-ValueError")
def test_data_that_do_not_fit_are_not_evaluated(build: Build) -> None:
    """Data of a wrong number, length, shape or name are a ValueError."""
    one, two = linear(), two_in_two_out(1.0, 1.0)
    x, y, wide = ascending(3), constant(3, 0), np.zeros((3, 2), np.float32)
    cases = {
        "1 input for 2": (two, [x], [y, y]),
        "3 inputs for 2": (two, [x, x, x], [y, y]),
        "1 target for 2": (two, [x, x], [y]),
        "3 inputs, 2 targets long": (one, x, constant(2, 0)),
        "2 features for 1": (one, wide, y),
        "2 target columns for 1": (one, x, wide),
        "no name of an input": (two, {"in1": x}, [y, y]),
    }

    outcomes = {name: _refusal(build, *case) for name, case in cases.items()}

    refused = dict.fromkeys(cases, "ValueError")
    expect(
        outcomes,
        equals=refused,
        otherwise={
            "targets of another shape are broadcast": {
                **refused,
                "2 target columns for 1": "returned",
            },
        },
    )
