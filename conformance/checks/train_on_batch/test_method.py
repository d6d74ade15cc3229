"""`train_on_batch`: the call itself, and arguments with a single clause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.conformance.arrangements.compiled import frozen, small_model
from fitspec.conformance.arrangements.data_forms import expect_each_form
from fitspec.conformance.arrangements.labels import expect_bare_or_labelled
from fitspec.conformance.arrangements.returned import loss_in
from fitspec.conformance.arrangements.signatures import REQUIRED, in_order
from fitspec.conformance.arrangements.taken import taken, tried
from fitspec.conformance.arrangements.two_errors import model_of_3
from fitspec.conformance.arrangements.ways_of_ending import called, refused
from fitspec.conformance.checks import SGD, Build, clause, expect, outcome, recognise
from fitspec.conformance.vocabulary.models import copies, linear, of_fixed_batches, two_in_two_out
from fitspec.conformance.vocabulary.samples import ascending, column, constant
from fitspec.conformance.worker.answers import loss_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.conformance.worker.remote import Model


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
    seen: dict[str, Any] = {}
    for rows in (1, 4, 32, 33, 100):
        model = build(linear(3.0))
        model.compile(SGD(0.1), "mse")
        model.train_on_batch(constant(rows, 1), constant(rows, 0))
        seen[f"{rows} rows"] = model.weight("y")
    two = build(two_in_two_out(3.0, 3.0))
    two.compile(SGD(0.1), "mse")
    outputs = dict.fromkeys(("of output a of two", "of output b of two"), 3 * 0.8**2)
    # Whether lists are taken is another clause.
    if taken(two.train_on_batch, [constant(4, 1)] * 2, [constant(4, 0)] * 2):
        seen |= zip(outputs, map(two.weight, "ab"), strict=True)

    # Gradient 2·w = 6, so 3 - 0.1·6 = 2.4; the mean, a product and a difference are rounded.
    # In batches of 32 it would be two and four updates: 3·0.8² and 3·0.8⁴.
    updated = [*seen]
    right: dict[str, Any] = dict.fromkeys(updated, 2.4)
    # Batches of one model grow, shrink and grow again; none of them updates its weight of 1. The
    # errors of n rows are the first n odd numbers, whose mean is n: one is lost with each row.
    still = frozen(build, linear())
    still.compile(SGD(0.0), "mae")
    seen["odd errors"] = [
        loss_in(still.train_on_batch(2 * ascending(rows) - 1, constant(rows, 0)).value)
        for rows in (2, 4, 1, 8)
    ]
    right["odd errors"] = [2.0, 4.0, 1.0, 8.0]
    expect(
        seen,
        equals=right,
        ulps=4,
        otherwise={
            "the rows were split into batches of 32": {
                **right,
                "33 rows": 3 * 0.8**2,
                "100 rows": 3 * 0.8**4,
            },
            "two updates are made": {**right, **dict.fromkeys(updated, 3 * 0.8**2)},
            "rows that the first batch had not are lost": {
                **right,
                "odd errors": [2.0, 2.0, 1.0, 2.0],
            },
            "an update is made for each output": {**right, **outputs},
        },
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
    expect_each_form(build, lambda model: model.train_on_batch, trains=True)


@clause("train_on_batch.class_weight")
def test_class_weights_weight_loss_and_update(build: Build) -> None:
    """Class weights multiply the loss of the samples of a class, and act on the update."""
    seen = {}
    for name, rate in (("loss", 0.0), ("weight", 0.25)):
        model = model_of_3(build, rate)
        data = constant(4, 1), column(0, 1, 0, 2)
        loss = model.train_on_batch(*data, class_weight={1: 1.5, 2: 3.0, 0: 0.25}).value
        seen[name] = model.weight("y") if rate else loss_in(loss)
    still, classes = model_of_3(build), {1: 1.5, 2: 3.0, 0: 0.25}
    seen["by position"] = loss_in(still.train_on_batch(*data, None, classes).value)
    seen["again"] = loss_in(still.train_on_batch(*data, class_weight=classes).value)
    # Whether both kinds of weights are taken together is a clause of `fit`.
    by_sample, later = np.asarray([1, 3, 2, 0.5], np.float32), dict[str, float]()
    both = tried(still.train_on_batch, *data, sample_weight=by_sample, class_weight=classes)
    if both is not None:
        later["beside sample weights"] = loss_in(both.value)
    tried(still.fit, *data, epochs=1, class_weight=classes)
    later["then none"] = loss_in(still.train_on_batch(*data).value)
    # Whether a one-hot row has a class is a clause of `fit`. Predictions of 2 lose (1 + 4 + 4)/3.
    rows = constant(4, 1), np.eye(3, dtype=np.float32)[[0, 1, 0, 2]]
    by_fit = tried(frozen(build, copies(3, 2.0)).fit, *rows, epochs=1, class_weight=classes)
    if by_fit is not None and loss_of(by_fit) == [3.75]:
        of_rows = frozen(build, copies(3, 2.0)).train_on_batch(*rows, class_weight=classes)
        seen["one-hot"] = loss_in(of_rows.value)
    # By how many samples a class of weight 0 divides is open, not that it has no influence.
    apart = [
        loss_in(still.train_on_batch(x, data[1], class_weight={**classes, 1: 0.0}).value)
        for x in (data[0], column(1, 100, 1, 1))
    ]
    seen["influence of a class of weight 0"] = apart[1] - apart[0]

    reported = ("loss", "by position", "again")

    # Errors 3, 2, 3 and 1: (0.25·9 + 1.5·4 + 0.25·9 + 3·1)/4; the gradient is
    # 2·(0.25·3 + 1.5·2 + 0.25·3 + 3·1)/4 = 3.75. Unweighted (9 + 4 + 9 + 1)/4 and 4.5. Of one-hot
    # rows 3·(0.25 + 1.5 + 0.25 + 3)/4. With sample weights (1·0.25·9 + 3·1.5·4 + 2·0.25·9 +
    # 0.5·3·1)/4; by these alone (1·9 + 3·4 + 2·9 + 0.5·1)/4.
    def found(loss: float, gradient: float, one_hot: float, **others: float) -> dict[str, float]:
        weight = 3 - 0.25 * gradient
        each = {"weight": weight, **dict.fromkeys(reported, loss), "one-hot": one_hot}
        each |= {"beside sample weights": others.get("both", 6.5625), "then none": 5.75}
        each["then none"] = others.get("then", 5.75)
        each["influence of a class of weight 0"] = others.get("influence", 0.0)
        return {name: each[name] for name in seen | later}

    right = found(3.375, 3.75, 3.75)
    expect(
        seen | later,
        equals=right,
        otherwise={
            "class weights had no effect": found(
                5.75, 4.5, 3.0, both=9.875, influence=(299**2 - 4) / 4
            ),
            "only the reported loss is weighted": found(3.375, 4.5, 3.75),
            "the weights are cut to whole numbers": found(1.75, 2.5, 3.0, both=3.375),
            "the classes of one-hot rows have no weights": found(3.375, 3.75, 3.0),
            "beside sample weights they have no effect": found(3.375, 3.75, 3.75, both=9.875),
            "they are kept for calls that have none": found(3.375, 3.75, 3.75, then=3.375),
        },
    )


@clause("train_on_batch.returns")
def test_what_training_on_a_batch_returns(build: Build) -> None:
    """A loss alone is returned bare, several values as a list that `metrics_names` labels."""
    expect_bare_or_labelled(build, lambda model: model.train_on_batch)


@clause("train_on_batch.equals-fit-step")
def test_a_series_of_batches_trains_as_fit_does(build: Build) -> None:
    """Training batch by batch ends at the same weights as `fit` over the same batches."""
    x, y = ascending(6), constant(6, 0)
    batches = [(x[start : start + 2], y[start : start + 2]) for start in (0, 2, 4)]

    def by_batch(model: Model) -> None:
        for batch in batches:
            model.train_on_batch(*batch)

    ways: dict[str, Callable[[Model], object]] = {
        "train_on_batch": by_batch,
        "fit": lambda model: model.fit(x, y, batch_size=2, epochs=1, shuffle=False),
    }
    seen: dict[str, Any] = {}
    by_adam = {}
    for name, train in ways.items():
        model = build(linear(1.0))
        model.compile(SGD(0.01, momentum=0.5), "mse")
        train(model)
        seen[name] = model.weight("y")
        counting = build(linear(1.0))
        # Whether an optimizer may be named is another clause.
        if taken(counting.compile, "adam", "mse"):
            train(counting)
            by_adam[name] = counting.weight("y")

    # The gradient is mean(2·x²)·w: 5w, 25w and 61w. Steps of -0.05 to 0.95, of
    # -0.05/2 - 0.25·0.95 = -0.2625 to 0.6875, of -0.2625/2 - 0.61·0.6875 = -0.550625 to 0.136875:
    # about ten roundings of numbers below 1, whose last place is 8 times that of the result. With
    # nothing remembered 0.95·0.75·0.39.
    # Adam, whose steps depend on how many there were, has to come to the same in both ways.
    right: dict[str, Any] = dict.fromkeys(seen, 0.136875)
    if by_adam:
        right |= {"by Adam": by_adam["fit"], "moved by Adam": True}
        seen |= {"by Adam": by_adam["train_on_batch"], "moved by Adam": by_adam["fit"] < 1}
    expect(
        seen,
        equals=right,
        ulps=40,
        otherwise={
            "the optimizer remembers nothing from call to call": {
                **right,
                "train_on_batch": 0.277875,
            },
            "the optimizer remembers nothing": {**right, **dict.fromkeys(ways, 0.277875)},
        },
    )


@clause("train_on_batch.raises")
def test_what_cannot_be_trained_on_is_refused(build: Build) -> None:
    """Without compile it is a RuntimeError, with data that do not fit a ValueError."""
    x, y, wide = ascending(3), constant(3, 0), np.ones((3, 2), np.float32)
    cases = {
        "3 inputs, 3 targets long": (x, y),
        "3 inputs, 2 targets long": (x, constant(2, 0)),
        "3 inputs, 1 target long": (x, constant(1, 0)),
        "2 features for 1": (wide, y),
        "2 target columns for 1": (x, wide),
        "2 inputs for 1": ([x, x], y),
        "2 targets for 1": (x, [y, y]),
    }

    outcomes = {"not compiled": outcome(build(linear()).train_on_batch, column(1), column(0))}
    for name, data in cases.items():
        outcomes[name] = outcome(small_model(build).train_on_batch, *data)
    # Whether weights are taken is another clause.
    ones = {count: np.ones(count, np.float32) for count in (2, 3, 4)}
    if taken(small_model(build).train_on_batch, x, y, sample_weight=ones[3]):
        for count in (2, 4):
            outcomes[f"3 inputs, {count} weights"] = outcome(
                small_model(build).train_on_batch, x, y, sample_weight=ones[count]
            )

    right = {
        **dict.fromkeys(outcomes, "ValueError"),
        "not compiled": "RuntimeError",
        "3 inputs, 3 targets long": "returned",
    }
    broadcast = {"3 inputs, 1 target long": "returned", "2 target columns for 1": "returned"}
    expect(
        outcomes,
        equals=right,
        otherwise={
            "not to have compiled is a ValueError": {**right, "not compiled": "ValueError"},
            "targets of another shape or length are broadcast": {**right, **broadcast},
        },
    )


@clause("train_on_batch.x.other-batch-size")
def test_a_batch_of_another_size_than_the_inputs(build: Build) -> None:
    """What `train_on_batch` does with three samples where the input takes two at a time."""
    model = build(of_fixed_batches(2))
    model.compile(SGD(0.25), "mse")

    seen = {
        "of 3": called(model, model.train_on_batch, constant(3, 3), constant(3, 0)),
        "of 2": outcome(model.train_on_batch, constant(2, 1), constant(2, 0)),
    }

    ways = {**refused("ValueError", "InvalidArgumentError"), "it is taken": 9.0}
    recognise(seen, {words: {"of 3": way, "of 2": "returned"} for words, way in ways.items()})
