"""`fit`: what the documents leave open about its results and about a second call."""

from __future__ import annotations

import math

import numpy as np

from fitspec.conformance.checks import SGD, Build, answer, clause, recognise
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.probes import UserFunction
from fitspec.conformance.vocabulary.samples import ascending, column, constant
from fitspec.conformance.worker.answers import loss_of

ONE, ZERO = column(1), column(0)


@clause("fit.sample_weight.zero-weight-divisor")
def test_what_a_weighted_loss_is_divided_by(build: Build) -> None:
    """Whether samples of weight 0 count in the divisor of the loss."""
    model = build(linear())
    model.compile(SGD(0.0), "mse")

    weights = np.asarray([0, 3], np.float32)
    result = model.fit(column(1, 2), constant(2, 0), sample_weight=weights, epochs=1)

    # Losses 1 and 4, weighted 0 and 12.
    recognise(
        loss_of(result),
        {
            "all samples": [12 / 2],
            "the samples whose weight is not 0": [12 / 1],
            "the sum of the weights": [12 / 3],
        },
    )


@clause("fit.sample_weight.all-zero")
def test_a_batch_without_weight(build: Build) -> None:
    """What `fit` reports and trains when all sample weights are 0."""
    model = build(linear(3.0))
    model.compile(SGD(0.25), "mse")

    result = model.fit(
        column(1, 2), constant(2, 0), sample_weight=np.zeros(2, np.float32), epochs=1
    )

    recognise(
        {"loss": loss_of(result), "weight": model.weight("y")},
        {
            "a loss of 0, and nothing is trained": {"loss": [0.0], "weight": 3.0},
            "the loss is NaN, and nothing is trained": {"loss": [math.nan], "weight": 3.0},
            "the loss and the weights become NaN": {"loss": [math.nan], "weight": math.nan},
        },
    )


@clause("fit.returns.metrics-over-epoch")
def test_how_a_training_metric_covers_an_epoch(build: Build) -> None:
    """What a training metric is taken over, and whether it starts again with each epoch."""
    model = build(linear(1.0))
    model.compile(SGD(0.25), "mse", metrics=["mae"])

    history = model.fit(
        column(1, 1, 1), column(0, 0, 0), batch_size=2, shuffle=False, epochs=2
    ).history.history
    metric = [value for name, values in history.items() if name != "loss" for value in values]

    # Each update halves w, from 1: errors 1, 1 and 1/2 in the first epoch, 1/4, 1/4 and 1/8 in
    # the second.
    recognise(
        metric,
        {
            "all samples of the epoch alike, before the update of their batch": [
                2.5 / 3,
                0.625 / 3,
            ],
            "the batches of the epoch alike, however many samples they hold": [0.75, 0.1875],
            "all samples since training began": [2.5 / 3, 3.125 / 6],
            "the last batch of the epoch": [0.5, 0.125],
            "all samples, once the epoch has ended": [0.25, 0.0625],
        },
        ulps=4,
    )


@clause("fit.returns.history-key-order")
def test_the_order_of_the_keys_in_history(build: Build) -> None:
    """Whether training comes before validation in History, and the loss before metrics."""
    model = build(linear())
    model.compile(SGD(0.0), "mse", metrics=[UserFunction("absolute_error")])

    keys = list(model.fit(ONE, ZERO, validation_data=(ONE, ZERO), epochs=1).history.history)

    # The metric, whatever it is called, is what is no loss.
    roles = [
        ("val " if key.startswith("val_") else "") + ("loss" if key.endswith("loss") else "metric")
        for key in keys
    ]
    recognise(
        roles,
        {
            "training, then validation; in each the loss first": [
                "loss",
                "metric",
                "val loss",
                "val metric",
            ],
            "validation, then training; in each the loss first": [
                "val loss",
                "val metric",
                "loss",
                "metric",
            ],
            "by the alphabet in training, then in validation": [
                "metric",
                "loss",
                "val metric",
                "val loss",
            ],
        },
    )


@clause("fit.returns.history-value-types")
def test_the_types_of_the_values_in_history(build: Build) -> None:
    """Whether History holds Python's floats or NumPy's."""
    model = build(linear())
    model.compile(SGD(0.0), "mse", metrics=["mae"])

    history = model.fit(ONE, ZERO, validation_data=(ONE, ZERO), epochs=1).history.history

    kinds = {"loss": "", "metric": "", "val loss": ""}
    for name, values in history.items():
        role = name.replace("val_", "val ") if name.endswith("loss") else "metric"
        if not name.startswith("val_") or role == "val loss":
            kinds[role] = type(values[0]).__name__
    recognise(
        kinds,
        {
            "Python's floats": dict.fromkeys(kinds, "float"),
            "NumPy's 64 bit floats": dict.fromkeys(kinds, "float64"),
            "NumPy's 32 bit floats": dict.fromkeys(kinds, "float32"),
            "in training NumPy's, 64 bit for the loss, 32 for a metric; in validation Python's": {
                "loss": "float64",
                "metric": "float32",
                "val loss": "float",
            },
        },
    )


@clause("fit.returns.nan-loss")
def test_training_on_when_the_loss_is_not_a_number(build: Build) -> None:
    """Whether `fit` goes on when the loss has become NaN."""
    model = build(linear())
    model.compile(SGD(0.25), "mse")

    answered = answer(model.fit, column(math.nan), ZERO, epochs=2)

    recognise(
        loss_of(answered),
        {
            "it goes on, and the loss stays NaN": [math.nan, math.nan],
            "it ends with the epoch": [math.nan],
            "it raises a ValueError": "ValueError",
        },
    )


@clause("fit.again.continues")
def test_what_a_second_call_starts_from(build: Build) -> None:
    """Whether weights and the state of the optimizer go from one `fit` to the next."""
    model = build(linear(1.0))
    model.compile(SGD(0.125, momentum=0.5), "mae")
    for _ in range(2):
        model.fit(ONE, column(-8), epochs=1)

    # The gradient is 1. The first update is -1/8; the second -1/8 too without momentum, and
    # -1/8 - 1/16 with it.
    recognise(
        model.weight("y"),
        {
            "from the weights and the optimizer's state of the first": 1 - 2 / 8 - 1 / 16,
            "from the weights of the first and a new optimizer's state": 1 - 2 / 8,
            "from the model as it was before the first": 1 - 1 / 8,
        },
    )


@clause("fit.again.epoch-numbers")
def test_how_a_second_call_numbers_its_epochs(build: Build) -> None:
    """Whether a second `fit` counts its epochs from 0 or goes on."""
    model = build(linear())
    model.compile(SGD(0.0), "mse")
    model.fit(ONE, ZERO, epochs=2)

    recognise(
        model.fit(ONE, ZERO, epochs=2).history.epoch,
        {
            "from 0 again": [0, 1],
            "it goes on counting": [2, 3],
            "it goes on in the record of the first": [0, 1, 2, 3],
            "it trains no epoch, as two have been trained": [],
        },
    )


@clause("fit.again.history")
def test_which_history_a_second_call_returns(build: Build) -> None:
    """Whether a second `fit` returns a History of its own."""
    model = build(linear())
    model.compile(SGD(0.0), "mse")

    first, second = (model.fit(ONE, ZERO, epochs=2).history for _ in range(2))

    recognise(
        {"same object": first == second, "epochs in the second": len(second.history["loss"])},
        {
            "a new one, of its own epochs": {"same object": False, "epochs in the second": 2},
            "the first one, started anew": {"same object": True, "epochs in the second": 2},
            "the first one, continued": {"same object": True, "epochs in the second": 4},
        },
    )


@clause("fit.verbose.1-counts")
def test_what_the_bar_counts(build: Build) -> None:
    """Whether the progress bar counts samples or batches."""
    model = build(linear())
    model.compile(SGD(0.0), "mse")

    result = model.fit(ascending(6), constant(6, 0), batch_size=2, verbose=1, epochs=1)

    printed = result.stdout + result.stderr
    recognise(
        {"samples": "6/6" in printed, "batches": "3/3" in printed},
        {
            "samples": {"samples": True, "batches": False},
            "batches": {"samples": False, "batches": True},
        },
    )


@clause("fit.verbose.1-header")
def test_what_is_printed_before_the_first_epoch(build: Build) -> None:
    """Whether a line with the numbers of samples comes before that of the first epoch."""
    model = build(linear())
    model.compile(SGD(0.0), "mse")
    data, validation = (ascending(4), constant(4, 0)), (ascending(2), constant(2, 0))

    printed = model.fit(*data, validation_data=validation, epochs=2, verbose=1).stdout
    header = printed.partition("Epoch 1/")[0]

    recognise(
        {"4": "4" in header, "2": "2" in header, "anything": bool(header.strip())},
        {
            "the numbers of samples to train and to validate on": {
                "4": True,
                "2": True,
                "anything": True,
            },
            "nothing": {"4": False, "2": False, "anything": False},
        },
    )
