"""`evaluate`: what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.conformance.arrangements.compiled import small_model
from fitspec.conformance.arrangements.returned import loss_in
from fitspec.conformance.arrangements.taken import takes_sequences, tried
from fitspec.conformance.checks import SGD, Build, clause, expect, outcome
from fitspec.conformance.vocabulary.models import linear, three_layers, two_in_two_out
from fitspec.conformance.vocabulary.probes import SequenceOf
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
    seen = {
        "compiled": _refusal(build, linear(), ascending(2), constant(2, 0)),
        "not compiled": outcome(build(linear()).evaluate, ascending(2), constant(2, 0)),
        "a Sequential": outcome(build(three_layers()).evaluate, ascending(2), constant(2, 0)),
    }
    if takes_sequences(build, "evaluate"):
        batches = SequenceOf([(ascending(2), constant(2, 0))])
        seen["on a Sequence"] = outcome(build(linear()).evaluate, batches)

    expect(seen, equals={**dict.fromkeys(seen, "RuntimeError"), "compiled": "returned"})


@clause("evaluate.raises.invalid-arguments-ValueError")
def test_data_that_do_not_fit_are_not_evaluated(build: Build) -> None:
    """Data of a wrong number, length, shape or name are a ValueError."""
    one, two = linear(), two_in_two_out(1.0, 1.0)
    x, y, wide = ascending(3), constant(3, 0), np.zeros((3, 2), np.float32)
    fit = {
        "1 input for 1": (one, x, y),
        "2 inputs for 2": (two, [x, x], [y, y]),
        "names": (two, {"in1": x, "in2": x}, {"a": y, "b": y}),
    }
    do_not = {
        "1 input for 2": (two, [x], [y, y]),
        "3 inputs for 2": (two, [x, x, x], [y, y]),
        "1 target for 2": (two, [x, x], [y]),
        "3 targets for 2": (two, [x, x], [y, y, y]),
        "3 inputs, 2 targets long": (one, x, constant(2, 0)),
        "3 inputs, 1 target long": (one, x, constant(1, 0)),
        "2 features for 1": (one, wide, y),
        "2 target columns for 1": (one, x, wide),
        "no name of an input": (two, {"in1": x}, [y, y]),
        "no name of an output": (two, [x, x], {"a": y}),
    }

    outcomes = {name: _refusal(build, *case) for name, case in (fit | do_not).items()}
    # Whether Sequences and weights are taken are other clauses.
    others: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {}
    if takes_sequences(build, "evaluate"):
        others["2 features in a Sequence"] = (SequenceOf([(wide, y)]),), {}
    weights = np.full(4, 2, np.float32)
    weighted = tried(small_model(build).evaluate, x, y, sample_weight=weights[:3])
    # Squares of 1, 2 and 3: without weights their mean is 14/3.
    if weighted is not None and loss_in(weighted.value) > 5:
        others["4 weights for 3 samples"] = (x, y), {"sample_weight": weights}
    for name, (data, arguments) in others.items():
        outcomes[name] = outcome(small_model(build).evaluate, *data, **arguments)

    right = dict.fromkeys(fit, "returned") | dict.fromkeys((*do_not, *others), "ValueError")
    expect(
        outcomes,
        equals=right,
        otherwise={
            "targets of another shape are broadcast": {
                **right,
                "2 target columns for 1": "returned",
            },
            "targets of another shape or length are broadcast": {
                **right,
                "3 inputs, 1 target long": "returned",
                "2 target columns for 1": "returned",
            },
        },
    )
