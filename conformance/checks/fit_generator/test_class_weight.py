"""`fit_generator`: class weights."""

from __future__ import annotations

import numpy as np

from fitspec.conformance.arrangements.fit_generator_calls import loss_of_item
from fitspec.conformance.arrangements.two_errors import CLASS_WEIGHT, X, Y, model_of_3
from fitspec.conformance.checks import Build, Generator, clause, expect


@clause("fit_generator.class_weight")
def test_class_weights_weight_the_items_trained_on(build: Build) -> None:
    """Class weights multiply the training loss and leave that of validation alone."""
    losses = {}
    for form, data in (("generator", Generator([(X, Y)])), ("arrays", (X, Y))):
        steps = 1 if isinstance(data, Generator) else None
        result = model_of_3(build).fit_generator(
            Generator([(X, Y)]),
            steps_per_epoch=1,
            class_weight=CLASS_WEIGHT,
            validation_data=data,
            validation_steps=steps,
        )
        losses[form] = [*result.history.history["loss"], *result.history.history["val_loss"]]

    # (1·9 + 10·4)/2 = 24.5; unweighted (9 + 4)/2 = 6.5; divided by 1 + 10.
    forms = ("generator", "arrays")
    expect(
        losses,
        equals=dict.fromkeys(forms, [24.5, 6.5]),
        otherwise={
            "class weights had no effect": dict.fromkeys(forms, [6.5, 6.5]),
            "class weights weight the validation loss": dict.fromkeys(forms, [24.5, 24.5]),
            "the weighted loss is divided by the sum of the weights": dict.fromkeys(
                forms, [49 / 11, 6.5]
            ),
        },
    )


@clause("fit_generator.class_weight.with-item-weights")
def test_class_weights_and_the_weights_of_an_item_multiply(build: Build) -> None:
    """With both kinds of weights the loss of a sample is multiplied by both."""
    item = X, Y, np.asarray([2, 3], np.float32)

    loss = loss_of_item(build, item, class_weight=CLASS_WEIGHT)

    # (2·1·9 + 3·10·4)/2; class weights alone (9 + 40)/2; weights of the item alone (18 + 12)/2.
    expect(
        loss,
        equals=69.0,
        otherwise={
            "only the class weights act": 24.5,
            "only the weights of the item act": 15.0,
            "the weighted loss is divided by the sum of the weights": 138 / 32,
        },
    )
