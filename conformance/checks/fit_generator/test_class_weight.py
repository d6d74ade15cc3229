"""`fit_generator`: class weights."""

from __future__ import annotations

import numpy as np

from fitspec.conformance.arrangements.fit_generator_calls import effect_of_items, kinds_of_streams
from fitspec.conformance.arrangements.two_errors import X, Y, model_of_3
from fitspec.conformance.checks import Build, Generator, clause, expect
from fitspec.conformance.vocabulary.samples import column

#: No whole numbers, and not 1 together.
CLASS_WEIGHT = {0: 0.25, 1: 1.5}
#: The second item has the classes the other way round.
SWAPPED = X, column(1, 0)


@clause("fit_generator.class_weight")
def test_class_weights_weight_the_items_trained_on(build: Build) -> None:
    """Class weights multiply the loss of each training sample, and leave validation alone."""
    kinds = kinds_of_streams(build)
    trained = {
        name: effect_of_items(build, [(X, Y), SWAPPED], kind, class_weight=CLASS_WEIGHT)
        for name, kind in kinds.items()
    }
    validated = {}
    sources = {**{name: kind([(X, Y)]) for name, kind in kinds.items()}, "arrays": (X, Y)}
    for name, data in sources.items():
        result = model_of_3(build).fit_generator(
            Generator([(X, Y)]),
            steps_per_epoch=1,
            epochs=1,
            class_weight=CLASS_WEIGHT,
            validation_data=data,
            validation_steps=None if name == "arrays" else 1,
        )
        validated[name] = result.history.history["val_loss"]

    # The loss (0.25·9 + 1.5·4)/2; unweighted (9 + 4)/2, with weights cut to whole numbers
    # (0 + 4)/2, divided by their sum 8.25/1.75. The gradients are 0.25·3 + 1.5·2 = 3.75, which
    # leaves 3 - 3.75/4 = 2.0625, and of the second item 1.5·1.0625 + 0.25·2.0625 = 2.109375.
    # Unweighted they are 5 and 1.75 + 0.75; unweighted for the second alone 1.0625 + 2.0625.
    right = {"loss": [4.125], "weight": 2.0625 - 2.109375 / 4}
    unweighted = {"loss": [6.5], "weight": 1.75 - 2.5 / 4}
    in_report = {"loss": [4.125], "weight": unweighted["weight"]}
    at_first = {"loss": [4.125], "weight": 2.0625 - 3.125 / 4}
    alone = dict.fromkeys(sources, [6.5])

    def both(trained: object) -> dict[str, object]:
        return {"trained": dict.fromkeys(kinds, trained), "validated": alone}

    expect(
        {"trained": trained, "validated": validated},
        equals=both(right),
        otherwise={
            "class weights had no effect": both(unweighted),
            "class weights had no effect for a Sequence": {
                "trained": {"generator": right, "Sequence": unweighted},
                "validated": alone,
            },
            "class weights are in the reported loss alone": both(in_report),
            "class weights weight the first item alone": both(at_first),
            "class weights are cut to whole numbers": both(
                {"loss": [2.0], "weight": 2.5 - 1.5 / 4}
            ),
            "class weights weight the validation loss": {
                **both(right),
                "validated": dict.fromkeys(sources, [4.125]),
            },
        },
    )


@clause("fit_generator.class_weight.with-item-weights")
def test_class_weights_and_the_weights_of_an_item_multiply(build: Build) -> None:
    """With both kinds of weights the loss of a sample is multiplied by both."""
    items = [(X, Y, np.asarray([2, 3], np.float32)), (*SWAPPED, np.asarray([4, 1], np.float32))]

    effects = {
        name: effect_of_items(build, items, kind, class_weight=CLASS_WEIGHT)
        for name, kind in kinds_of_streams(build).items()
    }

    # (2·0.25·9 + 3·1.5·4)/2; class weights alone (2.25 + 6)/2; weights of the item alone
    # (18 + 12)/2. The gradients are 2·0.25·3 + 3·1.5·2 = 10.5, which leaves 0.375, and
    # 4·1.5·(0.375 - 1) + 1·0.25·0.375 = -3.65625; of class weights alone 3.75 and 2.109375; of
    # the items' alone 2·3 + 3·2 = 12, which leaves 0, and 4·(-1) + 0.
    right = {"loss": [11.25], "weight": 0.375 + 3.65625 / 4}
    of_classes = {"loss": [4.125], "weight": 2.0625 - 2.109375 / 4}
    of_item = {"loss": [15.0], "weight": 0.0 + 4 / 4}
    expect(
        effects,
        equals=dict.fromkeys(effects, right),
        otherwise={
            "only the class weights act": dict.fromkeys(effects, of_classes),
            "only the weights of the item act": dict.fromkeys(effects, of_item),
            "only the weights of the item act in a Sequence": {
                "generator": right,
                "Sequence": of_item,
            },
        },
    )
