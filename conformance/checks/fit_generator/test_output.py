"""`fit_generator`: what an item of a generator or Sequence may be."""

from __future__ import annotations

import numpy as np

from fitspec.conformance.arrangements.compiled import frozen
from fitspec.conformance.arrangements.fit_generator_calls import effect_of_items
from fitspec.conformance.arrangements.numbered_batches import of_rows, read
from fitspec.conformance.arrangements.two_errors import WEIGHTS, X, Y, model_of_3
from fitspec.conformance.checks import SGD, Build, Generator, clause, expect, outcome, recognise
from fitspec.conformance.vocabulary.models import linear, two_in_two_out
from fitspec.conformance.vocabulary.samples import column, constant

#: Those of another item.
OTHER_WEIGHTS = WEIGHTS[::-1].copy()


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
    """A third element of an item holds the weights of its samples, for its loss and its update."""
    effect = effect_of_items(build, [(X, Y, WEIGHTS), (X, Y, OTHER_WEIGHTS)])

    # (1·9 + 3·4)/2; unweighted (9 + 4)/2; divided by 1 + 3. The gradients are 1·3 + 3·2 = 9, which
    # leaves 3 - 9/4 = 0.75, and 3·0.75 + 1·(-0.25) = 2; unweighted 5, which leaves 1.75, and
    # 1.75 + 0.75; with the weights of the first item for both 0.75 + 3·(-0.25) = 0; divided by 4 in
    # place of 2 samples 9/2, which leaves 1.875, and (3·1.875 + 0.875)/2.
    right = {"loss": [10.5], "weight": 0.75 - 2 / 4}
    expect(
        effect,
        equals=right,
        otherwise={
            "the weights had no effect": {"loss": [6.5], "weight": 1.75 - 2.5 / 4},
            "the weights are in the reported loss alone": {**right, "weight": 1.75 - 2.5 / 4},
            "the weights of the first item weight all": {**right, "weight": 0.75},
            "the weighted loss is divided by the sum of the weights": {
                "loss": [21 / 4],
                "weight": 1.875 - 3.25 / 4,
            },
        },
    )


@clause("fit_generator.output.list-form")
def test_an_item_may_be_a_list(build: Build) -> None:
    """A list of inputs and targets, with weights or without, is taken as a tuple is."""
    effects = {
        "pair": effect_of_items(build, [[X, Y]] * 2),
        "triple": effect_of_items(build, [[X, Y, WEIGHTS], [X, Y, OTHER_WEIGHTS]]),
    }

    # (9 + 4)/2 and (1·9 + 3·4)/2. The gradients are 3 + 2, which leaves 1.75, and 1.75 + 0.75; with
    # the weights 1·3 + 3·2 = 9, which leaves 0.75, and 3·0.75 + 1·(-0.25) = 2.
    expect(
        effects,
        equals={
            "pair": {"loss": [6.5], "weight": 1.75 - 2.5 / 4},
            "triple": {"loss": [10.5], "weight": 0.75 - 2 / 4},
        },
    )


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
    one, three = constant(1, 0), constant(3, 0)
    equal = {
        "2 inputs, targets and weights": (X, Y, WEIGHTS),
        "2 for each input and output": ([X, X], [Y, Y]),
    }
    # One of anything could be stretched to fit.
    unequal = {
        "3 targets for 2 inputs": (X, three),
        "1 target for 2 inputs": (X, one),
        "2 targets for 1 input": (one, Y),
        "3 weights for 2": (X, Y, np.ones(3, np.float32)),
        "1 weight for 2": (X, Y, np.ones(1, np.float32)),
        "3 for one of the inputs": ([X, three], [Y, Y]),
        "1 for one of the inputs": ([X, one], [Y, Y]),
        "1 for one of the outputs": ([X, X], [Y, one]),
    }

    def trained_on(item: tuple[object, ...]) -> str:
        several = isinstance(item[0], list)
        model = frozen(build, two_in_two_out(1.0, 1.0)) if several else model_of_3(build)
        return outcome(model.fit_generator, Generator([item]), steps_per_epoch=1)

    expect(
        {name: trained_on(item) for name, item in {**equal, **unequal}.items()},
        equals={**dict.fromkeys(equal, "returned"), **dict.fromkeys(unequal, "ValueError")},
    )


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
