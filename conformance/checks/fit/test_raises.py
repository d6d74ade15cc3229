"""`fit`: what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.conformance.arrangements.compiled import frozen
from fitspec.conformance.arrangements.taken import taken, takes_lists, takes_sequences, tried
from fitspec.conformance.checks import SGD, Build, Generator, clause, expect, outcome
from fitspec.conformance.vocabulary.models import (
    copies,
    linear,
    tally,
    temporal,
    three_in_three_out,
    three_layers,
    two_in_two_out,
)
from fitspec.conformance.vocabulary.probes import SequenceOf
from fitspec.conformance.vocabulary.samples import ascending, constant

if TYPE_CHECKING:
    from fitspec.conformance.vocabulary.probes import ModelOf


def _refusal(build: Build, description: ModelOf, *data: object, **arguments: object) -> str:
    """Return how `fit` ends on a fresh model: what an earlier refusal left behind is no matter."""
    model = build(description)
    model.compile(SGD(0.0), "mse")
    return outcome(model.fit, *data, epochs=1, **arguments)


def _in_a_sequence(build: Build, description: ModelOf, right: Any, wrong: Any) -> dict[str, str]:
    """Return how `fit` ends with wrong data in an item of a Sequence.

    Only where it takes the right ones there, which is said by other clauses.
    """
    if tried(_refusal, build, description, SequenceOf([right])) != "returned":
        return {}
    return {"in a Sequence": _refusal(build, description, SequenceOf([wrong]))}


def _to_validate_on(build: Build, description: ModelOf, right: Any, wrong: Any) -> dict[str, str]:
    """Return how `fit` ends with wrong data to validate on, where it takes the right ones."""
    if tried(_refusal, build, description, *right, validation_data=right) != "returned":
        return {}
    return {"to validate on": _refusal(build, description, *right, validation_data=wrong)}


@clause("fit.raises.not-compiled-RuntimeError")
def test_training_without_compiling_is_refused(build: Build) -> None:
    """A model that was never compiled cannot be trained: RuntimeError."""
    functional, sequential = build(linear()), build(three_layers())

    outcomes = {
        "functional": outcome(functional.fit, ascending(2), constant(2, 0), epochs=1),
        "sequential": outcome(sequential.fit, ascending(2), constant(2, 0), epochs=1),
    }

    if takes_sequences(build):
        batches = SequenceOf([(ascending(2), constant(2, 0))])
        outcomes["on a Sequence"] = outcome(build(linear()).fit, batches, epochs=1)
    item = ascending(2), constant(2, 0)
    if taken(frozen(build, linear()).fit, Generator([item]), steps_per_epoch=1, epochs=1):
        fit = build(linear()).fit
        outcomes["on a generator"] = outcome(fit, Generator([item]), steps_per_epoch=1)

    expect(outcomes, equals=dict.fromkeys(outcomes, "RuntimeError"))


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
    right, more = ([x, x], [y, y]), ([x, x, x], [y, y])
    outcomes |= _in_a_sequence(build, two, right, more)
    outcomes |= _to_validate_on(build, two, right, more)

    expect(outcomes, equals=dict.fromkeys(outcomes, "ValueError"))


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
    right, more = ([x, x], [y, y]), ([x, x], [y, y, y])
    for elsewhere in (_in_a_sequence, _to_validate_on):
        endings = elsewhere(build, two, right, more).items()
        outcomes |= {f"a list of three for two, {where}": ended for where, ended in endings}

    expect(outcomes, equals=dict.fromkeys(outcomes, "ValueError"))


@clause("fit.raises.unequal-sample-counts")
def test_arrays_of_unequal_length_are_refused(build: Build) -> None:
    """Inputs and targets that differ in their number of samples are a ValueError."""
    one, two = linear(), two_in_two_out(1.0, 1.0)
    four, three, pair, single = (ascending(count) for count in (4, 3, 2, 1))
    # One sample against several would be repeated by broadcasting.
    cases = {
        "x 4, y 3": (one, four, three),
        "x 4, y 1": (one, four, single),
        "x 1, y 4": (one, single, four),
        "inputs 4 and 3": (two, [four, three], [four, four]),
        "inputs 4 and 1": (two, [four, single], [four, four]),
        "targets 4 and 3": (two, [four, four], [four, three]),
        "targets 4 and 1": (two, [four, four], [four, single]),
        "a third input of 3": (three_in_three_out(1.0, 1.0, 1.0), [four, four, three], [four] * 3),
    }

    outcomes = {name: _refusal(build, *case) for name, case in cases.items()}
    # Whoever compares batches finds none that differs: the shorter ends with a batch.
    outcomes |= {
        f"{name}, in batches of 2": _refusal(build, one, *case, batch_size=2)
        for name, case in {"x 4, y 2": (four, pair), "x 2, y 4": (pair, four)}.items()
    }
    # Those of an item are another clause.
    outcomes |= _to_validate_on(build, one, (four, four), (four, three))

    expect(outcomes, equals=dict.fromkeys(outcomes, "ValueError"))


@clause("fit.raises.input-shape")
def test_inputs_of_another_shape_are_refused(build: Build) -> None:
    """An input with another number of features, or another rank, is a ValueError."""
    flat = (4, 1)
    # Of steps and features either has the right length in one of the last two; the targets are
    # what such an input would give, so that nothing else is wrong.
    cases = {
        "(4, 2) for one feature": (linear(), (4, 2), flat),
        "(4, 1, 1) for one feature": (linear(), (4, 1, 1), flat),
        "(4, 1) for three features": (tally(3), (4, 1), flat),
        "(4, 2) for three features": (tally(3), (4, 2), flat),
        "(4, 3, 2) for three steps of one feature": (temporal(), (4, 3, 2), (4, 3, 1)),
        "(4, 2, 1) for three steps of one feature": (temporal(), (4, 2, 1), (4, 2, 1)),
    }

    outcomes = {
        name: _refusal(build, description, np.ones(shape, np.float32), np.zeros(y, np.float32))
        for name, (description, shape, y) in cases.items()
    }
    # Whether lists are taken is another clause.
    x, y = ascending(4), constant(4, 0)
    if takes_lists(build):
        wide = np.ones((4, 2), np.float32)
        outcomes["(4, 2) for one feature of a second input"] = _refusal(
            build, two_in_two_out(1.0, 1.0), [x, wide], [y, y]
        )

    refused = dict.fromkeys(outcomes, "ValueError")
    expect(
        outcomes,
        equals=refused,
        otherwise={
            "the rank is not looked at": {**refused, "(4, 1, 1) for one feature": "returned"},
            "one feature stands for three": {**refused, "(4, 1) for three features": "returned"},
            "the number of steps is not looked at": {
                **refused,
                "(4, 2, 1) for three steps of one feature": "returned",
            },
        },
    )


@clause("fit.raises.target-shape")
def test_targets_of_another_shape_are_refused(build: Build) -> None:
    """A target with another number of columns than the output is a ValueError."""
    cases = {
        "(4, 2) for one column": (linear(), (4, 1), (4, 2)),
        "(4, 1) for two columns": (copies(2), (4, 1), (4, 1)),
        "(4, 3) for two columns": (copies(2), (4, 1), (4, 3)),
        "(4, 1, 1) for one column": (linear(), (4, 1), (4, 1, 1)),
        # Of steps and columns one has the right length.
        "(4, 3, 2) for three steps of one column": (temporal(), (4, 3, 1), (4, 3, 2)),
        "(4, 1, 1) for three steps of one column": (temporal(), (4, 3, 1), (4, 1, 1)),
    }

    outcomes = {
        name: _refusal(build, description, np.ones(x, np.float32), np.ones(y, np.float32))
        for name, (description, x, y) in cases.items()
    }
    x, one, two = ascending(4), constant(4, 0), np.zeros((4, 2), np.float32)
    for elsewhere in (_in_a_sequence, _to_validate_on):
        endings = elsewhere(build, copies(2), (x, two), (x, one)).items()
        outcomes |= {f"(4, 1) for two columns, {where}": ended for where, ended in endings}
    # Whether lists are taken is another clause.
    if takes_lists(build):
        outcomes["(4, 2) for one column of a second output"] = _refusal(
            build, two_in_two_out(1.0, 1.0), [x, x], [one, two]
        )

    refused = dict.fromkeys(outcomes, "ValueError")
    spread = [name for name in outcomes if name.startswith("(4, 1) for two columns")]
    # Three columns cannot be compared with two by repeating either: how that ends differs.
    expect(
        outcomes,
        equals=refused,
        otherwise={
            "the prediction was compared with every column": {
                **dict.fromkeys(outcomes, "returned"),
                "(4, 3) for two columns": "ValueError",
            },
            "one target stands for two columns": {**refused, **dict.fromkeys(spread, "returned")},
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
        "another name than that of the only output": (one, x, {"c": y}),
    }

    outcomes = {name: _refusal(build, *case) for name, case in cases.items()}
    right, other = (both_inputs, both_targets), ({"in1": x, "in3": x}, both_targets)
    outcomes |= _in_a_sequence(build, two, right, other)
    outcomes |= _to_validate_on(build, two, right, other)

    expect(outcomes, equals=dict.fromkeys(outcomes, "ValueError"))
