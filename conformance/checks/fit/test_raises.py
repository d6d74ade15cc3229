"""`fit`: what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fitspec.conformance.checks import SGD, Build, clause, expect, outcome
from fitspec.conformance.vocabulary.models import (
    copies,
    linear,
    tally,
    three_layers,
    two_in_two_out,
)
from fitspec.conformance.vocabulary.samples import ascending, constant

if TYPE_CHECKING:
    from fitspec.conformance.vocabulary.probes import ModelOf


def _refusal(build: Build, description: ModelOf, x: object, y: object) -> str:
    """Return how `fit` ends on a fresh model: what an earlier refusal left behind is no matter."""
    model = build(description)
    model.compile(SGD(0.0), "mse")
    return outcome(model.fit, x, y, epochs=1)


@clause("fit.raises.not-compiled-RuntimeError")
def test_training_without_compiling_is_refused(build: Build) -> None:
    """A model that was never compiled cannot be trained: RuntimeError."""
    functional, sequential = build(linear()), build(three_layers())

    outcomes = {
        "functional": outcome(functional.fit, ascending(2), constant(2, 0), epochs=1),
        "sequential": outcome(sequential.fit, ascending(2), constant(2, 0), epochs=1),
    }

    expect(outcomes, equals={"functional": "RuntimeError", "sequential": "RuntimeError"})


@clause("fit.raises.number-of-inputs")
def test_a_wrong_number_of_inputs_is_refused(build: Build) -> None:
    """Fewer or more arrays than the model has inputs are a ValueError."""
    x, y = ascending(2), constant(2, 0)
    one, two = linear(), two_in_two_out(1.0, 1.0)
    cases = {
        "one array for two": (two, x, [y, y]),
        "a list of one for two": (two, [x], [y, y]),
        "a list of three for two": (two, [x, x, x], [y, y]),
        "a list of two for one": (one, [x, x], y),
    }

    outcomes = {name: _refusal(build, *case) for name, case in cases.items()}

    expect(outcomes, equals=dict.fromkeys(cases, "ValueError"))


@clause("fit.raises.number-of-targets")
def test_a_wrong_number_of_targets_is_refused(build: Build) -> None:
    """Fewer or more arrays than the model has outputs are a ValueError."""
    x, y = ascending(2), constant(2, 0)
    one, two = linear(), two_in_two_out(1.0, 1.0)
    cases = {
        "one array for two": (two, [x, x], y),
        "a list of one for two": (two, [x, x], [y]),
        "a list of three for two": (two, [x, x], [y, y, y]),
        "a list of two for one": (one, x, [y, y]),
    }

    outcomes = {name: _refusal(build, *case) for name, case in cases.items()}

    expect(outcomes, equals=dict.fromkeys(cases, "ValueError"))


@clause("fit.raises.unequal-sample-counts")
def test_arrays_of_unequal_length_are_refused(build: Build) -> None:
    """Inputs and targets that differ in their number of samples are a ValueError."""
    one, two = linear(), two_in_two_out(1.0, 1.0)
    four, three, single = ascending(4), ascending(3), ascending(1)
    # One sample against several would be repeated by broadcasting.
    cases = {
        "x 4, y 3": (one, four, three),
        "x 4, y 1": (one, four, single),
        "x 1, y 4": (one, single, four),
        "inputs 4 and 3": (two, [four, three], [four, four]),
        "inputs 4 and 1": (two, [four, single], [four, four]),
        "targets 4 and 3": (two, [four, four], [four, three]),
        "targets 4 and 1": (two, [four, four], [four, single]),
    }

    outcomes = {name: _refusal(build, *case) for name, case in cases.items()}

    expect(outcomes, equals=dict.fromkeys(cases, "ValueError"))


@clause("fit.raises.input-shape")
def test_inputs_of_another_shape_are_refused(build: Build) -> None:
    """An input with another number of features, or another rank, is a ValueError."""
    cases = {
        "(4, 2) for one feature": (linear(), np.ones((4, 2), np.float32)),
        "(4, 1, 1) for one feature": (linear(), np.ones((4, 1, 1), np.float32)),
        "(4, 1) for three features": (tally(3), np.ones((4, 1), np.float32)),
        "(4, 2) for three features": (tally(3), np.ones((4, 2), np.float32)),
    }

    outcomes = {
        name: _refusal(build, description, x, constant(4, 0))
        for name, (description, x) in cases.items()
    }

    refused = dict.fromkeys(cases, "ValueError")
    expect(
        outcomes,
        equals=refused,
        otherwise={
            "the rank is not looked at": {**refused, "(4, 1, 1) for one feature": "returned"},
            "one feature stands for three": {**refused, "(4, 1) for three features": "returned"},
        },
    )


@clause("fit.raises.target-shape")
def test_targets_of_another_shape_are_refused(build: Build) -> None:
    """A target with another number of columns than the output is a ValueError."""
    cases = {
        "(4, 2) for one column": (linear(), np.ones((4, 2), np.float32)),
        "(4, 1) for two columns": (copies(2), np.ones((4, 1), np.float32)),
        "(4, 3) for two columns": (copies(2), np.ones((4, 3), np.float32)),
    }

    outcomes = {
        name: _refusal(build, description, ascending(4), y)
        for name, (description, y) in cases.items()
    }

    refused = dict.fromkeys(cases, "ValueError")
    # Three columns cannot be compared with two by repeating either: how that ends differs.
    expect(
        outcomes,
        equals=refused,
        otherwise={
            "the prediction was compared with every column": {
                **refused,
                "(4, 2) for one column": "returned",
                "(4, 1) for two columns": "returned",
            },
            "one target stands for two columns": {**refused, "(4, 1) for two columns": "returned"},
        },
    )


@clause("fit.raises.dict-names")
def test_a_dict_without_an_input_or_output_is_refused(build: Build) -> None:
    """A dict of data that lacks an input or an output of the model is a ValueError."""
    x, y = ascending(2), constant(2, 0)
    one, two = linear(), two_in_two_out(1.0, 1.0)
    both_inputs, both_targets = {"in1": x, "in2": x}, {"a": y, "b": y}
    cases = {
        "no in2": (two, {"in1": x}, both_targets),
        "another name than in2": (two, {"in1": x, "in3": x}, both_targets),
        "no b": (two, both_inputs, {"a": y}),
        "another name than b": (two, both_inputs, {"a": y, "c": y}),
        "another name than that of the only input": (one, {"in3": x}, y),
    }

    outcomes = {name: _refusal(build, *case) for name, case in cases.items()}

    expect(outcomes, equals=dict.fromkeys(cases, "ValueError"))
