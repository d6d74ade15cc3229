"""`predict`: what is returned."""

from __future__ import annotations

import numpy as np

from fitspec.conformance.arrangements.compiled import frozen
from fitspec.conformance.arrangements.returned import kind, numbers
from fitspec.conformance.arrangements.taken import tried
from fitspec.conformance.checks import Build, clause, expect, recognise
from fitspec.conformance.vocabulary.models import linear, three_in_three_out
from fitspec.conformance.vocabulary.probes import SequenceOf
from fitspec.conformance.vocabulary.samples import ascending, column

#: The rows of batches of two, of which the last is incomplete.
BATCHES = slice(0, 2), slice(2, 4), slice(4, 5)


@clause("predict.returns.numpy-single")
def test_one_output_gives_one_array(build: Build) -> None:
    """A model of one output predicts one NumPy array with a row for each sample."""
    model = frozen(build, linear(2.0))

    values = {
        "one batch": model.predict(ascending(7)).value,
        "the last of three is incomplete": model.predict(ascending(7), batch_size=3).value,
        "one sample": model.predict(column(5)).value,
        "seven others": model.predict(10 * ascending(7)).value,
    }
    # Whether bytes are taken, as of pictures, is left open; not what they are.
    of_bytes = tried(model.predict, column(200).astype(np.uint8))
    if of_bytes is not None:
        values["bytes"] = of_bytes.value

    rows = {
        "one batch": 2 * ascending(7),
        "the last of three is incomplete": 2 * ascending(7),
        "one sample": column(10),
        "seven others": 20 * ascending(7),
        "bytes": column(400),
    }
    expect(
        {name: {"kind": kind(value), "values": value} for name, value in values.items()},
        equals={name: {"kind": "NumPy array", "values": rows[name]} for name in values},
    )


@clause("predict.returns.numpy-list")
def test_several_outputs_give_a_list_of_arrays(build: Build) -> None:
    """A model of several outputs predicts a list of NumPy arrays in the outputs' order."""
    inputs = [ascending(5), 10 * ascending(5), 100 * ascending(5)]

    model = frozen(build, three_in_three_out(2.0, 3.0, 5.0))
    values = {"arrays": model.predict(inputs, batch_size=2).value}
    items = [([x[rows] for x in inputs], [x[rows] for x in inputs]) for rows in BATCHES]
    of_batches = tried(model.predict, SequenceOf(items))
    # Whether a Sequence is taken is another clause.
    if of_batches is not None:
        values["a Sequence"] = of_batches.value

    right = {
        "kind": "list of NumPy array, NumPy array, NumPy array",
        "values": [factor * ascending(5) for factor in (2, 30, 500)],
    }
    # The outputs are b, c and a.
    sorted_ = {**right, "values": [factor * ascending(5) for factor in (500, 2, 30)]}
    expect(
        {name: {"kind": kind(value), "values": value} for name, value in values.items()},
        equals=dict.fromkeys(values, right),
        otherwise={"the alphabet decided": dict.fromkeys(values, sorted_)},
    )


@clause("predict.returns.dtype")
def test_the_types_of_predictions(build: Build) -> None:
    """What type the predictions for inputs of several types have."""
    model, inputs = frozen(build, linear(0.5)), ("float32", "float64", "int64")

    values = [model.predict(column(1, 2).astype(name)).value for name in inputs]

    def types(*names: str) -> dict[str, list[object]]:
        return {"types": [*names], "predicted": [[0.5, 1.0]] * 3}

    recognise(
        {
            "types": [np.asarray(value).dtype.name for value in values],
            "predicted": [numbers(value) for value in values],
        },
        {
            "that of the weights, 32 bit floats, whatever the inputs are": types(*["float32"] * 3),
            "that of 64 bit floats, whatever the inputs are": types(*["float64"] * 3),
            "that of the inputs where they are floats, and 64 bit floats for integers": types(
                "float32", "float64", "float64"
            ),
        },
    )
