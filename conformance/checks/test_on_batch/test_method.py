"""`test_on_batch`: the call itself, and arguments with a single clause."""

from __future__ import annotations

import numpy as np

from fitspec.conformance.arrangements.compiled import small_model
from fitspec.conformance.arrangements.data_forms import expect_each_form
from fitspec.conformance.arrangements.inference import expect_test_mode
from fitspec.conformance.arrangements.labels import expect_bare_or_labelled
from fitspec.conformance.arrangements.metrics_of_batches import weighted_squares
from fitspec.conformance.arrangements.returned import loss_in, numbers
from fitspec.conformance.arrangements.signatures import REQUIRED, in_order
from fitspec.conformance.arrangements.taken import tried
from fitspec.conformance.checks import SGD, Build, clause, expect, recognise
from fitspec.conformance.vocabulary.models import copies, linear, two_in_two_out
from fitspec.conformance.vocabulary.samples import column, constant


@clause("test_on_batch.signature")
def test_the_arguments_of_test_on_batch(build: Build) -> None:
    """Inputs and targets are required, the others follow in order, and none is `class_weight`."""
    parameters = in_order(build(linear()).test_on_batch)

    expect(
        {"first": list(parameters.items())[:4], "class_weight": "class_weight" in parameters},
        equals={
            "first": [
                ("x", REQUIRED),
                ("y", REQUIRED),
                ("sample_weight", None),
                ("reset_metrics", True),
            ],
            "class_weight": False,
        },
    )


@clause("test_on_batch.no-update")
def test_testing_a_batch_does_not_train(build: Build) -> None:
    """Neither weights nor the count of updates change."""
    model = build(linear(1.0))
    model.compile(SGD(0.25), "mse")
    model.test_on_batch(column(2), column(0))
    model.train_on_batch(column(1), column(0))

    losses = [loss_in(model.test_on_batch(column(2), column(0)).value) for _ in range(2)]
    one = np.ones(1, np.float32)
    losses.append(loss_in(model.test_on_batch(column(2), column(0), sample_weight=one).value))
    # Whether metrics go on and lists are taken are other clauses.
    going_on = tried(model.test_on_batch, column(2), column(0), reset_metrics=False)
    losses += [] if going_on is None else [loss_in(going_on.value)]
    two = build(two_in_two_out(1.0, 1.0))
    two.compile(SGD(0.25), "mse")
    tried(two.test_on_batch, [column(2)] * 2, [column(0)] * 2)

    # One update halves w: gradient 2·w = 2, so 1 - 0.25·2. The loss is (0.5·2)², after 2² and 1
    # before. Whether it is that of the batch or the mean of all so far is another clause.
    means = [(4 + 1 + count) / (2 + count) for count, _ in enumerate(losses, 1)]
    expect(
        {
            "losses": [1.0] * len(losses) if np.allclose(losses, means) else losses,
            "weight": model.weight("y"),
            "updates": model.iterations(),
            "weights of two": [two.weight("a"), two.weight("b")],
        },
        equals={
            "losses": [1.0] * len(losses),
            "weight": 0.5,
            "updates": 1,
            "weights of two": [1.0, 1.0],
        },
    )


@clause("test_on_batch.test-mode")
def test_a_batch_is_tested_in_test_mode(build: Build) -> None:
    """Nothing is dropped, and moving statistics are used as they are and left so."""
    expect_test_mode(build, {"a batch": lambda model: model.test_on_batch})


@clause("test_on_batch.forms")
def test_a_batch_is_tested_in_each_form(build: Build) -> None:
    """Inputs and targets may be an array, lists by position or dicts by name."""
    expect_each_form(build, lambda model: model.test_on_batch)


@clause("test_on_batch.reset_metrics")
def test_metrics_accumulate_until_they_are_reset(build: Build) -> None:
    """Without `reset_metrics` metrics go on from batch to batch, with it they are the batch's."""
    model = build(linear())
    model.compile(SGD(0.0), "mae", metrics=["mse", "mae"])
    go_on, begin_anew = {"reset_metrics": False}, {"reset_metrics": True}

    errors = [
        numbers(
            # By name, or by position.
            model.test_on_batch(x, 0 * x, **reset).value
            if isinstance(reset, dict)
            else model.test_on_batch(x, 0 * x, *reset).value
        )[1:]
        for x, reset in (
            (constant(3, 1), go_on),
            (constant(1, 5), (None, False)),
            (constant(4, 4), begin_anew),
            # They do so by default.
            (constant(4, 7), {}),
        )
    ]

    of_weighted = weighted_squares(build, lambda model: model.test_on_batch)

    # Squares 1, 1, 1; with 25 they add up to 28 in 4 samples, and errors to 8; the others are
    # batches of their own. With weights of 1 each 0.25, and 4 beside it.
    kept, last = ([0.25, other][: len(of_weighted)] for other in (2.125, 4.0))
    first, right = [1.0, 1.0], [[1.0, 1.0], [7.0, 2.0], [16.0, 4.0], [49.0, 7.0]]
    wrong = {
        "metrics are forgotten after a call, not before it": [*right[:2], [11.5, 3.0], right[3]],
        "metrics never go on": [first, [25.0, 5.0], *right[2:]],
        "metrics always go on": [*right[:2], [11.5, 3.0], [24.0, 13 / 3]],
        "metrics go on by default": [*right[:3], [32.5, 5.5]],
        "the second metric always goes on": [*right[:2], [16.0, 3.0], [49.0, 13 / 3]],
        "batches count the same, whatever their size": [first, [13.0, 3.0], *right[2:]],
    }
    expect(
        {"metrics": errors, "weighted": of_weighted},
        equals={"metrics": right, "weighted": kept},
        otherwise={
            **{
                words: {"metrics": found, "weighted": last if "never" in words else kept}
                for words, found in wrong.items()
            },
            "those with weights never go on": {"metrics": right, "weighted": last},
        },
    )


@clause("test_on_batch.reset_metrics-after-training")
def test_metrics_of_training_and_of_testing(build: Build) -> None:
    """Whether a batch that is tested is added to those that were trained, and the other way."""
    model = build(linear())
    model.compile(SGD(0.0), "mse", metrics=["mae"])

    errors = [
        np.ravel(method(column(error), column(0), reset_metrics=False).value)[-1]
        for method, error in (
            (model.train_on_batch, 1),
            (model.test_on_batch, 3),
            (model.train_on_batch, 8),
        )
    ]

    # The mean of 1 and 3 is 2, of 1, 3 and 8 it is 4, and of 1 and 8 it is 4.5.
    recognise(
        errors,
        {
            "they go on from each other": [1.0, 2.0, 4.0],
            "each is counted apart": [1.0, 3.0, 4.5],
            "each begins anew after the other": [1.0, 3.0, 8.0],
        },
    )


@clause("test_on_batch.returns")
def test_what_testing_a_batch_returns(build: Build) -> None:
    """A loss alone is returned bare, several values as a list that `metrics_names` labels."""
    expect_bare_or_labelled(build, lambda model: model.test_on_batch)


@clause("test_on_batch.equals-evaluate")
def test_a_batch_is_tested_as_it_is_evaluated(build: Build) -> None:
    """The test loss of a batch is what `evaluate` returns for its rows in one batch."""
    x, y = column(1, 2, 3), np.asarray([[0, 1], [0, 0], [1, 0]], np.float32)

    def losses(columns: int) -> tuple[float, float]:
        model = build(copies(columns))
        model.compile(SGD(0.0), "mse")
        data = x, y[:, :columns]
        return (
            loss_in(model.test_on_batch(*data).value),
            loss_in(model.evaluate(*data, batch_size=3).value),
        )

    one, (by_batch, by_evaluate) = losses(1), losses(2)
    # Whether weights are taken is another clause.
    model, weights = small_model(build), np.asarray([0.5, 2, 1], np.float32)
    weighted = [
        tried(model.test_on_batch, x, y[:, :1], sample_weight=weights),
        tried(model.evaluate, x, y[:, :1], batch_size=3, sample_weight=weights),
    ]
    found, right = [0.0 if one is None else loss_in(one.value) for one in weighted]
    if None in weighted:
        found = right

    # Errors 1, 2 and 2: (1 + 4 + 4)/3. Whether the columns of an output are averaged or added is
    # open, but not between the two.
    expect(
        {"one column": one, "two columns": by_batch, "with weights": found},
        equals={"one column": [3.0, 3.0], "two columns": by_evaluate, "with weights": right},
        ulps=2,
    )
