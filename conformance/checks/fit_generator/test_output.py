"""`fit_generator`: what an item of a generator or Sequence may be."""

from __future__ import annotations

import numpy as np

from fitspec.conformance.arrangements.fit_generator_calls import loss_of_item
from fitspec.conformance.arrangements.numbered_batches import of_rows, read
from fitspec.conformance.arrangements.two_errors import WEIGHTS, X, Y, model_of_3
from fitspec.conformance.checks import SGD, Build, Generator, clause, expect, outcome, recognise
from fitspec.conformance.vocabulary.models import linear, two_in_two_out
from fitspec.conformance.vocabulary.samples import column, constant


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
    loss = loss_of_item(build, (X, Y, WEIGHTS))

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
    losses = {"pair": loss_of_item(build, [X, Y]), "triple": loss_of_item(build, [X, Y, WEIGHTS])}

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
        name: outcome(model_of_3(build).fit_generator, Generator([item]), steps_per_epoch=1)
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
