"""`compile`: what the documents leave open."""

from __future__ import annotations

from fitspec.conformance.checks import SGD, Build, answer, clause, outcome, recognise
from fitspec.conformance.models import linear, shared_weight, two_in_two_out
from fitspec.conformance.samples import column, loss_of

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
