"""`predict_on_batch`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fitspec.conformance.arrangements.data_forms import LISTED, data_by_name, model_of_three
from fitspec.conformance.arrangements.inference import UNTRAINED
from fitspec.conformance.arrangements.returned import kind, numbers
from fitspec.conformance.arrangements.taken import takes_flat_vectors, tried
from fitspec.conformance.checks import SGD, Build, answer, clause, expect, outcome, recognise
from fitspec.conformance.vocabulary.models import (
    dropped_sum,
    linear,
    normalized,
    three_in_three_out,
    times_first,
)
from fitspec.conformance.vocabulary.samples import ascending, column, constant
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
    one = _compiled(build, linear(2.0))
    three = _compiled(build, three_in_three_out(1.0, 1.0, 1.0))
    inputs = [column(1, 2), column(3, 4), column(5, 6)]

    values = {
        "one output": one.predict_on_batch(inputs[0]).value,
        "three outputs": three.predict_on_batch(inputs).value,
        "one output, again": one.predict_on_batch(inputs[0]).value,
        "one row": one.predict_on_batch(column(3)).value,
    }

    expect(
        {name: {"kind": kind(value), "values": value} for name, value in values.items()},
        equals={
            "one output": {"kind": "NumPy array", "values": column(2, 4)},
            "three outputs": {
                "kind": "list of NumPy array, NumPy array, NumPy array",
                "values": inputs,
            },
            "one output, again": {"kind": "NumPy array", "values": column(2, 4)},
            "one row": {"kind": "NumPy array", "values": column(6)},
        },
    )


@clause("predict_on_batch.single-batch")
def test_all_rows_are_predicted_as_one_batch(build: Build) -> None:
    """All rows make one batch, however many they are."""
    x = ascending(100)
    model = _compiled(build, times_first())

    # A smaller batch came before it.
    model.predict_on_batch(ascending(2))
    value = model.predict_on_batch(x).value

    # Each row times the first of its batch, which is 1 for all. The first rows of batches of 32
    # would be 1, 33, 65 and 97.
    expect(numbers(value), equals=numbers(x))


@clause("predict_on_batch.equals-predict")
def test_a_batch_is_predicted_as_predict_does(build: Build) -> None:
    """The predictions for a batch are those of `predict`, in inference mode too."""
    x = np.outer([1, 2, 3], np.ones(63)).astype(np.float32)
    dropping, normalizing = _compiled(build, dropped_sum()), _compiled(build, normalized())
    # Whether a batch can be trained on is another clause; the rate is 0.
    tried(dropping.train_on_batch, x, constant(3, 0))

    seen = {
        "predict_on_batch": [
            numbers(dropping.predict_on_batch(x).value),
            numbers(normalizing.predict_on_batch(constant(2, 5)).value),
        ],
        "predict": [
            numbers(dropping.predict(x).value),
            numbers(normalizing.predict(constant(2, 5)).value),
        ],
        "statistics and weights": normalizing.weights()["y"],
    }
    learning = build(linear(1.0))
    learning.compile(SGD(0.25), "mse")
    for when in ("before an update", "after one"):
        both = learning.predict(column(1)).value, learning.predict_on_batch(column(1)).value
        seen[when] = [numbers(one) for one in both]
        # The same five times: a library may keep some of it for validation.
        learning.fit(constant(5, 1), constant(5, 0), batch_size=5, epochs=1)

    # 63 equal features add up to 63, 126 and 189, exactly; with dropout to an even multiple. With
    # the moving statistics 5 becomes 5/sqrt(1.25), with those of the batch 0. A root and a quotient
    # (or an inverse and two products) are rounded.
    right = [[63.0, 126.0, 189.0], [5 / 1.25**0.5] * 2]
    expect(
        seen,
        equals={
            "predict_on_batch": right,
            "predict": right,
            "statistics and weights": UNTRAINED,
            # The gradient is 2.
            "before an update": [[1.0], [1.0]],
            "after one": [[0.5], [0.5]],
        },
        ulps=4,
    )


@clause("predict_on_batch.inputs")
def test_a_batch_is_predicted_from_each_form(build: Build) -> None:
    """Several inputs may be a list or a dict; fewer or more than there are are a ValueError."""
    inputs, _ = data_by_name()
    listed = [inputs[name] for name in LISTED]

    def predicted(x: object) -> list[float]:
        return numbers(_compiled(build, model_of_three()).predict_on_batch(x).value)

    def refused(x: object) -> str:
        return outcome(_compiled(build, model_of_three()).predict_on_batch, x)

    seen = {
        "list": predicted(listed),
        "dict": predicted(inputs),
        "one of three": refused(listed[0]),
        "four for three": refused([*listed, listed[0]]),
    }
    # Whether `fit` takes vectors is another clause; whoever does so takes them everywhere.
    if takes_flat_vectors(build):
        vector = np.asarray([1, 2], np.float32)
        seen["vector"] = numbers(_compiled(build, linear(2.0)).predict_on_batch(vector).value)

    # 2·1, 3·10 and 5·100, for two samples each. In the order of the dict 2·10, 3·1 and 5·100, in
    # that of the alphabet 2·100, 3·1 and 5·10. Of the vector 2·1 and 2·2.
    values = [2.0, 2.0, 30.0, 30.0, 500.0, 500.0]
    right = {
        "list": values,
        "dict": values,
        "one of three": "ValueError",
        "four for three": "ValueError",
        **({"vector": [2.0, 4.0]} if "vector" in seen else {}),
    }
    expect(
        seen,
        equals=right,
        otherwise={
            "the order of the dict decided": {
                **right,
                "dict": [20.0, 20.0, 3.0, 3.0, 500.0, 500.0],
            },
            "the alphabet decided": {**right, "dict": [200.0, 200.0, 3.0, 3.0, 50.0, 50.0]},
            "surplus arrays are ignored": {**right, "four for three": "returned"},
        },
    )


@clause("predict_on_batch.no-compile-needed")
def test_whether_a_batch_is_predicted_without_compile(build: Build) -> None:
    """What a model that was never compiled does with a batch."""
    seen = {}
    for state, model in {
        "not compiled": build(linear(2.0)),
        "compiled": _compiled(build, linear(2.0)),
    }.items():
        found = answer(model.predict_on_batch, column(1))
        seen[state] = numbers(found.value) if isinstance(found, Result) else found

    recognise(
        seen,
        {
            "it predicts": {"not compiled": [2.0], "compiled": [2.0]},
            "it is refused with RuntimeError": {
                "not compiled": "RuntimeError",
                "compiled": [2.0],
            },
            "it is refused with ValueError": {"not compiled": "ValueError", "compiled": [2.0]},
        },
    )
