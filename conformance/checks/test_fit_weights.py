"""`fit`: class weights and sample weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis.strategies import integers, lists

from fitspec.conformance.checks import SGD, Build, ForAll, Sides, clause, expect, outcome
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.samples import column, constant

if TYPE_CHECKING:
    from fitspec.conformance.worker.remote import Model

#: Two samples with x = 1. The weight 3 errs by 3 on the first and by 2 on the second.
X, Y = constant(2, 1), column(0, 1)
CLASS_WEIGHT = {0: 1.0, 1: 10.0}
#: What to call the loss when it is divided by the weights instead of by the samples.
BY_WEIGHTS = "the weighted loss is divided by the sum of the weights"


def _model(build: Build, rate: float = 0.0) -> Model:
    model = build(linear(3.0))
    model.compile(SGD(rate), "mse")
    return model


@clause("fit.class_weight.weights-loss")
def test_class_weights_weight_the_loss(build: Build) -> None:
    """The loss of each sample is multiplied by the weight of its class."""
    result = _model(build).fit(X, Y, class_weight=CLASS_WEIGHT, epochs=1)

    # (1·9 + 10·4)/2; unweighted (9 + 4)/2; divided by 1 + 10.
    expect(
        result.history.history["loss"],
        equals=[24.5],
        otherwise={"class weights had no effect": [6.5], BY_WEIGHTS: [49 / 11]},
    )


@clause("fit.class_weight.weights-gradient")
def test_class_weights_weight_the_update(build: Build) -> None:
    """Class weights act on the gradients, not only on the loss that is reported."""
    model = _model(build, rate=0.01)

    model.fit(X, Y, class_weight=CLASS_WEIGHT, epochs=1)

    # Gradient (1·2·3 + 10·2·2)/2 = 23, so 3 - 0.23; unweighted (6 + 4)/2 = 5, so 3 - 0.05.
    # The product and the difference are rounded.
    expect(
        model.weight("y"),
        equals=2.77,
        ulps=2,
        otherwise={"only the reported loss is weighted": 2.95},
    )


@clause("fit.class_weight.training-only")
def test_class_weights_do_not_outlive_training(build: Build) -> None:
    """An evaluation after training with class weights is not weighted."""
    model = _model(build)
    model.fit(X, Y, class_weight=CLASS_WEIGHT, epochs=1)

    loss = model.evaluate(X, Y).value

    # (9 + 4)/2; weighted (1·9 + 10·4)/2.
    # Whether the loss comes bare is a clause of its own.
    expect(
        np.ravel(loss),
        equals=[6.5],
        otherwise={"class weights are kept for later evaluations": [24.5]},
    )


@clause("fit.class_weight.with-sample-weight")
def test_class_weights_and_sample_weights_multiply(build: Build, for_all: ForAll) -> None:
    """With both kinds of weights the loss of a sample is multiplied by both."""

    def law(labels: list[int], class_weights: list[int], sample_weights: list[int]) -> Sides:
        by_sample = np.asarray(sample_weights, np.float32)
        result = _model(build).fit(
            constant(len(labels), 1),
            column(*labels),
            class_weight={label: float(weight) for label, weight in enumerate(class_weights)},
            sample_weight=by_sample,
            epochs=1,
        )
        # The weight 3 errs by 3 on label 0 and by 2 on label 1. Of two or four samples all sums
        # are small whole numbers and all means exact.
        losses = (3.0 - np.asarray(labels)) ** 2
        by_class = np.asarray(class_weights)[labels]
        total = np.sum(losses * by_class * sample_weights)
        return Sides(
            result.history.history["loss"],
            equals=[total / len(labels)],
            otherwise={
                "only the class weights act": [np.mean(losses * by_class)],
                "only the sample weights act": [np.mean(losses * sample_weights)],
                BY_WEIGHTS: [total / np.sum(by_class * sample_weights)],
            },
        )

    # (2·1·9 + 3·10·4)/2 = 69; class weights alone (9 + 40)/2, sample weights alone (18 + 12)/2.
    for_all(
        law,
        labels=lists(integers(0, 1), min_size=4, max_size=4),
        class_weights=lists(integers(1, 10), min_size=2, max_size=2),
        sample_weights=lists(integers(1, 9), min_size=4, max_size=4),
        examples=[([0, 1], [1, 10], [2, 3])],
    )


@clause("fit.sample_weight.flat")
def test_sample_weights_weight_the_loss(build: Build, for_all: ForAll) -> None:
    """A flat array holds one factor for the loss of each sample."""

    def law(targets: list[int], weights: list[int]) -> Sides:
        data = constant(len(targets), 1), column(*targets)
        result = _model(build).fit(*data, sample_weight=np.asarray(weights, np.float32), epochs=1)
        # Every prediction is 3. Of two or four samples all sums are small whole numbers and all
        # means exact.
        losses = (3.0 - np.asarray(targets)) ** 2
        total = np.sum(losses * weights)
        return Sides(
            result.history.history["loss"],
            equals=[total / len(targets)],
            otherwise={
                "sample weights had no effect": [np.mean(losses)],
                BY_WEIGHTS: [total / np.sum(weights)],
            },
        )

    # (1·9 + 3·4)/2 = 10.5; unweighted (9 + 4)/2; divided by 1 + 3.
    for_all(
        law,
        targets=lists(integers(-9, 9), min_size=4, max_size=4),
        weights=lists(integers(1, 9), min_size=4, max_size=4),
        examples=[([0, 1], [1, 3])],
    )


@clause("fit.sample_weight.gradient")
def test_sample_weights_weight_the_update(build: Build) -> None:
    """Sample weights act on the gradients, not only on the loss that is reported."""
    model = _model(build, rate=0.01)

    model.fit(X, Y, sample_weight=np.asarray([1, 3], np.float32), epochs=1)

    # Gradient (1·2·3 + 3·2·2)/2 = 9, so 3 - 0.09; unweighted 5, so 3 - 0.05.
    # The product and the difference are rounded.
    expect(
        model.weight("y"),
        equals=2.91,
        ulps=2,
        otherwise={"only the reported loss is weighted": 2.95},
    )


@clause("fit.sample_weight.zero-weights")
def test_a_sample_of_weight_0_moves_nothing(build: Build) -> None:
    """Neither the input nor the target of a sample of weight 0 has an influence on the update."""
    weights = []
    for first_input, first_target in ((1, 0), (1, 1e6), (1e3, 0)):
        model = _model(build, rate=0.01)
        data = column(first_input, 1), column(first_target, 1)
        model.fit(*data, sample_weight=np.asarray([0, 1], np.float32), epochs=1)
        weights.append(model.weight("y"))

    # The sample that counts has the gradient 2·(3 - 1). What it is divided by, one sample or two,
    # is open: 2.96 or 2.98, but three times the same.
    seen = {"of the other sample alone": len(set(weights)) == 1, "trained": weights[0] < 3.0}
    expect(seen, equals={"of the other sample alone": True, "trained": True})


@clause("fit.sample_weight.training-only")
def test_sample_weights_do_not_touch_validation_data(build: Build) -> None:
    """Sample weights act in training and leave the loss of the validation data alone."""
    weights = np.asarray([10, 10], np.float32)

    result = _model(build).fit(X, Y, epochs=1, sample_weight=weights, validation_data=(X, Y))

    # Of as many samples on purpose: (10·9 + 10·4)/2 in training, (9 + 4)/2 in validation.
    seen = {key: result.history.history[key] for key in ("loss", "val_loss")}
    expect(
        seen,
        equals={"loss": [65.0], "val_loss": [6.5]},
        otherwise={
            "the weights are used for validation too": {"loss": [65.0], "val_loss": [65.0]},
            BY_WEIGHTS: {"loss": [6.5], "val_loss": [6.5]},
        },
    )


@clause("fit.sample_weight.length-mismatch-ValueError")
def test_sample_weights_of_another_length_are_refused(build: Build) -> None:
    """There is one weight for each sample; fewer or more are a ValueError."""
    outcomes = {
        f"{count} for 2": outcome(
            _model(build).fit, X, Y, sample_weight=np.ones(count, np.float32), epochs=1
        )
        for count in (1, 3)
    }

    expect(outcomes, equals={"1 for 2": "ValueError", "3 for 2": "ValueError"})
