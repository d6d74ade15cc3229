"""`fit`: what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fitspec.conformance.checks import SGD, Build, clause, expect, outcome
from fitspec.conformance.vocabulary.models import linear, three_layers, two_in_two_out
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
        "functional": outcome(functional.fit, ascending(2), constant(2, 0)),
        "sequential": outcome(sequential.fit, ascending(2), constant(2, 0)),
    }

    expect(outcomes, equals={"functional": "RuntimeError", "sequential": "RuntimeError"})


@clause("fit.raises.number-of-inputs")
def test_a_wrong_number_of_inputs_is_refused(build: Build) -> None:
    """Fewer or more arrays than the model has inputs are a ValueError."""
    x, targets = ascending(2), [constant(2, 0), constant(2, 0)]
    cases = {"one array": x, "a list of one": [x], "a list of three": [x, x, x]}

    outcomes = {
        name: _refusal(build, two_in_two_out(1.0, 1.0), inputs, targets)
        for name, inputs in cases.items()
    }

    expect(outcomes, equals=dict.fromkeys(cases, "ValueError"))


@clause("fit.raises.number-of-targets")
def test_a_wrong_number_of_targets_is_refused(build: Build) -> None:
    """Fewer or more arrays than the model has outputs are a ValueError."""
    x, y = [ascending(2), ascending(2)], constant(2, 0)
    cases = {"one array": y, "a list of one": [y], "a list of three": [y, y, y]}

    outcomes = {
        name: _refusal(build, two_in_two_out(1.0, 1.0), x, targets)
        for name, targets in cases.items()
    }

    expect(outcomes, equals=dict.fromkeys(cases, "ValueError"))


@clause("fit.raises.unequal-sample-counts")
def test_arrays_of_unequal_length_are_refused(build: Build) -> None:
    """Inputs and targets that differ in their number of samples are a ValueError."""
    one, two = linear(), two_in_two_out(1.0, 1.0)
    four, three = ascending(4), ascending(3)
    cases = {
        "x 4, y 3": (one, four, three),
        "inputs 4 and 3": (two, [four, three], [four, four]),
        "targets 4 and 3": (two, [four, four], [four, three]),
    }

    outcomes = {name: _refusal(build, *case) for name, case in cases.items()}

    expect(outcomes, equals=dict.fromkeys(cases, "ValueError"))


@clause("fit.raises.input-shape")
def test_inputs_of_another_shape_are_refused(build: Build) -> None:
    """An input with another number of features, or another rank, is a ValueError."""
    outcomes = {
        str(shape): _refusal(build, linear(), np.ones(shape, np.float32), constant(4, 0))
        for shape in ((4, 2), (4, 1, 1))
    }

    expect(
        outcomes,
        equals={"(4, 2)": "ValueError", "(4, 1, 1)": "ValueError"},
        otherwise={"the rank is not looked at": {"(4, 2)": "ValueError", "(4, 1, 1)": "returned"}},
    )


@clause("fit.raises.target-shape")
def test_targets_of_another_shape_are_refused(build: Build) -> None:
    """A target with another number of columns than the output is a ValueError."""
    ended = _refusal(build, linear(), ascending(4), np.ones((4, 2), np.float32))

    expect(
        ended,
        equals="ValueError",
        otherwise={"the prediction was compared with every column": "returned"},
    )


@clause("fit.raises.dict-names")
def test_a_dict_without_an_input_or_output_is_refused(build: Build) -> None:
    """A dict of data that lacks an input or an output of the model is a ValueError."""
    x, y = ascending(2), constant(2, 0)
    both_inputs, both_targets = {"in1": x, "in2": x}, {"a": y, "b": y}
    cases = {
        "no in2": ({"in1": x}, both_targets),
        "another name than in2": ({"in1": x, "in3": x}, both_targets),
        "no b": (both_inputs, {"a": y}),
        "another name than b": (both_inputs, {"a": y, "c": y}),
    }

    outcomes = {
        name: _refusal(build, two_in_two_out(1.0, 1.0), *case) for name, case in cases.items()
    }

    expect(outcomes, equals=dict.fromkeys(cases, "ValueError"))
