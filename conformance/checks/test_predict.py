"""`predict`."""

from __future__ import annotations

import numpy as np

from fitspec.conformance.checks import Build, clause, expect, outcome
from fitspec.conformance.models import dropped_sum, linear, two_in_two_out
from fitspec.conformance.samples import ascending


def _kind(value: object) -> str:
    """Say what `predict` returned, as far as its promise goes."""
    if isinstance(value, list):
        return f"list of {', '.join(_kind(item) for item in value)}"
    return "NumPy array" if isinstance(value, np.ndarray) else type(value).__name__


@clause("predict.returns.numpy-single")
def test_one_output_gives_one_array(build: Build) -> None:
    """A model of one output predicts one NumPy array with a row for each sample."""
    value = build(linear(2.0)).predict(ascending(7)).value

    expect(
        {"kind": _kind(value), "values": value},
        equals={"kind": "NumPy array", "values": 2 * ascending(7)},
    )


@clause("predict.returns.numpy-list")
def test_several_outputs_give_a_list_of_arrays(build: Build) -> None:
    """A model of several outputs predicts a list of NumPy arrays in the outputs' order."""
    inputs = [ascending(3), 10 * ascending(3)]

    value = build(two_in_two_out(1.0, 1.0)).predict(inputs).value

    expect(
        {"kind": _kind(value), "values": value},
        equals={"kind": "list of NumPy array, NumPy array", "values": inputs},
    )


@clause("predict.order")
def test_predictions_are_in_the_order_of_the_samples(build: Build) -> None:
    """Row i of the predictions belongs to sample i, whatever the batch size."""
    model = build(linear(2.0))

    predictions = [model.predict(ascending(7), batch_size=size).value for size in (1, 2, 3, 7, 100)]

    expect(predictions, equals=[2 * ascending(7)] * 5)


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
    cases = {"one array": x, "three arrays": [x, x, x], "two features": [x, wide]}

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
            },
        },
    )
