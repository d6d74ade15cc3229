"""`compile`: what the documents leave open."""

from __future__ import annotations

from typing import Any

import numpy as np

from fitspec.conformance.checks import SGD, Build, answer, clause, outcome, recognise
from fitspec.conformance.vocabulary.models import (
    linear,
    shared_weight,
    three_layers,
    two_in_two_out,
)
from fitspec.conformance.vocabulary.samples import column, constant
from fitspec.conformance.worker.answers import loss_of

ONE = column(1)


@clause("compile.loss.none")
def test_what_becomes_of_training_without_a_loss(build: Build) -> None:
    """Whether a model can be compiled, and trained, without a loss."""
    model = build(linear(3.0))
    compiled = outcome(model.compile, SGD(0.25))
    # A model that was not compiled is another clause's matter.
    trained = loss_of(answer(model.fit, ONE, column(0))) if compiled == "returned" else "not called"

    recognise(
        {"compile": compiled, "fit": trained, "weight": model.weight("y")},
        {
            "compile accepts it; fit raises a ValueError": {
                "compile": "returned",
                "fit": "ValueError",
                "weight": 3.0,
            },
            "compile accepts it; fit raises a RuntimeError": {
                "compile": "returned",
                "fit": "RuntimeError",
                "weight": 3.0,
            },
            "compile raises a ValueError": {
                "compile": "ValueError",
                "fit": "not called",
                "weight": 3.0,
            },
            "fit runs, reports a loss of 0 and trains nothing": {
                "compile": "returned",
                "fit": [0.0],
                "weight": 3.0,
            },
        },
    )


@clause("compile.loss.dict-leaves-output-out")
def test_an_output_that_the_losses_leave_out(build: Build) -> None:
    """What becomes of an output for which a dict of losses has no entry."""
    # One weight makes both outputs: none is without a gradient, which is a matter of its own.
    model = build(shared_weight(3.0))
    compiled = outcome(model.compile, SGD(0.0), {"a": "mse"})
    trained = (
        loss_of(answer(model.fit, ONE, {"a": column(0)}))
        if compiled == "returned"
        else "not called"
    )

    # Output a predicts 3 for 0: a loss of 9.
    recognise(
        {"compile": compiled, "fit": trained},
        {
            "it has no part in the loss and takes no targets": {
                "compile": "returned",
                "fit": [9.0],
            },
            "compile raises a ValueError": {"compile": "ValueError", "fit": "not called"},
            "compile accepts it; fit raises a ValueError": {
                "compile": "returned",
                "fit": "ValueError",
            },
            "compile accepts it; fit fails with a KeyError": {
                "compile": "returned",
                "fit": "KeyError",
            },
        },
    )


@clause("compile.metrics.accuracy-label")
def test_what_the_accuracy_is_called(build: Build) -> None:
    """The key in History of a metric that was asked for as "accuracy", and as "acc"."""
    seen = {}
    for name in ("accuracy", "acc"):
        model = build(linear())
        model.compile(SGD(0.0), "mse", metrics=[name])
        keys = set(model.fit(ONE, ONE).history.history) - {"loss"}
        seen[name] = ", ".join(sorted(keys))

    recognise(
        seen,
        {
            "as it was asked for: accuracy or acc": {"accuracy": "accuracy", "acc": "acc"},
            "always acc": {"accuracy": "acc", "acc": "acc"},
            "always accuracy": {"accuracy": "accuracy", "acc": "accuracy"},
            "by the kind that was chosen: binary_accuracy": dict.fromkeys(seen, "binary_accuracy"),
        },
    )


@clause("compile.metrics.output-label")
def test_what_a_metric_of_one_of_several_outputs_is_called(build: Build) -> None:
    """The keys in History of one metric for each of two outputs, ``a`` and ``b``."""
    model = build(two_in_two_out(3.0, 2.0))
    model.compile(SGD(0.0), "mse", metrics={"a": ["mae"], "b": ["mae"]})

    keys = model.fit([ONE, ONE], [ONE, ONE]).history.history
    labels = sorted(key for key in keys if not key.endswith("loss"))

    recognise(
        labels,
        {
            "the output in front, the metric as it was asked for: a_mae": ["a_mae", "b_mae"],
            "the output in front, the metric in full: a_mean_absolute_error": [
                "a_mean_absolute_error",
                "b_mean_absolute_error",
            ],
            "the metric alone, told apart by a number: mae, mae_1": ["mae", "mae_1"],
            "the metric alone: one key for all": ["mae"],
        },
    )


@clause("compile.recompile.optimizer-state")
def test_what_an_optimizer_remembers_when_a_model_is_compiled_again(build: Build) -> None:
    """Whether momentum and the count of updates outlive a second `compile` with the optimizer."""
    model, descent = build(linear(1.0)), SGD(0.125, momentum=0.5)
    for _ in range(2):
        model.compile(descent, "mae")
        model.fit(ONE, column(-8))

    # The gradient is 1. The first update is -1/8; the second -1/8 too without momentum, and
    # -1/8 - 1/16 with it.
    kept, lost = 1 - 2 / 8 - 1 / 16, 1 - 2 / 8
    recognise(
        {"weight": model.weight("y"), "updates": model.iterations()},
        {
            "momentum and the count of updates are kept": {"weight": kept, "updates": 2},
            "momentum is lost; the count of updates goes on": {"weight": lost, "updates": 2},
            "both start anew": {"weight": lost, "updates": 1},
            "momentum is kept; the count of updates starts anew": {"weight": kept, "updates": 1},
        },
    )


@clause("compile.optimizer.adam-step")
def test_how_far_adam_moves_a_weight_at_first(build: Build) -> None:
    """The first update by the optimizer "adam", which tells its learning rate, in several runs."""
    weights = []
    for _ in range(8):
        model = build(linear(1.0))
        model.compile("adam", "mae")
        model.train_on_batch(ONE, column(-8))
        weights.append(model.weight("y"))

    # The gradient is 1. Adam divides it by its own size, so the first step is the learning rate
    # less about a ten millionth of it.
    rates = (0.0001, 0.0003, 0.001, 0.002, 0.003, 0.01, 0.1)
    # Its means begin at 0, for which the first step is corrected by sqrt(1 - 0.999)/(1 - 0.9),
    # and the second by sqrt(1 - 0.999²)/(1 - 0.9²) = sqrt(1.999)/1.9 of that.
    recognise(
        max(weights),
        {
            **{f"by {rate}, its learning rate": 1 - rate for rate in rates},
            "by 0.001, its learning rate, or at times by 0.000744, as in a second step": (
                1 - 0.001 * 1.999**0.5 / 1.9
            ),
        },
        ulps=4,
    )


@clause("compile.metrics.duplicates")
def test_the_same_metric_asked_for_twice(build: Build) -> None:
    """How many values, under which names, one metric has that is in the list twice."""
    model = build(linear(2.0))

    refused = outcome(model.compile, SGD(0.0), "mse", metrics=["mae", "mae"])
    answered = answer(model.fit, ONE, column(0)) if refused == "returned" else refused
    seen: Any = answered
    if not isinstance(answered, str):
        seen = {
            "in History": sorted(set(answered.history.history) - {"loss"}),
            "evaluated": np.ravel(model.evaluate(ONE, column(0)).value),
        }

    once, twice = [4.0, 2.0], [4.0, 2.0, 2.0]
    recognise(
        seen,
        {
            "two values, the second under a name with a number: mae_1": {
                "in History": ["mae", "mae_1"],
                "evaluated": twice,
            },
            "two in History, mae and mae_1; evaluate returns three": {
                "in History": ["mae", "mae_1"],
                "evaluated": [*twice, 2.0],
            },
            "two values, under one name in History": {"in History": ["mae"], "evaluated": twice},
            "one value": {"in History": ["mae"], "evaluated": once},
            "it is refused with a ValueError": "ValueError",
        },
    )


@clause("compile.weighted_metrics.same-metric")
def test_the_same_metric_with_weights_and_without(build: Build) -> None:
    """The names and values of a metric in `metrics` and in `weighted_metrics`."""
    model = build(linear(3.0))
    weights = np.asarray([1, 3], np.float32)

    refused = outcome(model.compile, SGD(0.0), "mse", metrics=["mae"], weighted_metrics=["mae"])
    data = constant(2, 1), column(0, 1)
    answered = answer(model.fit, *data, sample_weight=weights) if refused == "returned" else refused
    seen: Any = answered
    if not isinstance(answered, str):
        history = answered.history.history
        seen = {name: values for name, values in history.items() if name != "loss"}

    # Errors 3 and 2: 5/2; weighted (1·3 + 3·2)/(1 + 3), or divided by the 2 samples.
    plain, weighted = [2.5], [2.25]
    recognise(
        seen,
        {
            "two values; the weighted one has a number: mae_1": {"mae": plain, "mae_1": weighted},
            "two values; the weighted one is called weighted_mae": {
                "mae": plain,
                "weighted_mae": weighted,
            },
            "under one name, of which the weighted value remains": {"mae": weighted},
            "under one name, of which the value without weights remains": {"mae": plain},
            "it is refused with a ValueError": "ValueError",
        },
    )


@clause("compile.trainable.changed-afterwards")
def test_when_a_layer_that_is_frozen_after_compile_stops_training(build: Build) -> None:
    """Whether `trainable` takes effect at once or only with the next `compile`."""
    moved: dict[str, bool | str] = {}
    for when, trains_before in (("before the first training", False), ("between two", True)):
        model = build(three_layers())
        model.compile(SGD(0.25), "mae")
        if trains_before:
            model.train_on_batch(ONE, column(-99))
        before = model.weight("q")
        model.set_trainable("q", trained=False)
        ended = outcome(model.train_on_batch, ONE, column(-99))
        moved[when] = model.weight("q") != before if ended == "returned" else ended

    recognise(
        moved,
        {
            "with the next compile": dict.fromkeys(moved, True),
            "at once": dict.fromkeys(moved, False),
            "at once before the first training; later an update is refused with a ValueError": {
                "before the first training": False,
                "between two": "ValueError",
            },
            "at once before the first training, then with the next compile": {
                "before the first training": False,
                "between two": True,
            },
        },
    )
