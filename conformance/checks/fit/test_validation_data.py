"""`fit`: the data that it validates on."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.conformance.arrangements.compiled import learning_model, small_model
from fitspec.conformance.arrangements.numbered_batches import (
    IDLE,
    to_validate,
    validated,
    validating,
)
from fitspec.conformance.arrangements.weighted_losses import (
    expect_class_weights_in_training_only,
)
from fitspec.conformance.checks import (
    SGD,
    Build,
    Generator,
    Recorder,
    answer,
    clause,
    expect,
    outcome,
    recognise,
)
from fitspec.conformance.vocabulary.models import dropped_sum, linear, normalized
from fitspec.conformance.vocabulary.probes import SequenceOf, UserFunction
from fitspec.conformance.vocabulary.samples import ascending, column, constant
from fitspec.conformance.worker.answers import skips_validation

if TYPE_CHECKING:
    from fitspec.conformance.vocabulary.probes import Source

#: What to call a number of calls, where there are two validations.
TIMES = {0: "never", 1: "once", 2: "once for each validation", 4: "twice for each validation"}


@clause("fit.validation_data.pair")
def test_validation_data_is_evaluated(build: Build) -> None:
    """A pair of inputs and targets is evaluated at the end of each epoch."""
    training, validation = (constant(2, 1), constant(2, 0)), (column(2, 4), column(0, 0))

    result = learning_model(build).fit(
        *training, batch_size=1, validation_data=validation, epochs=2
    )

    # Two updates an epoch halve w twice, to 1/4 and to 1/16; with it (2² + 4²)/2·w².
    expect(
        result.history.history["val_loss"],
        equals=[10 / 16, 10 / 256],
        otherwise={
            "validation comes before the training of its epoch": [10.0, 10 / 16],
            "the training data are validated on": [1 / 16, 1 / 256],
        },
    )


@clause("fit.validation_data.list-form")
def test_validation_data_may_be_a_list(build: Build) -> None:
    """A list of inputs and targets is validated on as a tuple of them is."""
    validation = column(3, 4), column(1, 1)

    losses = {
        type(form).__name__: small_model(build)
        .fit(ascending(2), constant(2, 0), batch_size=2, validation_data=form, epochs=1)
        .history.history["val_loss"]
        for form in (validation, list(validation))
    }

    # ((3 - 1)² + (4 - 1)²)/2
    expect(losses, equals={"tuple": [6.5], "list": [6.5]})


@clause("fit.validation_data.triple-weights")
def test_weights_in_validation_data_weight_its_loss(build: Build) -> None:
    """A third element of the validation data holds the weights of its samples."""
    validation = ascending(2), constant(2, 0), column(0.25, 3).ravel()

    result = small_model(build).fit(
        ascending(4), constant(4, 0), batch_size=2, validation_data=validation, epochs=1
    )

    # (0.25·1 + 3·4)/2
    expect(
        result.history.history["val_loss"],
        equals=[6.125],
        otherwise={
            "the weights had no effect": [2.5],
            "the weighted loss is divided by the sum of the weights": [49 / 13],
        },
    )


@clause("fit.validation_data.overrides-split")
def test_validation_data_overrides_the_split(build: Build) -> None:
    """With both given, the validation data is validated on and all of x is trained on."""
    result = small_model(build).fit(
        ascending(4),
        constant(4, 0),
        batch_size=1,
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
    """Absurd validation targets, which are validated on, do not move the weights."""
    model = learning_model(build)

    result = model.fit(
        *(constant(2, 1), constant(2, 0)),
        batch_size=1,
        epochs=2,
        validation_data=(column(1, 1), column(1e6, 1e6)),
        callbacks=[Recorder()],
    )

    # Each of four updates halves w, from 1.
    expect(
        {"validation is skipped": skips_validation(result), "weight": model.weight("y")},
        equals={"validation is skipped": False, "weight": 1 / 16},
    )


@clause("fit.validation_data.inference-mode")
def test_validation_computes_in_test_mode(build: Build) -> None:
    """Validation drops nothing out, and neither uses nor moves statistics of its batches."""
    dropped, validated, alone = build(dropped_sum()), build(normalized()), build(normalized())
    for model in (dropped, validated, alone):
        model.compile(SGD(0.0), "mse")
    ones, sums = np.ones((4, 63), np.float32), constant(4, 63)
    training, validation = (column(1, 3), column(0, 0)), (column(100, 300), column(0, 0))

    sum_of_ones = dropped.fit(
        ones, sums, batch_size=4, epochs=1, validation_data=(ones, sums)
    ).history.history
    normal = validated.fit(
        *training, batch_size=2, epochs=1, validation_data=validation
    ).history.history
    alone.fit(*training, batch_size=2, epochs=1, validation_data=None)

    # 63 ones add up to 63 without dropout and to an even number with it. By statistics of their
    # own 100 and 300 become -1 and 1, less a little; by the moving ones, of which the mean is 1 and
    # the variance at most 1.5, more than 70 and 200.
    start, *statistics = [
        [array.tolist() for array in model.weights()["y"]]
        for model in (build(normalized()), validated, alone)
    ]
    seen = {
        "loss behind dropout": sum_of_ones["val_loss"],
        "dropout in training": sum_of_ones["loss"] != [0.0],
        "normalized by moving statistics": normal["val_loss"][0] > 1.0,
        "moved in training": statistics[1] != start,
        "moved in validation": statistics[0] != statistics[1],
    }
    expect(
        seen,
        equals={
            "loss behind dropout": [0.0],
            "dropout in training": True,
            "normalized by moving statistics": True,
            "moved in training": True,
            "moved in validation": False,
        },
    )


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

    expect_class_weights_in_training_only(build, *data, validation_data=data)


@clause("fit.validation_data.bad-length-ValueError")
def test_validation_data_of_another_length_is_refused(build: Build) -> None:
    """Validation data is a pair or a triple; anything else is a ValueError."""
    x, y = ascending(2), constant(2, 0)
    weights = column(1, 1).ravel()
    cases = {"two arrays": (x, y), "one array": (x,), "four": (x, y, weights, weights)}

    outcomes = {
        name: outcome(small_model(build).fit, x, y, batch_size=2, validation_data=data)
        for name, data in cases.items()
    }

    expect(
        outcomes,
        equals={"two arrays": "returned", "one array": "ValueError", "four": "ValueError"},
    )


@clause("fit.validation_data.dataset-or-iterator")
def test_arrays_may_be_validated_on_a_source_of_batches(build: Build) -> None:
    """Beside arrays, a generator or Sequence may hold the validation data."""
    sources: dict[str, Source] = {
        "generator": Generator(to_validate(3)),
        "Sequence": SequenceOf(to_validate(3)),
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


@clause("fit.validation_data.sequence-on_epoch_end")
def test_on_epoch_end_of_a_sequence_to_validate_on(build: Build) -> None:
    """How often a Sequence is told of the end of an epoch that validates on it."""
    seen = {}
    for name, steps in (("without steps", {}), ("with steps", {"validation_steps": 2})):
        source = SequenceOf(to_validate(3))
        events = (
            validating(build)
            .fit(Generator([IDLE]), steps_per_epoch=1, epochs=2, validation_data=source, **steps)
            .events.by(source)
        )
        ends = len(events.of("sequence_epoch_end"))
        seen[name] = TIMES.get(ends, f"{ends} times") if events.of("give") else "not read"

    recognise(
        seen,
        {
            words if words == other else f"{words}; with steps {other}": {
                "without steps": words,
                "with steps": other,
            }
            for words in TIMES.values()
            for other in TIMES.values()
        },
    )
