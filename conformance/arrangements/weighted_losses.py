"""Weights of samples and of classes, and the losses that they act on."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.conformance.arrangements.compiled import frozen
from fitspec.conformance.arrangements.returned import loss_in
from fitspec.conformance.arrangements.taken import taken, tried
from fitspec.conformance.arrangements.two_errors import BY_WEIGHTS, model_of_3
from fitspec.conformance.claims.expect import expect, outcome
from fitspec.conformance.vocabulary.models import copies, temporal, two_in_two_out
from fitspec.conformance.vocabulary.probes import SGD, SequenceOf
from fitspec.conformance.vocabulary.samples import column, constant
from fitspec.conformance.worker.remote import NotOffered

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fitspec.conformance.arrangements.compiled import Build
    from fitspec.conformance.vocabulary.samples import Array
    from fitspec.conformance.worker.remote import Method, Model, Result

#: What of a weighted batch is known by other words when an update was made.
_REPORTED_ALONE = "only the reported loss is weighted"


def expect_weighted_samples(
    build: Build,
    method: Callable[[Model], Method],
    *,
    trains: bool = False,
    third: bool = False,
    **more: Any,
) -> None:
    """Claim that flat weights are factors on the loss of each sample, in this call alone.

    Args:
        build: builds a model.
        method: gives the method of a model, such as `evaluate`.
        trains: whether the method makes an update, which is then claimed as well.
        third: whether weights are the third argument, and so may do without a name.
        more: arguments of the call besides data and weights.

    Raises:
        ExpectationFell: the loss, or the update, is another.
    """
    data = constant(4, 1), column(0, 1, 0, 2)
    weights = np.asarray([1, 3, 0.5, 1.5], np.float32)

    one, whole = model_of_3(build), np.asarray([1, 3, 2, 2])
    seen = {
        "loss": loss_in(method(one)(*data, sample_weight=weights, **more).value),
        "whole numbers": loss_in(method(one)(*data, sample_weight=whole, **more).value),
        "then none": loss_in(method(one)(*data, **more).value),
    }
    of_many = constant(64, 1), constant(64, 1)
    ascending = np.asarray([1] * 32 + [3] * 32, np.float32)
    seen["64 samples"] = loss_in(method(one)(*of_many, sample_weight=ascending, **more).value)
    double = weights.astype(np.float64)
    seen["of double precision"] = loss_in(method(one)(*data, sample_weight=double, **more).value)
    # Only the second errs: by how many samples a weight of 0 divides is open, not that it is one.
    second = np.asarray([1, 0, 0.5, 1.5], np.float32)
    one_errs = data[0], column(3, 0, 3, 3)
    seen["weight 0"] = loss_in(method(one)(*one_errs, sample_weight=second, **more).value)
    # Whether one input may be given by its name is another clause.
    named = {"x": data[0]}, data[1]
    if taken(method(one), *named, **more):
        by_name = method(one)(*named, sample_weight=weights, **more).value
        seen["inputs by name"] = loss_in(by_name)
    # Whether an incomplete batch counts by its samples is another clause: without weights 22/3.
    three = data[0][:3], data[1][:3]
    if "batch_size" in more and math.isclose(
        loss_in(method(one)(*three, **more).value), 22 / 3, rel_tol=1e-6
    ):
        of_three = method(one)(*three, sample_weight=weights[:3], **more).value
        seen["with a remainder"] = loss_in(of_three)
    if third:
        seen["by position"] = loss_in(method(one)(*data, weights, **more).value)
    if trains:
        model = model_of_3(build, 0.25)
        method(model)(*data, sample_weight=weights, **more)
        seen["weight"] = model.weight("y")

    # Errors 3, 2, 3 and 1: (1·9 + 3·4 + 0.5·9 + 1.5·1)/4; the gradient is
    # 2·(1·3 + 3·2 + 0.5·3 + 1.5·1)/4 = 6. Unweighted (9 + 4 + 9 + 1)/4 and 2·(3 + 2 + 3 + 1)/4.
    # Where one alone errs, 9/4.
    # Divided by the weights, which are 6, it is 27/6 and 24/6. By the whole numbers, which are 8,
    # it is (1·9 + 3·4 + 2·9 + 2·1)/4. Of 64 errors of 2 the weights are 2 on the average. Of the
    # first three (1·9 + 3·4 + 0.5·9)/3; the mean of their two batches is (10.5 + 4.5)/2.
    fractions = ("loss", "by position", "of double precision", "inputs by name")
    after = {**dict.fromkeys(fractions, 6.75), "whole numbers": 10.25, "then none": 5.75}
    after |= {
        "weight 0": 0.0,
        "64 samples": 8.0,
        "weight": 3 - 0.25 * 6,
        "with a remainder": 8.5,
    }
    wrong = {
        "sample weights had no effect": {
            **dict.fromkeys(fractions, 5.75),
            "weight 0": 2.25,
            "whole numbers": 5.75,
            "64 samples": 4.0,
            "weight": 3 - 0.25 * 4.5,
            "with a remainder": 22 / 3,
        },
        "an incomplete batch counts as a whole one": {"with a remainder": 7.5},
        "weights of double precision had no effect": {"of double precision": 5.75},
        "weights beside inputs by name had no effect": {"inputs by name": 5.75},
        BY_WEIGHTS: {
            **dict.fromkeys(fractions, 4.5),
            "whole numbers": 41 / 8,
            "64 samples": 4.0,
            "weight": 3 - 0.25 * 4,
            "with a remainder": 25.5 / 4.5,
        },
        "weights are cut to whole numbers": {
            **dict.fromkeys(fractions, 5.5),
            "weight": 3 - 0.25 * 5,
            "with a remainder": 7.0,
        },
        _REPORTED_ALONE: {"weight": 3 - 0.25 * 4.5},
        "the weights of the first two samples are used for the others": {
            **dict.fromkeys(fractions, 8.25),
            "whole numbers": 8.25,
            "64 samples": 4.0,
            "with a remainder": 10.0,
        },
        "each batch of two is divided by the sum of its weights": {
            **dict.fromkeys(fractions, (21 / 4 + 6 / 2) / 2),
            "whole numbers": (21 / 4 + 20 / 4) / 2,
            "64 samples": 4.0,
            "with a remainder": (2 * 21 / 4 + 9) / 3,
        },
        "weights are kept for calls that have none": {"then none": 10.25},
    }
    expect(
        seen,
        equals={name: after[name] for name in seen},
        otherwise={
            words: {name: {**after, **values}[name] for name in seen}
            for words, values in wrong.items()
        },
    )


def expect_weighted_steps(
    build: Build,
    method: Callable[[Model], Method],
    otherwise: Mapping[str, float] | None = None,
    *,
    trains: bool = False,
    on_items: bool = False,
    **more: Any,
) -> None:
    """Claim that 2D weights are factors on the loss of each time step in temporal mode.

    Args:
        build: builds a model.
        method: gives the method of a model, such as `evaluate`.
        otherwise: known deviations of the loss besides those of any method.
        trains: whether the method makes an update, which is then claimed as well.
        on_items: whether the method takes weights in the items of a Sequence as well.
        more: arguments of the call besides data and weights.

    Raises:
        ExpectationFell: the loss, or the update, is another.
    """
    x = np.asarray([[[1], [2], [3]], [[1], [1], [1]]], np.float32)
    weights = np.asarray([[0.5, 2, 4], [1, 1, 1.5]], np.float32)

    def called(rate: float) -> tuple[float, float]:
        model = build(temporal())
        model.compile(SGD(rate), "mse", sample_weight_mode="temporal")
        value = method(model)(x, 0 * x, sample_weight=weights, **more).value
        return loss_in(value), model.weight("y")

    seen = {"loss": called(0.0)[0]}
    if on_items:
        model = build(temporal())
        model.compile(SGD(0.0), "mse", sample_weight_mode="temporal")
        seen["loss of items"] = loss_in(method(model)(SequenceOf([(x, 0 * x, weights)])).value)
    if trains:
        seen["weight"] = called(2.0**-5)[1]

    # (0.5·1 + 2·4 + 4·9 + 1 + 1 + 1.5)/6 = 8; sample by sample 44.5/3 and 3.5/3. No weight is 0,
    # so that it is no matter whether steps of weight 0 count. A sixth may be a product with a
    # rounded 1/6. The gradient is twice that, as x is the error: 1 - 16/32.
    right = {"loss": 8.0, "loss of items": 8.0, "weight": 0.5}
    wrong = {
        "sample weights had no effect": 17 / 6,
        "weights are averaged over time first": (6.5 / 3 * 14 / 3 + 3.5 / 3) / 2,
        BY_WEIGHTS: 48 / 10,
        **(otherwise or {}),
    }
    named = {
        words: {"loss": loss, "loss of items": loss, "weight": 1 - loss / 16}
        for words, loss in wrong.items()
    }
    named[_REPORTED_ALONE] = {**right, "weight": 1 - 17 / 6 / 16}
    expect(
        seen,
        equals={name: right[name] for name in seen},
        ulps=4,
        otherwise={words: {name: values[name] for name in seen} for words, values in named.items()},
    )


def expect_class_weights_in_training_only(
    build: Build, x: Any, y: Any, *validations: dict[str, Any]
) -> None:
    """Claim that class weights weight the loss of training and not that of validation.

    Where one-hot targets have classes, which is a clause of its own, they are tried as well.

    Args:
        build: builds a model.
        x: ones.
        y: zeros and ones in turn, as in the data to validate on.
        validations: arguments of `fit` that say what to validate on, one after the other.

    Raises:
        ExpectationFell: they weight both, or none.
    """
    arguments = {"batch_size": 2, "class_weight": {0: 0.25, 1: 10.0}, "epochs": 1}
    histories = [
        model_of_3(build).fit(x, y, **arguments, **validation).history.history
        for validation in validations
    ]
    # Whether sample weights are taken is another clause: ones change nothing.
    ones = {**arguments, **validations[0], "sample_weight": np.ones(len(x), np.float32)}
    weighted_too = tried(model_of_3(build).fit, x, y, **ones)
    histories += [] if weighted_too is None else [weighted_too.history.history]
    one_hot = np.asarray([[1, 0], [0, 1]] * (len(x) // 2), np.float32)
    of_rows = {"validation_data": (x, one_hot)} if "validation_data" in validations[0] else {}

    def rows() -> Result:
        model = frozen(build, copies(2, 2.0))
        return model.fit(x, one_hot, **arguments, **{**validations[0], **of_rows})

    # Predictions 2 and 2: each row loses (1 + 4)/2.
    answered = tried(rows)
    of_classes = [2.5] if answered is None else answered.history.history["val_loss"]

    # Errors 3 and 2 in turn: (9 + 4)/2; weighted (0.25·9 + 10·4)/2. How they weight the loss of
    # training is a clause of its own.
    plain, weighted = [6.5] * len(histories), [21.125] * len(histories)
    expect(
        {
            "training is weighted": all(history["loss"] != [6.5] for history in histories),
            "val_loss": [loss for history in histories for loss in history["val_loss"]],
            "of one-hot targets": of_classes,
        },
        equals={"training is weighted": True, "val_loss": plain, "of one-hot targets": [2.5]},
        otherwise={
            "class weights weight the validation loss": {
                "training is weighted": True,
                "val_loss": weighted,
                "of one-hot targets": [2.5 * (0.25 + 10) / 2],
            },
            "class weights have no effect": {
                "training is weighted": False,
                "val_loss": plain,
                "of one-hot targets": [2.5],
            },
        },
    )


def train_with_two_weights(build: Build, weights: Array, **arguments: Any) -> Result:
    """Train two outputs, the second with the weights in reverse unless `arguments` have others."""
    x, y = [constant(4, 1)] * 2, [column(0, 0, 0, 3), column(0, 0, 3, 0)]
    fit = frozen(build, two_in_two_out(1.0, 1.0)).fit
    result: Result = fit(x, y, **{"sample_weight": [weights, weights[::-1]], **arguments})
    return result


def takes_two_weights(build: Build, weights: Array) -> bool:
    """Return whether training takes a list of weights."""
    try:
        return outcome(train_with_two_weights, build, weights, batch_size=2) == "returned"
    except NotOffered:
        return False
