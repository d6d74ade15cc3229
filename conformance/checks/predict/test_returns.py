"""`predict`: what is returned."""

from __future__ import annotations

import numpy as np

from fitspec.conformance.arrangements.returned import kind
from fitspec.conformance.checks import Build, clause, expect, recognise
from fitspec.conformance.vocabulary.models import linear, two_in_two_out
from fitspec.conformance.vocabulary.samples import ascending, column


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


@clause("predict.returns.dtype")
def test_the_types_of_predictions(build: Build) -> None:
    """What type the predictions for inputs of several types have."""
    model = build(linear(0.5))

    seen = {
        name: np.asarray(model.predict(column(1, 2).astype(name)).value).dtype.name
        for name in ("float32", "float64", "int64")
    }

    recognise(
        seen,
        {
            "that of the weights, 32 bit floats, whatever the inputs are": dict.fromkeys(
                seen, "float32"
            ),
            "that of 64 bit floats, whatever the inputs are": dict.fromkeys(seen, "float64"),
            "that of the inputs where they are floats, and 64 bit floats for integers": {
                "float32": "float32",
                "float64": "float64",
                "int64": "float64",
            },
        },
    )
