"""`predict`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis.strategies import integers

from fitspec.conformance.arrangements.returned import kind
from fitspec.conformance.arrangements.signatures import REQUIRED, defaults
from fitspec.conformance.checks import Build, ForAll, Sides, clause, expect, outcome
from fitspec.conformance.vocabulary.models import dropped_sum, fed_by_tensor, linear, two_in_two_out
from fitspec.conformance.vocabulary.probes import NativeTensor
from fitspec.conformance.vocabulary.samples import ascending, column

if TYPE_CHECKING:
    from fitspec.conformance.worker.remote import Model

#: The parameters of `predict` in document 004 and their defaults.
DEFAULTS = {
    "x": REQUIRED,
    "batch_size": None,
    "verbose": 0,
    "steps": None,
    "callbacks": None,
    "max_queue_size": 10,
    "workers": 1,
    "use_multiprocessing": False,
}


@clause("predict.signature.defaults")
def test_every_argument_of_predict_has_its_documented_default(build: Build) -> None:
    """`predict` requires its inputs, and every other argument has the documented default."""
    expect(defaults(build(linear()).predict, DEFAULTS), equals=DEFAULTS)


@clause("predict.x.list-and-dict")
def test_inputs_are_predicted_in_each_form(build: Build) -> None:
    """Inputs may be a list by position or a dict by name."""
    model, inputs = build(two_in_two_out(1.0, 1.0)), [column(1, 2), column(3, 4)]

    values = {
        "list": model.predict(inputs).value,
        "dict": model.predict({"in2": inputs[1], "in1": inputs[0]}).value,
    }

    expect(
        values,
        equals={"list": inputs, "dict": inputs},
        otherwise={"the order of the dict decided": {"list": inputs, "dict": inputs[::-1]}},
    )


@clause("predict.x.none-with-tensors")
def test_a_model_on_tensors_predicts_without_data(build: Build) -> None:
    """Where the framework's tensors hold the inputs, `steps` is needed and nothing else."""

    def fed() -> Model:
        return build(fed_by_tensor(NativeTensor(column(1, 2)), 2.0))

    seen = {
        "2 steps": fed().predict(None, steps=2).value,
        "no steps": outcome(fed().predict, None),
    }

    # Every step gives the two rows again.
    expect(seen, equals={"2 steps": column(2, 4, 2, 4), "no steps": "ValueError"})


@clause("predict.returns.numpy-single")
def test_one_output_gives_one_array(build: Build) -> None:
    """A model of one output predicts one NumPy array with a row for each sample."""
    value = build(linear(2.0)).predict(ascending(7)).value

    expect(
        {"kind": kind(value), "values": value},
        equals={"kind": "NumPy array", "values": 2 * ascending(7)},
    )


@clause("predict.returns.numpy-list")
def test_several_outputs_give_a_list_of_arrays(build: Build) -> None:
    """A model of several outputs predicts a list of NumPy arrays in the outputs' order."""
    inputs = [ascending(3), 10 * ascending(3)]

    value = build(two_in_two_out(1.0, 1.0)).predict(inputs).value

    expect(
        {"kind": kind(value), "values": value},
        equals={"kind": "list of NumPy array, NumPy array", "values": inputs},
    )


@clause("predict.order")
def test_predictions_are_in_the_order_of_the_samples(build: Build, for_all: ForAll) -> None:
    """Row i of the predictions belongs to sample i, whatever the batch size."""
    model = build(linear(2.0))

    def law(samples: int, batch_size: int) -> Sides:
        predictions = model.predict(ascending(samples), batch_size=batch_size).value
        # Twice a small whole number: nothing is rounded.
        return Sides(predictions, equals=2 * ascending(samples))

    for_all(
        law,
        samples=integers(1, 40),
        batch_size=integers(1, 50),
        examples=[(7, size) for size in (1, 2, 3, 7, 100)],
    )


@clause("predict.test-mode")
def test_dropout_is_off_in_prediction(build: Build) -> None:
    """Prediction is done in test mode, and works on a model that was not compiled."""
    value = build(dropped_sum()).predict(np.ones((4, 63), np.float32)).value

    # 63 ones add up to 63; with dropout to an even number.
    expect(value, equals=[[63.0]] * 4)


@clause("predict.raises.mismatch-ValueError")
def test_inputs_that_do_not_fit_are_refused(build: Build) -> None:
    """Too few or too many inputs, or another number of features, are a ValueError."""
    x, wide = ascending(2), np.ones((2, 2), np.float32)
    cases = {
        "one array": x,
        "three arrays": [x, x, x],
        "two features": [x, wide],
        "no name of an input": {"in1": x},
    }

    # Each on a model of its own: what an earlier refusal left behind is no matter here.
    outcomes = {
        name: outcome(build(two_in_two_out(1.0, 1.0)).predict, inputs)
        for name, inputs in cases.items()
    }

    expect(
        outcomes,
        equals=dict.fromkeys(cases, "ValueError"),
        otherwise={
            "surplus arrays are ignored": {
                "one array": "ValueError",
                "three arrays": "returned",
                "two features": "ValueError",
                "no name of an input": "ValueError",
            },
        },
    )
