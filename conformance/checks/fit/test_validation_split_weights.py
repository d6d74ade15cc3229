"""`fit`: the weights of the part of the data set apart for validation."""

from __future__ import annotations

from typing import Any

import numpy as np

from fitspec.conformance.arrangements.compiled import (
    frozen,
    small_model,
)
from fitspec.conformance.arrangements.taken import tried
from fitspec.conformance.arrangements.weighted_losses import (
    expect_class_weights_in_training_only,
    takes_two_weights,
    train_with_two_weights,
)
from fitspec.conformance.checks import (
    Build,
    clause,
    expect,
)
from fitspec.conformance.vocabulary.models import (
    temporal,
    three_in_three_out,
)
from fitspec.conformance.vocabulary.samples import (
    column,
    constant,
)


@clause("fit.validation_split.carries-sample-weights")
def test_sample_weights_stay_with_the_samples_set_apart(build: Build) -> None:
    """The sample weights of the part set apart weight its loss, those of every output its own."""
    weights = column(2, 0.5, 1, 4).ravel()
    split: dict[str, Any] = {"epochs": 1, "batch_size": 2, "validation_split": 0.5}
    data = constant(4, 1), column(0, 0, 0, 3)

    single = small_model(build).fit(*data, sample_weight=weights, **split)
    losses = {"one output": single.history.history["val_loss"]}
    later = small_model(build).fit(*data, sample_weight=weights, **{**split, "epochs": 2})
    losses["in a second epoch"] = later.history.history["val_loss"][1:]
    # Whether class weights are taken is another clause; they are of what is trained on.
    of_classes = {**split, "sample_weight": weights, "class_weight": {0: 2.0, 3: 5.0}}
    if (classes := tried(small_model(build).fit, *data, **of_classes)) is not None:
        found = classes.history.history["val_loss"]
        # Whether they weight it as well, (2·1·1 + 5·4·4)/2, is another clause.
        losses["beside class weights"] = [8.5] if found == [41.0] else found
    # No document describes the weights of several outputs. Who takes a list of them splits it.
    if takes_two_weights(build, weights):
        double = train_with_two_weights(build, weights, **split)
        losses["two outputs"] = double.history.history["val_loss"]
        named = {"b": weights[::-1], "a": weights}
        by_name = tried(train_with_two_weights, build, weights, sample_weight=named, **split)
        if by_name is not None:
            losses["two outputs by name"] = by_name.history.history["val_loss"]
        of_three = [*[weights] * 2, np.asarray([3, 3, 2, 6], np.float32)]
        fit, ones = frozen(build, three_in_three_out(1.0, 1.0, 1.0)).fit, [constant(4, 1)] * 3
        third = tried(fit, ones, [constant(4, 0)] * 3, sample_weight=of_three, **split)
        if third is not None:
            losses["three outputs"] = third.history.history["val_loss"]
    # Whether weights of time steps are taken is another clause.
    if (of_steps := tried(_loss_of_steps_set_apart, build)) is not None:
        losses["time steps"] = of_steps

    # Errors 1 - 0 and 1 - 3: (1·1 + 4·4)/2; unweighted (1 + 4)/2. Of the second output they come
    # the other way round, and so do the weights: (0.5·4 + 2·1)/2 beside the 8.5. A sixth of the
    # steps may be a product with a rounded 1/6.
    of_two, summed_of_two = [10.5], [17 / 5 + 4 / 2.5]
    # Three outputs err by 1: (1 + 4)/2 twice, and (2 + 6)/2.
    of_one = "one output", "in a second epoch", "beside class weights"
    right = {**dict.fromkeys(of_one, [8.5]), "time steps": [8.0], "three outputs": [9.0]}
    plain = {**dict.fromkeys(of_one, [2.5]), "time steps": [17 / 6], "three outputs": [3.0]}
    by_sum = {**dict.fromkeys(of_one, [17 / 5]), "time steps": [48 / 10], "three outputs": [3.0]}
    expect(
        losses,
        equals={name: right.get(name, of_two) for name in losses},
        ulps=4,
        otherwise={
            "the validation loss is not weighted": {
                name: plain.get(name, [5.0]) for name in losses
            },
            "the weighted loss is divided by the sum of the weights": {
                name: by_sum.get(name, summed_of_two) for name in losses
            },
        },
    )


def _loss_of_steps_set_apart(build: Build) -> list[float]:
    """Return the validation loss of two samples of three weighted steps behind two others.

    It is (0.5·1 + 2·4 + 4·9 + 1 + 1 + 1.5)/6 = 8, and 17/6 without weights.
    """
    steps = [[9, 9, 9], [9, 9, 9], [1, 2, 3], [1, 1, 1]]
    x = np.asarray(steps, np.float32)[..., np.newaxis]
    weights = np.asarray([[7, 8, 9], [9, 8, 7], [0.5, 2, 4], [1, 1, 1.5]], np.float32)
    arguments: dict[str, Any] = {"validation_split": 0.5, "epochs": 1}
    result = frozen(build, temporal(), "temporal").fit(x, 0 * x, sample_weight=weights, **arguments)
    losses: list[float] = result.history.history["val_loss"]
    return losses


@clause("fit.validation_split.class-weight-not-applied")
def test_class_weights_do_not_touch_the_part_set_apart(build: Build) -> None:
    """Class weights act in training and leave the loss of the part set apart alone."""
    expect_class_weights_in_training_only(
        build, constant(4, 1), column(0, 1, 0, 1), {"validation_split": 0.5}
    )
