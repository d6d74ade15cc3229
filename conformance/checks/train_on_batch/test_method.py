"""`train_on_batch`: the call itself, and arguments with a single clause."""

from __future__ import annotations

import numpy as np

from fitspec.conformance.arrangements.data_forms import expect_each_form
from fitspec.conformance.arrangements.labels import expect_bare_or_labelled
from fitspec.conformance.arrangements.signatures import REQUIRED, in_order
from fitspec.conformance.arrangements.ways_of_ending import called, refused
from fitspec.conformance.checks import SGD, Build, clause, expect, outcome, recognise
from fitspec.conformance.vocabulary.models import linear, of_fixed_batches
from fitspec.conformance.vocabulary.samples import ascending, column, constant


@clause("train_on_batch.signature")
def test_the_arguments_of_train_on_batch(build: Build) -> None:
    """Inputs and targets are required, and the other arguments follow in the documented order."""
    first_five = list(in_order(build(linear()).train_on_batch).items())[:5]

    expect(
        first_five,
        equals=[
            ("x", REQUIRED),
            ("y", REQUIRED),
            ("sample_weight", None),
            ("class_weight", None),
            ("reset_metrics", True),
        ],
    )


@clause("train_on_batch.single-update")
def test_one_update_is_made_whatever_the_size_of_the_batch(build: Build) -> None:
    """All rows given make one batch and one update."""
    model = build(linear(3.0))
    model.compile(SGD(0.1), "mse")

    model.train_on_batch(constant(100, 1), constant(100, 0))

    # Gradient 2·w = 6, so 3 - 0.1·6 = 2.4; the mean, a product and a difference are rounded.
    # In batches of 32 it would be four updates: 3·0.8⁴.
    expect(
        model.weight("y"),
        equals=2.4,
        ulps=4,
        otherwise={"the rows were split into batches of 32": 3 * 0.8**4},
    )


@clause("train_on_batch.loss-before-update")
def test_which_weights_the_returned_loss_belongs_to(build: Build) -> None:
    """Whether the returned loss is that of the weights before or after the update."""
    model = build(linear(3.0))
    model.compile(SGD(0.1), "mse")

    loss = model.train_on_batch(constant(4, 1), constant(4, 0)).value

    # 3² before; 2.4² after.
    recognise(loss, {"of the weights before the update": 9.0, "of those after it": 5.76}, ulps=6)


@clause("train_on_batch.x-y-forms")
def test_a_batch_is_trained_on_in_each_form(build: Build) -> None:
    """Inputs and targets may be an array, lists by position or dicts by name."""
    expect_each_form(build, lambda model: model.train_on_batch)


@clause("train_on_batch.class_weight")
def test_class_weights_weight_loss_and_update(build: Build) -> None:
    """Class weights multiply the loss of the samples of a class, and act on the update."""
    model = build(linear(3.0))
    model.compile(SGD(0.01), "mse")

    loss = model.train_on_batch(constant(2, 1), column(0, 1), class_weight={0: 1.0, 1: 10.0}).value

    # Errors 3 and 2: (1·9 + 10·4)/2; gradient (1·2·3 + 10·2·2)/2 = 23, so 3 - 0.23.
    expect(
        {"loss": loss, "weight": model.weight("y")},
        equals={"loss": 24.5, "weight": 2.77},
        ulps=2,
        otherwise={
            "class weights had no effect": {"loss": 6.5, "weight": 2.95},
            "only the reported loss is weighted": {"loss": 24.5, "weight": 2.95},
        },
    )


@clause("train_on_batch.returns")
def test_what_training_on_a_batch_returns(build: Build) -> None:
    """A loss alone is returned bare, several values as a list that `metrics_names` labels."""
    expect_bare_or_labelled(build, lambda model: model.train_on_batch)


@clause("train_on_batch.equals-fit-step")
def test_a_series_of_batches_trains_as_fit_does(build: Build) -> None:
    """Training batch by batch ends at the same weights as `fit` over the same batches."""
    by_fit, by_batch = build(linear(1.0)), build(linear(1.0))
    by_fit.compile(SGD(0.01), "mse")
    by_batch.compile(SGD(0.01), "mse")
    x, y = ascending(6), constant(6, 0)

    by_fit.fit(x, y, batch_size=2, epochs=1, shuffle=False)
    for start in (0, 2, 4):
        by_batch.train_on_batch(x[start : start + 2], y[start : start + 2])

    # The gradient is mean(2·x²)·w: 5w, 25w and 61w. So w = 0.95·0.75·0.39 = 0.277875, each
    # factor with the rounding of a product and a difference.
    seen = {"fit": by_fit.weight("y"), "train_on_batch": by_batch.weight("y")}
    expect(seen, equals={"fit": 0.277875, "train_on_batch": 0.277875}, ulps=12)


@clause("train_on_batch.raises")
def test_what_cannot_be_trained_on_is_refused(build: Build) -> None:
    """Without compile it is a RuntimeError, with data that do not fit a ValueError."""
    cases = {
        "3 inputs, 2 targets long": (ascending(3), constant(2, 0)),
        "2 features for 1": (np.ones((2, 2), np.float32), constant(2, 0)),
    }

    outcomes = {"not compiled": outcome(build(linear()).train_on_batch, column(1), column(0))}
    for name, data in cases.items():
        model = build(linear())
        model.compile(SGD(0.0), "mse")
        outcomes[name] = outcome(model.train_on_batch, *data)

    unfit = dict.fromkeys(cases, "ValueError")
    expect(
        outcomes,
        equals={"not compiled": "RuntimeError", **unfit},
        otherwise={"not to have compiled is a ValueError": {"not compiled": "ValueError", **unfit}},
    )


@clause("train_on_batch.x.other-batch-size")
def test_a_batch_of_another_size_than_the_inputs(build: Build) -> None:
    """What `train_on_batch` does with three samples where the input takes two at a time."""
    model = build(of_fixed_batches(2))
    model.compile(SGD(0.25), "mse")

    recognise(
        called(model, model.train_on_batch, constant(3, 1), constant(3, 0)),
        {
            **refused("ValueError", "InvalidArgumentError"),
            "it is taken": 1.0,
        },
    )
