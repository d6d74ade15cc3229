"""`fit`: the forms of x and y, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fitspec.conformance.checks import SGD, Build, clause, expect, outcome
from fitspec.conformance.vocabulary.models import (
    fed_by_tensor,
    linear,
    three_layers,
    two_in_two_out,
)
from fitspec.conformance.vocabulary.probes import NativeTensor
from fitspec.conformance.vocabulary.samples import ascending, column, constant

if TYPE_CHECKING:
    from fitspec.conformance.vocabulary.probes import ModelOf

#: The parameters of `fit` in document 004 and their defaults.
DEFAULTS = {
    "x": None,
    "y": None,
    "batch_size": None,
    "epochs": 1,
    "verbose": 1,
    "callbacks": None,
    "validation_split": 0.0,
    "validation_data": None,
    "shuffle": True,
    "class_weight": None,
    "sample_weight": None,
    "initial_epoch": 0,
    "steps_per_epoch": None,
    "validation_steps": None,
    "validation_freq": 1,
    "max_queue_size": 10,
    "workers": 1,
    "use_multiprocessing": False,
}
#: Those that document 003 does not have.
LATER = {"validation_freq", "max_queue_size", "workers", "use_multiprocessing"}


@clause("fit.signature.defaults")
def test_every_argument_of_fit_has_its_documented_default(build: Build) -> None:
    """Every argument of `fit` is optional and has the documented default."""
    parameters = {item.name: item for item in build(linear()).fit.parameters()}

    # 003 lacks four parameters of 004, all or none of them, and has the others as 004 has them.
    lacking = LATER if LATER.isdisjoint(parameters) else set()
    documented = {name: value for name, value in DEFAULTS.items() if name not in lacking}
    found = {
        name: "missing"
        if name not in parameters
        else "required"
        if parameters[name].required
        else parameters[name].default
        for name in documented
    }

    expect(found, equals=documented)


@clause("fit.x.array")
def test_x_may_be_an_array(build: Build) -> None:
    """A model of one input is trained on an array."""
    model = build(linear())
    model.compile(SGD(0.0), "mse")

    result = model.fit(ascending(4), constant(4, 0), epochs=1)

    # (1 + 4 + 9 + 16)/4
    expect(result.history.history["loss"], equals=[7.5])


@clause("fit.x.one-d-array")
def test_a_flat_vector_is_one_feature_per_sample(build: Build) -> None:
    """Flat vectors of inputs and targets mean one feature and one target for each sample."""
    model = build(linear())
    model.compile(SGD(0.0), "mse")

    result = model.fit(np.asarray([1, 2], np.float32), np.asarray([3, 1], np.float32), epochs=1)

    # ((1 - 3)² + (2 - 1)²)/2 = 2.5; each prediction with each target: (4 + 0 + 1 + 1)/4.
    expect(
        result.history.history["loss"],
        equals=[2.5],
        otherwise={"every prediction was compared with every target": [1.5]},
    )


@clause("fit.x.list-multi-input")
def test_a_list_of_arrays_feeds_the_inputs_by_position(build: Build) -> None:
    """The arrays of a list go to the inputs in the order of the inputs."""
    model = build(two_in_two_out(1.0, 2.0))
    model.compile(SGD(0.0), "mse")
    inputs = [ascending(4), 10 * ascending(4)]

    result = model.fit(inputs, [constant(4, 0), constant(4, 0)], epochs=1)

    # Squares of 1..4 average 7.5: 1²·7.5 + 2²·100·7.5; exchanged 100·7.5 + 2²·7.5.
    expect(
        result.history.history["loss"],
        equals=[3007.5],
        otherwise={"the inputs were exchanged": [780.0]},
    )


@clause("fit.x.dict-by-name")
def test_a_dict_feeds_the_inputs_by_name(build: Build) -> None:
    """The arrays of a dict go to the inputs of those names, whatever their order."""
    model = build(two_in_two_out(1.0, 2.0))
    model.compile(SGD(0.0), "mse")
    inputs = {"in2": 10 * ascending(4), "in1": ascending(4)}

    result = model.fit(inputs, [constant(4, 0), constant(4, 0)], epochs=1)

    # As with a list: 1²·7.5 + 2²·100·7.5.
    expect(
        result.history.history["loss"],
        equals=[3007.5],
        otherwise={"the order of the dict decided": [780.0]},
    )


@clause("fit.x.none-with-framework-tensors")
def test_a_model_built_on_tensors_needs_no_data(build: Build) -> None:
    """A model on tensors draws `steps_per_epoch` batches an epoch from them, without x and y."""
    model = build(fed_by_tensor(NativeTensor(column(1, 1)), weight=1.0))
    model.compile(SGD(0.25), "mse", target_tensors=NativeTensor(column(0, 0)))

    model.fit(steps_per_epoch=2, epochs=3)

    # Gradient 2·w at x = 1: each of the 2·3 updates halves w.
    expect(
        model.weight("y"),
        equals=2.0**-6,
        otherwise={"each epoch drew one batch": 2.0**-3, "no update was made": 1.0},
    )


@clause("fit.x.none-without-steps-ValueError")
def test_training_on_nothing_is_refused(build: Build) -> None:
    """Neither data nor a number of steps is a ValueError for a model that is fed from outside."""
    model = build(linear())
    model.compile(SGD(0.0), "mse")

    expect(outcome(model.fit), equals="ValueError")


@clause("fit.y.list-multi-output")
def test_a_list_of_targets_belongs_to_the_outputs_by_position(build: Build) -> None:
    """The targets of a list are those of the outputs in their order."""
    model = build(two_in_two_out(1.0, 2.0))
    model.compile(SGD(0.0), "mse")

    result = model.fit([constant(2, 2)] * 2, [constant(2, 0), constant(2, 1)], epochs=1)

    # Predictions 2 and 4: (2 - 0)² + (4 - 1)².
    expect(
        result.history.history["loss"],
        equals=[13.0],
        otherwise={
            "the targets were exchanged": [17.0],
            "all outputs got the first target": [20.0],
        },
    )


@clause("fit.y.dict-by-output-name")
def test_a_dict_of_targets_belongs_to_the_outputs_by_name(build: Build) -> None:
    """The targets of a dict are those of the outputs of those names, whatever their order."""
    model = build(two_in_two_out(1.0, 2.0))
    model.compile(SGD(0.0), "mse")

    result = model.fit([constant(2, 2)] * 2, {"b": constant(2, 1), "a": constant(2, 0)}, epochs=1)

    # As with a list: (2 - 0)² + (4 - 1)².
    expect(
        result.history.history["loss"],
        equals=[13.0],
        otherwise={"the order of the dict decided": [17.0]},
    )


@clause("fit.raises.not-compiled-RuntimeError")
def test_training_without_compiling_is_refused(build: Build) -> None:
    """A model that was never compiled cannot be trained: RuntimeError."""
    functional, sequential = build(linear()), build(three_layers())

    outcomes = {
        "functional": outcome(functional.fit, ascending(2), constant(2, 0)),
        "sequential": outcome(sequential.fit, ascending(2), constant(2, 0)),
    }

    expect(outcomes, equals={"functional": "RuntimeError", "sequential": "RuntimeError"})


def _refusal(build: Build, description: ModelOf, x: object, y: object) -> str:
    """Return how `fit` ends on a fresh model: what an earlier refusal left behind is no matter."""
    model = build(description)
    model.compile(SGD(0.0), "mse")
    return outcome(model.fit, x, y, epochs=1)


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


@clause("fit.kwargs.backwards-compatible")
def test_fit_takes_keywords_of_older_code(build: Build) -> None:
    """`fit` takes keywords beyond its own arguments."""
    parameters = build(linear()).fit.parameters()

    expect(any(item.kind == "var_keyword" for item in parameters), equals=True)
