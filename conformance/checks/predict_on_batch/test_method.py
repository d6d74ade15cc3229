"""`predict_on_batch`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fitspec.conformance.arrangements.returned import kind
from fitspec.conformance.checks import SGD, Build, answer, clause, expect, outcome, recognise
from fitspec.conformance.vocabulary.models import dropped_sum, linear, times_first, two_in_two_out
from fitspec.conformance.vocabulary.samples import ascending, column
from fitspec.conformance.worker.remote import Result

if TYPE_CHECKING:
    from fitspec.conformance.vocabulary.probes import ModelOf
    from fitspec.conformance.worker.remote import Model


def _compiled(build: Build, description: ModelOf) -> Model:
    """Build a model and compile it: whether it must be is another clause."""
    model = build(description)
    model.compile(SGD(0.0), "mse")
    return model


@clause("predict_on_batch.returns")
def test_a_batch_is_predicted_as_numpy_arrays(build: Build) -> None:
    """One output gives a NumPy array, several a list of them in the outputs' order."""
    one, two = _compiled(build, linear(2.0)), _compiled(build, two_in_two_out(1.0, 1.0))
    inputs = [column(1, 2), column(3, 4)]

    values = {
        "one output": one.predict_on_batch(inputs[0]).value,
        "two outputs": two.predict_on_batch(inputs).value,
    }

    expect(
        {name: {"kind": kind(value), "values": value} for name, value in values.items()},
        equals={
            "one output": {"kind": "NumPy array", "values": column(2, 4)},
            "two outputs": {"kind": "list of NumPy array, NumPy array", "values": inputs},
        },
    )


@clause("predict_on_batch.single-batch")
def test_all_rows_are_predicted_as_one_batch(build: Build) -> None:
    """All rows make one batch, however many they are."""
    x = ascending(100)

    value = _compiled(build, times_first()).predict_on_batch(x).value

    # Each row times the first of its batch, which is 1 for all. The first rows of batches of 32
    # would be 1, 33, 65 and 97.
    expect(np.ravel(value / x), equals=[1.0] * 100)


@clause("predict_on_batch.equals-predict")
def test_a_batch_is_predicted_as_predict_does(build: Build) -> None:
    """The predictions for a batch are those of `predict`, in inference mode too."""
    model, x = _compiled(build, dropped_sum()), np.outer([1, 2, 3], np.ones(63)).astype(np.float32)

    values = {
        "predict_on_batch": model.predict_on_batch(x).value,
        "predict": model.predict(x).value,
    }

    # 63 equal features add up to 63, 126 and 189, exactly; with dropout to an even multiple.
    sums = column(63, 126, 189)
    expect(values, equals={"predict_on_batch": sums, "predict": sums})


@clause("predict_on_batch.inputs")
def test_a_batch_is_predicted_from_each_form(build: Build) -> None:
    """Several inputs may be a list or a dict; fewer than the model has are a ValueError."""
    model, inputs = _compiled(build, two_in_two_out(1.0, 1.0)), [column(1, 2), column(3, 4)]

    seen = {
        "list": model.predict_on_batch(inputs).value,
        "dict": model.predict_on_batch({"in2": inputs[1], "in1": inputs[0]}).value,
        "one of two": outcome(
            _compiled(build, two_in_two_out(1.0, 1.0)).predict_on_batch, inputs[0]
        ),
    }

    right = {"list": inputs, "dict": inputs, "one of two": "ValueError"}
    expect(
        seen,
        equals=right,
        otherwise={"the order of the dict decided": {**right, "dict": inputs[::-1]}},
    )


@clause("predict_on_batch.no-compile-needed")
def test_whether_a_batch_is_predicted_without_compile(build: Build) -> None:
    """What a model that was never compiled does with a batch."""
    found = answer(build(linear(2.0)).predict_on_batch, column(1))

    recognise(
        found.value if isinstance(found, Result) else found,
        {
            "it predicts": column(2),
            "it is refused with RuntimeError": "RuntimeError",
            "it is refused with ValueError": "ValueError",
        },
    )
