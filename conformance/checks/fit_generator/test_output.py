"""`fit_generator`: what an item of a generator or Sequence may be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.conformance.arrangements.compiled import frozen
from fitspec.conformance.arrangements.data_forms import (
    LISTED,
    VALUES,
    data_by_name,
    model_of_three,
)
from fitspec.conformance.arrangements.fit_generator_calls import effect_of_items, kinds_of_streams
from fitspec.conformance.arrangements.numbered_batches import of_rows, read
from fitspec.conformance.arrangements.two_errors import WEIGHTS, X, Y, model_of_3
from fitspec.conformance.checks import SGD, Build, Generator, clause, expect, outcome, recognise
from fitspec.conformance.vocabulary.models import linear, two_in_two_out
from fitspec.conformance.vocabulary.samples import TALLY_RATE, constant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.conformance.vocabulary.probes import SequenceOf

#: Those of another item.
OTHER_WEIGHTS = WEIGHTS[::-1].copy()


def _trained_on_each_kind(build: Build, batches: list[list[int]]) -> dict[str, Any]:
    """Return the samples of each batch, of a generator and of a Sequence of these batches."""
    seen = {}
    for name, kind in kinds_of_streams(build).items():
        # A generator is never shuffled.
        order = {} if kind is Generator else {"shuffle": False}
        source, steps = kind(of_rows(batches)), {"steps_per_epoch": len(batches)}
        seen[name] = read(build, "fit_generator", source, **steps, **order)
    return seen


@clause("fit_generator.output.pair")
def test_an_item_is_one_batch(build: Build) -> None:
    """Each pair of inputs and targets that the generator yields makes one update."""
    batches = [[0, 1, 2], [3, 4, 5]]

    seen = _trained_on_each_kind(build, batches)

    expect(
        seen,
        equals=dict.fromkeys(seen, [batches]),
        otherwise={"every row is a batch": dict.fromkeys(seen, [[[0], [1]]])},
    )


@clause("fit_generator.output.triple")
def test_weights_in_an_item_weight_its_loss(build: Build) -> None:
    """A third element of an item holds the weights of its samples, for its loss and its update."""
    items = [(X, Y, WEIGHTS), (X, Y, OTHER_WEIGHTS)]
    effects = {
        name: effect_of_items(build, items, kind) for name, kind in kinds_of_streams(build).items()
    }

    # (1·9 + 3·4)/2; unweighted (9 + 4)/2; divided by 1 + 3. The gradients are 1·3 + 3·2 = 9, which
    # leaves 3 - 9/4 = 0.75, and 3·0.75 + 1·(-0.25) = 2; unweighted 5, which leaves 1.75, and
    # 1.75 + 0.75; with the weights of the first item for both 0.75 + 3·(-0.25) = 0; divided by 4 in
    # place of 2 samples 9/2, which leaves 1.875, and (3·1.875 + 0.875)/2.
    right = {"loss": [10.5], "weight": 0.75 - 2 / 4}
    unweighted = {"loss": [6.5], "weight": 1.75 - 2.5 / 4}
    otherwise = {
        "the weights had no effect": unweighted,
        "the weights are in the reported loss alone": {**right, "weight": unweighted["weight"]},
        "the weights of the first item weight all": {**right, "weight": 0.75},
        "the weighted loss is divided by the sum of the weights": {
            "loss": [21 / 4],
            "weight": 1.875 - 3.25 / 4,
        },
    }
    expect(
        effects,
        equals=dict.fromkeys(effects, right),
        otherwise={
            **{words: dict.fromkeys(effects, effect) for words, effect in otherwise.items()},
            "the weights had no effect in a Sequence": {
                "generator": right,
                "Sequence": unweighted,
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
    x, y = data_by_name()
    by_position = [x[name] for name in LISTED], [y[name] for name in "bca"]
    items = {
        "dicts of both": (x, y),
        "a dict of inputs": (x, by_position[1]),
        "a dict of targets": (by_position[0], y),
    }

    seen = {}
    for form, item in items.items():
        still, learning = frozen(build, model_of_three()), build(model_of_three())
        learning.compile(SGD(TALLY_RATE), "mse")
        result = still.fit_generator(Generator([item]), steps_per_epoch=2, epochs=1)
        learning.fit_generator(Generator([item]), steps_per_epoch=1, epochs=1)
        seen[form] = {
            "loss": result.history.history["loss"],
            "weights": [learning.weight(name) for name in "bca"],
        }

    right = _of_three(LISTED, "bca")
    expect(
        seen,
        equals=dict.fromkeys(items, right),
        otherwise={
            "the order of the dicts decided": {
                "dicts of both": _of_three([*x], [*y]),
                "a dict of inputs": _of_three([*x], "bca"),
                "a dict of targets": _of_three(LISTED, [*y]),
            },
            "the alphabet decided": {
                "dicts of both": _of_three(sorted(x), sorted(y)),
                "a dict of inputs": _of_three(sorted(x), "bca"),
                "a dict of targets": _of_three(LISTED, sorted(y)),
            },
        },
    )


def _of_three(inputs: Sequence[str], outputs: Sequence[str]) -> dict[str, list[float]]:
    """Return loss and weights where the three get the data of these names, in their order.

    The errors are f·x - y, the loss the sum of their squares, and the gradients 2·error·x.
    """
    loss, weights = 0.0, []
    for factor, given, wanted in zip((2.0, 3.0, 5.0), inputs, outputs, strict=True):
        error = factor * VALUES[given] - VALUES[wanted]
        loss += error**2
        weights.append(factor - TALLY_RATE * 2 * error * VALUES[given])
    return {"loss": [loss], "weights": weights}


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

    def trained_on(kind: type[Generator | SequenceOf], item: tuple[object, ...]) -> str:
        several = isinstance(item[0], list)
        model = frozen(build, two_in_two_out(1.0, 1.0)) if several else model_of_3(build)
        return outcome(model.fit_generator, kind([item]), steps_per_epoch=1)

    seen = {
        what: {name: trained_on(kind, item) for name, item in {**equal, **unequal}.items()}
        for what, kind in kinds_of_streams(build).items()
    }
    right = {**dict.fromkeys(equal, "returned"), **dict.fromkeys(unequal, "ValueError")}
    expect(seen, equals=dict.fromkeys(seen, right))


@clause("fit_generator.output.batch-sizes-may-differ")
def test_items_may_differ_in_length(build: Build) -> None:
    """Items of one, two and three rows are batches of one, two and three samples."""
    batches = [[0], [1, 2], [3, 4, 5]]

    seen = _trained_on_each_kind(build, batches)

    cut = [[[0], [1], [3]]]
    expect(
        seen,
        equals=dict.fromkeys(seen, [batches]),
        otherwise={"each is cut to the length of the first": dict.fromkeys(seen, cut)},
    )


@clause("fit_generator.output.epoch-loss-weighting")
def test_how_the_loss_of_an_epoch_combines_items_of_unequal_length(build: Build) -> None:
    """How batches of one, four and one sample make up the loss of an epoch."""
    model = build(linear(1.0))
    model.compile(SGD(0.0), "mse")
    items = [(constant(rows, root), constant(rows, 0)) for rows, root in ((1, 1), (4, 2), (1, 3))]

    history = model.fit_generator(Generator(items), steps_per_epoch=3, epochs=1).history.history

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
