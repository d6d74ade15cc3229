"""`fit`: the data that it validates on."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.conformance.arrangements.compiled import small_model
from fitspec.conformance.arrangements.numbered_batches import (
    IDLE,
    to_validate,
    validated,
    validating,
)
from fitspec.conformance.checks import (
    SGD,
    Build,
    Generator,
    answer,
    clause,
    expect,
    outcome,
    recognise,
)
from fitspec.conformance.vocabulary.models import dropped_sum, linear, normalized
from fitspec.conformance.vocabulary.probes import SequenceOf, UserFunction
from fitspec.conformance.vocabulary.samples import ascending, column, constant

if TYPE_CHECKING:
    from fitspec.conformance.vocabulary.probes import Source


@clause("fit.validation_data.pair")
def test_validation_data_is_evaluated(build: Build) -> None:
    """A pair of inputs and targets is evaluated each epoch."""
    validation = ascending(2), constant(2, 0)

    result = small_model(build).fit(
        ascending(4), constant(4, 0), validation_data=validation, epochs=2
    )

    # (1 + 4)/2
    expect(result.history.history["val_loss"], equals=[2.5, 2.5])


@clause("fit.validation_data.list-form")
def test_validation_data_may_be_a_list(build: Build) -> None:
    """A list of inputs and targets is validated on as a tuple of them is."""
    model = small_model(build)

    result = model.fit(
        ascending(2), constant(2, 0), validation_data=[column(3, 4), column(1, 1)], epochs=1
    )

    # ((3 - 1)² + (4 - 1)²)/2
    expect(result.history.history["val_loss"], equals=[6.5])


@clause("fit.validation_data.triple-weights")
def test_weights_in_validation_data_weight_its_loss(build: Build) -> None:
    """A third element of the validation data holds the weights of its samples."""
    validation = ascending(2), constant(2, 0), column(1, 3).ravel()

    result = small_model(build).fit(
        ascending(4), constant(4, 0), validation_data=validation, epochs=1
    )

    # (1·1 + 3·4)/2
    expect(
        result.history.history["val_loss"],
        equals=[6.5],
        otherwise={
            "the weights had no effect": [2.5],
            "the weighted loss is divided by the sum of the weights": [13 / 4],
        },
    )


@clause("fit.validation_data.overrides-split")
def test_validation_data_overrides_the_split(build: Build) -> None:
    """With both given, the validation data is validated on and all of x is trained on."""
    result = small_model(build).fit(
        ascending(4),
        constant(4, 0),
        validation_split=0.5,
        validation_data=(column(10), column(0)),
        epochs=1,
    )

    # All of 1..4: (1 + 4 + 9 + 16)/4; its head (1 + 4)/2; its tail (9 + 16)/2.
    seen = {key: result.history.history[key] for key in ("loss", "val_loss")}
    expect(
        seen,
        equals={"loss": [7.5], "val_loss": [100.0]},
        otherwise={
            "the tail was set apart all the same": {"loss": [2.5], "val_loss": [100.0]},
            "the split won": {"loss": [2.5], "val_loss": [12.5]},
        },
    )


@clause("fit.validation_data.not-trained")
def test_validation_data_is_not_trained_on(build: Build) -> None:
    """Absurd validation targets do not move the weights."""
    model = build(linear(1.0))
    model.compile(SGD(0.25), "mse")

    model.fit(column(1), column(0), validation_data=(column(1), column(1e6)), epochs=1)

    # Gradient 2·w = 2, so 1 - 0.25·2.
    expect(model.weight("y"), equals=0.5)


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


@clause("fit.validation_data.class-weight-not-applied")
def test_class_weights_do_not_touch_validation_data(build: Build) -> None:
    """Class weights act in training and leave the loss of the validation data alone."""
    data = constant(2, 1), column(0, 1)

    result = small_model(build, 3.0).fit(
        *data, class_weight={0: 1.0, 1: 10.0}, validation_data=data, epochs=1
    )

    # Errors 3 and 2: (9 + 4)/2; weighted (1·9 + 10·4)/2.
    expect(
        result.history.history["val_loss"],
        equals=[6.5],
        otherwise={"class weights weight the validation loss": [24.5]},
    )


@clause("fit.validation_data.bad-length-ValueError")
def test_validation_data_of_another_length_is_refused(build: Build) -> None:
    """Validation data is a pair or a triple; anything else is a ValueError."""
    x, y = ascending(2), constant(2, 0)
    weights = column(1, 1).ravel()
    cases = {"one array": (x,), "four": (x, y, weights, weights)}

    outcomes = {
        name: outcome(small_model(build).fit, x, y, validation_data=data)
        for name, data in cases.items()
    }

    expect(outcomes, equals={"one array": "ValueError", "four": "ValueError"})


@clause("fit.validation_data.dataset-or-iterator")
def test_arrays_may_be_validated_on_a_source_of_batches(build: Build) -> None:
    """Beside arrays, a generator or Sequence may hold the validation data."""
    sources: dict[str, Source] = {
        "generator": Generator(to_validate(2)),
        "Sequence": SequenceOf(to_validate(2)),
    }

    seen: dict[str, Any] = {}
    for name, source in sources.items():
        model = validating(build)
        result = answer(model.fit, *IDLE, validation_data=source, validation_steps=2, epochs=1)
        seen[name] = result if isinstance(result, str) else validated(result.history.history)

    expect(seen, equals=dict.fromkeys(sources, [[0, 1]]))


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
