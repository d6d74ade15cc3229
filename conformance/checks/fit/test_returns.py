"""`fit`: what is returned."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from fitspec.conformance.arrangements.compiled import START, halving_model, small_model
from fitspec.conformance.arrangements.taken import (
    taken,
    takes_sequences,
    tried,
    validates_on_sequences,
)
from fitspec.conformance.arrangements.ways_of_ending import RATE
from fitspec.conformance.checks import (
    SGD,
    Build,
    Generator,
    Recorder,
    answer,
    clause,
    expect,
    recognise,
)
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.probes import SequenceOf, UserFunction
from fitspec.conformance.vocabulary.samples import ascending, column, constant
from fitspec.conformance.worker.answers import loss_of
from fitspec.conformance.worker.remote import class_of

ONE, ZERO = column(1), column(0)


@clause("fit.returns.history-object")
def test_fit_returns_the_history_of_the_model(build: Build) -> None:
    """`fit` returns a History, a callback and the model's `history`, which records by name."""
    pair = ascending(2), constant(2, 0)
    data: dict[str, tuple[Any, ...]] = {"arrays": pair}
    if takes_sequences(build):
        data["a Sequence"] = (SequenceOf([pair]),)

    seen = {}
    for name, given in data.items():
        model = small_model(build)
        history = model.fit(*given, epochs=1).history
        seen[name] = {
            "a History": "History" in history.classes,
            "a Callback": "Callback" in history.classes,
            "model.history": model.attribute("history") == history,
            "a loss by name": isinstance(history.history, dict) and "loss" in history.history,
        }
    expect(seen, equals={name: dict.fromkeys(found, True) for name, found in seen.items()})


@clause("fit.returns.history-loss-and-metrics")
def test_history_has_the_loss_and_every_metric_of_each_epoch(build: Build) -> None:
    """History holds one value an epoch of the loss and of each metric."""

    def lists(*metrics: str) -> dict[str, list[float]]:
        model = build(linear())
        model.compile(SGD(0.0), "mae", metrics=[*metrics])
        result = model.fit(ascending(2), constant(2, 0), batch_size=2, epochs=3)
        found: dict[str, list[float]] = result.history.history
        return found

    history = lists("mse")
    # What the metrics are called is open.
    seen = {
        "loss": history["loss"],
        "a metric of 2.5 in each epoch": [2.5] * 3 in history.values(),
    }
    before = build(linear())
    before.compile(SGD(0.0), "mae", metrics=["mse"])
    # Whether metrics go on from batch to batch is another clause.
    if taken(before.train_on_batch, column(8), column(0), reset_metrics=False):
        after = before.fit(ascending(2), constant(2, 0), epochs=1).history.history
        seen["a metric of 2.5 after a batch of 64"] = [2.5] in after.values()
    if (of_both := tried(lists, "mse", "mae")) is not None:
        both = [*of_both.values()]
        seen["both metrics"] = both.count([2.5] * 3), both.count([1.5] * 3)
        model = build(linear())
        model.compile(SGD(1 / 8), "mae", metrics=["mae"])
        learnt = model.fit(ascending(2), constant(2, 0), batch_size=2, epochs=3).history.history
        loss, others = learnt["loss"], [learnt[name] for name in learnt if name != "loss"]
        seen["loss and metric, while it learns"] = len(set(loss)), loss in others

    # Errors 1 and 2: squares average 2.5, absolute values 1.5, as the loss does. While the model
    # learns, each epoch has less of both.
    right = {
        "loss": [1.5] * 3,
        "a metric of 2.5 in each epoch": True,
        "a metric of 2.5 after a batch of 64": True,
        "both metrics": (1, 2),
        "loss and metric, while it learns": (3, True),
    }
    expect(seen, equals={name: right[name] for name in seen})


@clause("fit.returns.history-accuracy-key")
def test_what_history_calls_the_accuracy(build: Build) -> None:
    """Whether the accuracy has the name in History by which `compile` was asked for it."""

    def beside_the_loss(metric: str) -> list[str]:
        model = build(linear())
        model.compile(SGD(0.0), "mse", metrics=[metric])
        history = model.fit(ascending(2), constant(2, 0), epochs=1).history.history
        return [name for name in history if name != "loss"]

    names = {metric: beside_the_loss(metric) for metric in ("accuracy", "acc")}

    recognise(
        names,
        {
            "as it was asked for": {metric: [metric] for metric in names},
            **{f"always {one}": dict.fromkeys(names, [one]) for one in ("acc", "accuracy")},
        },
    )


@clause("fit.returns.history-val-keys")
def test_history_has_validation_values_when_there_is_validation(build: Build) -> None:
    """With validation History has its loss and its metric, as `val_` and more; else it has none."""
    found, after = {}, list[str]()
    pair = column(3, 4), constant(2, 0)
    validation = {"validation_data": pair}
    data, size = (ascending(2), constant(2, 0)), {"batch_size": 2}
    calls: dict[str, Any] = {"with": (data, {**size, **validation}), "without": (data, size)}
    # What may be validated on beside a Sequence is said by other clauses.
    if takes_sequences(build) and validates_on_sequences(build):
        calls["of a Sequence"] = (SequenceOf([data]),), {"validation_data": SequenceOf([pair])}
    streamed = {**size, "validation_data": Generator([pair]), "validation_steps": 1}
    if taken(halving_model(build).fit, *data, epochs=1, **streamed):
        calls["with, of a generator"] = (data, {**streamed, "validation_data": Generator([pair])})
    other = {**size, **validation, "validation_freq": 2, "epochs": 2}
    if taken(halving_model(build).fit, *data, **other):
        calls["with, every other epoch"] = (data, other)
    for name, (given, arguments) in calls.items():
        model = build(linear())
        model.compile(SGD(0.0), "mae", metrics=["mse"])
        history = model.fit(*given, **{"epochs": 1, **arguments}).history.history
        found[name] = {key: item for key, item in history.items() if key.startswith("val_")}
        history = model.fit(*data, **size, epochs=1).history.history
        after += [key for key in history if key.startswith("val_")]

    # Absolute values (3 + 4)/2 and squares (9 + 16)/2. What the metric is called is open.
    seen: dict[str, Any] = {"without": sorted(found.pop("without")), "then without": after}
    for name, values in found.items():
        seen[name] = {"loss": values.pop("val_loss", None), "metrics": [*values.values()]}
    right = {"loss": [3.5], "metrics": [[12.5]]}
    expect(seen, equals={"without": [], "then without": [], **dict.fromkeys(found, right)})


@clause("fit.returns.history-successive-epochs")
def test_history_has_the_epochs_in_their_order(build: Build) -> None:
    """The values of History, in training and in validation, are those of successive epochs."""
    data = constant(2, 1), constant(2, 0)

    def recorded(*metrics: str) -> dict[str, list[float]]:
        model = build(linear(START))
        model.compile(SGD(RATE), "mse", metrics=[*metrics])
        result = model.fit(*data, batch_size=2, epochs=3, validation_data=data)
        found: dict[str, list[float]] = result.history.history
        return found

    # Whether there is a metric of that name is another clause.
    with_metric = tried(recorded, "mse")
    history = recorded() if with_metric is None else with_metric

    # The only update of an epoch halves w, and its square is the loss; here by what that is at
    # first. In training it may be measured before the update or after.
    losses = {name: [loss / START**2 for loss in history[name]] for name in ("loss", "val_loss")}
    # What the metric is called is open.
    metrics = [
        [value / START**2 for value in values]
        for name, values in history.items()
        if name.startswith("val_") and name != "val_loss"
    ]
    after, before = [1 / 4, 1 / 16, 1 / 64], [1.0, 1 / 4, 1 / 16]
    of_metrics = [] if with_metric is None else [after]
    expect(
        {
            **losses,
            "loss": "in order" if losses["loss"] in (before, after) else losses["loss"],
            "metric of validation": metrics,
        },
        equals={"loss": "in order", "val_loss": after, "metric of validation": of_metrics},
        otherwise={
            "the latest epoch comes first": {
                "loss": before[::-1],
                "val_loss": after[::-1],
                "metric of validation": [values[::-1] for values in of_metrics],
            },
        },
    )


@clause("fit.returns.history-equals-logs")
def test_history_holds_what_callbacks_are_told(build: Build) -> None:
    """What History holds of an epoch, callbacks are told at its end."""
    model, recorder = build(linear(1.0)), Recorder()
    # A metric that any implementation has that has the loss.
    model.compile(SGD(0.25), "mse", metrics=["mse"])
    data = constant(2, 1), constant(2, 0)

    # Whether Sequences are taken is another clause.
    given = (SequenceOf([data]),) if takes_sequences(build) else data
    result = model.fit(*given, epochs=3, validation_data=data, callbacks=[recorder])

    ends = result.events.of("epoch_end")
    # Numbers alone: their types are another clause's matter.
    history = {name: np.asarray(values).tolist() for name, values in result.history.history.items()}
    told = {
        name: [np.asarray(end.fields["logs"].get(name)).tolist() for end in ends]
        for name in history
    }
    # Each update halves the weight, so that every value is another in the next epoch.
    seen = {
        "epochs told": len(ends),
        "different losses": len(set(history["loss"])),
        # What never changes, such as a count of steps, is no result.
        "recorded otherwise than told": sorted(
            name
            for name, values in history.items()
            if told[name] != values and (len(set(values)) > 1 or len(set(told[name])) > 1)
        ),
    }
    expect(
        seen,
        equals={"epochs told": 3, "different losses": 3, "recorded otherwise than told": []},
        otherwise={
            "none of it is what callbacks are told": {
                "epochs told": 3,
                "different losses": 3,
                "recorded otherwise than told": sorted(history),
            },
        },
    )


@clause("fit.returns.epoch-loss-sample-weighted-mean")
def test_how_the_loss_of_an_epoch_combines_its_batches(build: Build) -> None:
    """How batches of unequal size make up the loss of an epoch."""
    model = build(linear())
    model.compile(SGD(0.0), "mse")
    data = ascending(5), constant(5, 0)

    history = model.fit(*data, batch_size=2, shuffle=False, epochs=1).history.history

    # Batches (1, 2), (3, 4), (5): losses 2.5, 12.5 and 25.
    recognise(
        history["loss"],
        {
            "the mean over samples: batches count by their size": [(2 * 2.5 + 2 * 12.5 + 25) / 5],
            "the mean of the batches' losses: a small last batch counts as a whole one": [40 / 3],
            "the loss of the last batch": [25.0],
            "the sum of the batches' losses": [40.0],
        },
        ulps=2,
    )


@clause("fit.returns.train-loss-is-running")
def test_when_the_loss_of_an_epoch_is_measured(build: Build) -> None:
    """Whether the loss of an epoch is measured while the weights change."""
    model = build(linear(1.0))
    model.compile(SGD(0.25), "mse")

    history = model.fit(column(1, 1), column(0, 0), batch_size=1, epochs=1).history.history

    # Each update halves w, from 1: losses 1 and 0.25 before the updates, 0.0625 after both.
    recognise(
        history["loss"],
        {
            "batch by batch, before each update": [0.625],
            "batch by batch, after each update": [(0.25 + 0.0625) / 2],
            "once, at the end of the epoch": [0.0625],
            "once, before the only update that was made": [1.0],
        },
        ulps=2,
    )


@clause("fit.returns.metrics-over-epoch")
def test_how_a_training_metric_covers_an_epoch(build: Build) -> None:
    """What a training metric is taken over, and whether it starts again with each epoch."""
    model = build(linear(1.0))
    model.compile(SGD(0.25), "mse", metrics=["mae"])

    data = constant(3, 1), constant(3, 0)
    history = model.fit(*data, batch_size=2, shuffle=False, epochs=2).history.history
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

    result = model.fit(ONE, ZERO, batch_size=1, validation_data=(ONE, ZERO), epochs=1)
    keys = list(result.history.history)

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

    history = model.fit(
        ONE, ZERO, batch_size=1, validation_data=(ONE, ZERO), epochs=1
    ).history.history

    kinds = {"loss": "", "metric": "", "val loss": ""}
    for name, values in history.items():
        role = name.replace("val_", "val ") if name.endswith("loss") else "metric"
        if not name.startswith("val_") or role == "val loss":
            kinds[role] = class_of(values[0])
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

    answered = answer(model.fit, column(math.nan), ZERO, batch_size=1, epochs=2)

    recognise(
        loss_of(answered),
        {
            "it goes on, and the loss stays NaN": [math.nan, math.nan],
            "it ends with the epoch": [math.nan],
            "it raises a ValueError": "ValueError",
        },
    )
