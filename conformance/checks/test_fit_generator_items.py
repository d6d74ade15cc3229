"""`fit_generator`: what an item of a generator or Sequence may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fitspec.conformance.arrangements.numbered_batches import of_rows, read
from fitspec.conformance.checks import SGD, Build, Generator, clause, expect, outcome, recognise
from fitspec.conformance.vocabulary.models import linear, two_in_two_out
from fitspec.conformance.vocabulary.samples import column, constant
from fitspec.conformance.worker.remote import RemoteError

if TYPE_CHECKING:
    from fitspec.conformance.worker.remote import Model

#: Two samples with x = 1. The weight 3 errs by 3 on the first and by 2 on the second.
X, Y = constant(2, 1), column(0, 1)
WEIGHTS = np.asarray([1, 3], np.float32)
CLASS_WEIGHT = {0: 1.0, 1: 10.0}


def _model(build: Build) -> Model:
    """Return a model that predicts 3·x and does not learn."""
    model = build(linear(3.0))
    model.compile(SGD(0.0), "mse")
    return model


def _loss(build: Build, item: object, **arguments: object) -> float:
    """Return the loss of training on one item."""
    result = _model(build).fit_generator(Generator([item]), steps_per_epoch=1, **arguments)
    (loss,) = result.history.history["loss"]
    return float(loss)


@clause("fit_generator.output.pair")
def test_an_item_is_one_batch(build: Build) -> None:
    """Each pair of inputs and targets that the generator yields makes one update."""
    batches = [[0, 1, 2], [3, 4, 5]]

    seen = read(build, "fit_generator", Generator(of_rows(batches)), steps_per_epoch=2)

    expect(
        seen,
        equals=[batches],
        otherwise={"every row is a batch": [[[0], [1]]]},
    )


@clause("fit_generator.output.triple")
def test_weights_in_an_item_weight_its_loss(build: Build) -> None:
    """A third element of an item holds the weights of its samples."""
    loss = _loss(build, (X, Y, WEIGHTS))

    # (1·9 + 3·4)/2; unweighted (9 + 4)/2; divided by 1 + 3.
    expect(
        loss,
        equals=10.5,
        otherwise={
            "the weights had no effect": 6.5,
            "the weighted loss is divided by the sum of the weights": 21 / 4,
        },
    )


@clause("fit_generator.output.list-form")
def test_an_item_may_be_a_list(build: Build) -> None:
    """A list of inputs and targets, with weights or without, is taken as a tuple is."""
    losses = {"pair": _loss(build, [X, Y]), "triple": _loss(build, [X, Y, WEIGHTS])}

    # (9 + 4)/2 and (1·9 + 3·4)/2
    expect(losses, equals={"pair": 6.5, "triple": 10.5})


@clause("fit_generator.output.dicts")
def test_inputs_and_targets_of_an_item_may_be_dicts(build: Build) -> None:
    """The arrays in the dicts of an item go to the layers of those names, in whatever order."""
    model = build(two_in_two_out(1.0, 2.0))
    model.compile(SGD(0.0), "mse")
    item = {"in2": column(10), "in1": column(1)}, {"b": column(10), "a": column(0)}

    result = model.fit_generator(Generator([item]), steps_per_epoch=1)

    # Outputs 1·1 and 2·10 for 0 and 10: 1 + 100. With the inputs exchanged 10 and 2, with the
    # targets exchanged 10 and 0.
    expect(
        result.history.history["loss"],
        equals=[101.0],
        otherwise={
            "the order of both dicts decided": [0.0 + 4.0],
            "the order of the dict of inputs decided": [100.0 + 64.0],
            "the order of the dict of targets decided": [81.0 + 400.0],
        },
    )


@clause("fit_generator.output.same-length")
def test_arrays_of_unequal_length_in_an_item_are_refused(build: Build) -> None:
    """Inputs, targets and weights of an item must have as many samples, or it is a ValueError."""
    three = np.ones(3, np.float32)
    items = {"3 targets for 2 inputs": (X, constant(3, 0)), "3 weights for 2": (X, Y, three)}

    outcomes = {
        name: outcome(_model(build).fit_generator, Generator([item]), steps_per_epoch=1)
        for name, item in items.items()
    }

    expect(outcomes, equals=dict.fromkeys(items, "ValueError"))


@clause("fit_generator.output.batch-sizes-may-differ")
def test_items_may_differ_in_length(build: Build) -> None:
    """Items of one, two and three rows are batches of one, two and three samples."""
    batches = [[0], [1, 2], [3, 4, 5]]

    seen = read(build, "fit_generator", Generator(of_rows(batches)), steps_per_epoch=3)

    expect(
        seen,
        equals=[batches],
        otherwise={"each is cut to the length of the first": [[[0], [1], [3]]]},
    )


@clause("fit_generator.output.epoch-loss-weighting")
def test_how_the_loss_of_an_epoch_combines_items_of_unequal_length(build: Build) -> None:
    """How batches of one, four and one sample make up the loss of an epoch."""
    model = build(linear(1.0))
    model.compile(SGD(0.0), "mse")
    items = [(constant(rows, root), constant(rows, 0)) for rows, root in ((1, 1), (4, 2), (1, 3))]

    history = model.fit_generator(Generator(items), steps_per_epoch=3).history.history

    # The losses are 1, 4 and 9.
    recognise(
        history["loss"],
        {
            "the mean over samples: batches count by their size": [(1 + 4 * 4 + 9) / 6],
            "the mean of the batches' losses: small batches count as large ones": [(1 + 4 + 9) / 3],
            "the loss of the last batch": [9.0],
            "the sum of the batches' losses": [14.0],
        },
        ulps=2,
    )


@clause("fit_generator.class_weight")
def test_class_weights_weight_the_items_trained_on(build: Build) -> None:
    """Class weights multiply the training loss and leave that of validation alone."""
    losses = {}
    for form, data in (("generator", Generator([(X, Y)])), ("arrays", (X, Y))):
        steps = 1 if isinstance(data, Generator) else None
        result = _model(build).fit_generator(
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

    loss = _loss(build, item, class_weight=CLASS_WEIGHT)

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


@clause("fit_generator.raises.bad-format")
def test_an_item_of_another_form_is_refused(build: Build) -> None:
    """An item that is neither a pair nor a triple, or does not fit the model, is a ValueError."""
    items = {
        # Two rows could pass for inputs and targets, as could the keys and the letters below.
        "an array of two rows": column(1, 2),
        "a tuple of one": (X,),
        "a tuple of four": (X, Y, WEIGHTS, WEIGHTS),
        "a number": 5,
        "a dict of two": {"x": X, "y": Y},
        "a string of two": "xy",
        "two features for one": (np.ones((2, 2), np.float32), Y),
    }

    outcomes = {
        name: outcome(_model(build).fit_generator, Generator([item]), steps_per_epoch=1)
        for name, item in items.items()
    }

    expect(outcomes, equals=dict.fromkeys(items, "ValueError"))


@clause("fit_generator.raises.none-item")
def test_none_in_place_of_an_item_is_refused(build: Build) -> None:
    """`None` among good items is a ValueError, in the background and on the main thread."""
    outcomes = {
        f"workers={workers}": outcome(
            _model(build).fit_generator,
            Generator([(X, Y), None, (X, Y)]),
            steps_per_epoch=2,
            workers=workers,
        )
        for workers in (1, 0)
    }

    expect(
        outcomes,
        equals=dict.fromkeys(outcomes, "ValueError"),
        otherwise={
            "workers pass over it": {"workers=1": "returned", "workers=0": "ValueError"},
            "it is passed over": dict.fromkeys(outcomes, "returned"),
        },
    )


@clause("fit_generator.raises.not-compiled")
def test_an_uncompiled_model_is_refused_before_anything_is_drawn(build: Build) -> None:
    """A model that was never compiled raises RuntimeError and leaves the generator alone."""
    source = Generator([(X, Y)])
    seen: dict[str, object] = {"raised": "nothing", "drawn": 0}

    try:
        build(linear()).fit_generator(source, steps_per_epoch=1)
    except RemoteError as error:
        drawn = len(error.events.by(source).of("pull"))
        raised = [name for name in error.classes if name == "RuntimeError"] or error.classes
        seen = {"raised": raised[0], "drawn": drawn}

    expect(seen, equals={"raised": "RuntimeError", "drawn": 0})
