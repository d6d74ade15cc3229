"""`fit`: the forms of validation arrays, and how validation runs through them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from fitspec.conformance.checks import SGD, Build, answer, clause, expect, outcome, recognise
from fitspec.conformance.vocabulary.models import (
    dropped_sum,
    fed_by_tensor,
    linear,
    normalized,
    two_in_two_out,
)
from fitspec.conformance.vocabulary.probes import NativeTensor, UserFunction
from fitspec.conformance.vocabulary.samples import ascending, column, constant

if TYPE_CHECKING:
    from fitspec.conformance.worker.remote import Model


@clause("fit.validation_split.multi-input-output")
def test_all_arrays_are_split_at_the_same_sample(build: Build) -> None:
    """The split cuts every input and every target at the same place, in lists and in dicts."""
    inputs, targets = [column(1, 2, 3, 4), column(10, 20, 30, 40)], [column(0, 0, 0, 1)] * 2
    by_name = {"in1": inputs[0], "in2": inputs[1]}, {"a": targets[0], "b": targets[1]}
    forms = {"lists": (inputs, targets), "dicts": by_name}

    losses = {}
    for name, (x, y) in forms.items():
        model = build(two_in_two_out(1.0, 1.0))
        model.compile(SGD(0.0), "mse")
        history = model.fit(x, y, validation_split=0.5, epochs=1).history.history
        losses[name] = [history["loss"], history["val_loss"]]

    # Head (1² + 2²)/2 + (10² + 20²)/2; tail (3² + 3²)/2 + (30² + 39²)/2.
    expect(losses, equals=dict.fromkeys(forms, [[252.5], [1219.5]]))


def _on_tensors(build: Build) -> Model:
    model = build(fed_by_tensor(NativeTensor(column(1, 2))))
    model.compile(SGD(0.0), "mse", target_tensors=NativeTensor(column(0, 0)))
    return model


def _from_outside(build: Build) -> Model:
    model = build(linear())
    model.compile(SGD(0.0), "mse")
    return model


@clause("fit.validation_split.needs-sliceable-x")
def test_a_split_of_no_arrays_is_not_passed_over(build: Build) -> None:
    """A split is refused, in whatever way, when there are no arrays to split."""
    steps = {"no steps": {}, "two steps": {"steps_per_epoch": 2}}

    trained = {
        f"{where}, {count}": outcome(
            prepare(build).fit, validation_split=0.5, epochs=1, **arguments
        )
        == "returned"
        for where, prepare in (("from outside", _from_outside), ("on tensors", _on_tensors))
        for count, arguments in steps.items()
    }

    expect(trained, equals=dict.fromkeys(trained, False))


@clause("fit.validation_data.list-form")
def test_validation_data_may_be_a_list(build: Build) -> None:
    """A list of inputs and targets is validated on as a tuple of them is."""
    model = _from_outside(build)

    result = model.fit(
        ascending(2), constant(2, 0), validation_data=[column(3, 4), column(1, 1)], epochs=1
    )

    # ((3 - 1)² + (4 - 1)²)/2
    expect(result.history.history["val_loss"], equals=[6.5])


@clause("fit.validation_data.inference-mode")
def test_validation_computes_in_test_mode(build: Build) -> None:
    """Validation drops nothing out and moves no statistics of a batch normalization."""
    dropped, validated, alone = build(dropped_sum()), build(normalized()), build(normalized())
    for model in (dropped, validated, alone):
        model.compile(SGD(0.0), "mse")
    ones, sums = np.ones((4, 63), np.float32), constant(4, 63)
    training, validation = (column(1, 3), column(0, 0)), (column(100, 300), column(0, 0))

    history = dropped.fit(ones, sums, epochs=1, validation_data=(ones, sums)).history.history
    validated.fit(*training, epochs=1, validation_data=validation)
    alone.fit(*training, epochs=1, validation_data=None)

    # 63 ones add up to 63 without dropout and to an even number with it.
    statistics = [
        [array.tolist() for array in model.weights()["y"]] for model in (validated, alone)
    ]
    seen = {
        "loss behind dropout": history["val_loss"],
        "statistics moved": statistics[0] != statistics[1],
    }
    expect(seen, equals={"loss behind dropout": [0.0], "statistics moved": False})


@clause("fit.validation_data.batched-with-batch_size")
def test_validation_arrays_are_read_in_order_in_batches(build: Build) -> None:
    """Validation arrays are cut into batches of `batch_size` in the order given, not shuffled."""
    model = build(linear(1.0))
    model.compile(SGD(0.0), UserFunction("prediction_times_first_target"))
    powers = column(*(2.0**place for place in range(6)))

    result = model.fit(
        *(ascending(6), constant(6, 0)), batch_size=2, epochs=4, validation_data=(powers, powers)
    )

    # The loss of a batch is (its first target)·(mean of its predictions), so that it tells which
    # sample met which: (1·(1 + 2) + 4·(4 + 8) + 16·(16 + 32))/6; batches of equal size average
    # alike however it is done. Six shuffled samples give this once in 120 times, and four times
    # in a row once in 200 million.
    expect(
        result.history.history["val_loss"],
        equals=[136.5] * 4,
        otherwise={"all samples were one batch": [10.5] * 4},
    )


@clause("fit.validation_data.no-rows")
def test_validation_data_without_rows(build: Build) -> None:
    """What `fit` does when there is not one sample to validate on."""
    model = build(linear())
    model.compile(SGD(0.0), "mse")
    nothing = np.zeros((0, 1), np.float32)

    answered = answer(model.fit, column(1), column(0), validation_data=(nothing, nothing), epochs=1)

    seen = answered if isinstance(answered, str) else answered.history.history
    recognise(
        seen,
        {
            "it trains and does not validate": {"loss": [1.0]},
            "it fails with an IndexError": "IndexError",
            "it trains, and the validation loss is 0": {"loss": [1.0], "val_loss": [0.0]},
            "it trains, and the validation loss is NaN": {"loss": [1.0], "val_loss": [math.nan]},
            "it is refused with a ValueError": "ValueError",
        },
    )
