"""`fit`: the forms of the data."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from fitspec.conformance.arrangements.beside_streams import KINDS
from fitspec.conformance.arrangements.compiled import learning_model, small_model
from fitspec.conformance.arrangements.iterables import ITEMS, ONE_PASS, trained_from
from fitspec.conformance.arrangements.numbered_batches import of_rows, read
from fitspec.conformance.arrangements.taken import taken, takes_sequences, tried
from fitspec.conformance.arrangements.three_of_each import (
    INPUTS,
    MISTAKES,
    VALUES,
    by_name,
    expect_inputs,
    listed,
)
from fitspec.conformance.arrangements.two_errors import BY_WEIGHTS, WEIGHTS, X, Y, model_of_3
from fitspec.conformance.arrangements.ways_of_ending import RATE, refused, trained
from fitspec.conformance.checks import SGD, Build, answer, clause, expect, recognise
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.probes import (
    ForeignTensor,
    HeldArray,
    IterableOf,
    SequenceOf,
)
from fitspec.conformance.vocabulary.samples import ascending, column, constant
from fitspec.conformance.worker.answers import loss_of

ONE_AND_THREE, ZEROS = column(1, 3), constant(2, 0)


def _order(rows: np.ndarray[Any, Any], before: np.ndarray[Any, Any]) -> str:
    if np.array_equal(rows, before):
        return "same"
    return "other order" if set(rows.flat) == set(before.flat) else "other values"


@clause("fit.x.array")
def test_x_may_be_an_array(build: Build) -> None:
    """A model of one input is trained on an array."""
    # So small that no gradient is cut by a library that cuts those longer than 1.
    small = 2.0**-5
    model = build(linear(small))
    model.compile(SGD(2.0**-6), "mse")

    seen = {}
    for name, x in {"first": ascending(4), "then others": ascending(4) / 2}.items():
        model.fit(x, constant(4, 0), batch_size=4, epochs=1)
        seen[name] = model.weight("y") / small

    # Whether bytes are taken, as of pictures, is left open; not what they are. 200 errs by 1 where
    # 199 is right, and as a signed byte by 255.
    still = build(linear())
    still.compile(SGD(0.0), "mae")
    ended = tried(still.fit, constant(2, 200).astype(np.uint8), constant(2, 199), epochs=1)
    of_bytes = {} if ended is None else {"loss on bytes": 1.0}
    seen |= {} if ended is None else {"loss on bytes": ended.history.history["loss"][0]}

    def after(first: float, others: float) -> dict[str, float]:
        return {"first": first, "then others": first * others, **of_bytes}

    # Gradient 2·w·(1 + 4 + 9 + 16)/4 = 15·w, which no other choice among the samples has, and a
    # quarter of it for halves.
    right = 1 - 15 / 64
    expect(
        seen,
        equals=after(right, 1 - 15 / 256),
        otherwise={
            "no update was made": after(1.0, 1.0),
            "the last sample was left out": after(1 - 28 / 3 / 64, 1 - 28 / 12 / 64),
            "a later call trains on the array of the first": after(right, right),
        },
    )


@clause("fit.x.one-d-array")
def test_a_flat_vector_is_one_feature_per_sample(build: Build) -> None:
    """Flat vectors of inputs and targets mean one feature and one target for each sample."""
    # Whether Sequences are taken, and what is validated on, are clauses of their own.
    columns = column(1, 2), column(0, 1)
    of_items = takes_sequences(build)
    validates = taken(small_model(build).fit, *columns, epochs=1, validation_data=columns)

    def weight_after(*data: Any, **arguments: Any) -> float:
        model = learning_model(build, 0.25)
        model.fit(*data, epochs=1, **arguments)
        return model.weight("y")

    weights = {}
    for name, data in {"flat": [np.ravel(one) for one in columns], "columns": columns}.items():
        weights[name] = weight_after(*data, batch_size=2)
        if of_items:
            weights[f"{name} in a Sequence"] = weight_after(SequenceOf([tuple(data)]))
        if validates:
            result = small_model(build).fit(*data, epochs=1, validation_data=tuple(data))
            weights[f"loss of {name} in validation"] = result.history.history["val_loss"][0]

    # Errors 1 and 1, gradient (2·1·1 + 2·2·1)/2 = 3. Of each prediction with each target the
    # errors are 1, 0, 2 and 1, the gradient (2·1·1 + 2·2·2 + 2·2·1)/4 = 3.5.
    right = {name: 1.0 if "loss" in name else 0.25 for name in weights}
    wrong = {name: 1.5 if "loss" in name else 0.125 for name in weights if "flat" in name}
    expect(
        weights,
        equals=right,
        otherwise={"every prediction was compared with every target": {**right, **wrong}},
    )


@clause("fit.x.list-multi-input")
def test_a_list_of_arrays_feeds_the_inputs_by_position(build: Build) -> None:
    """The arrays of a list go to the inputs in the order of the inputs."""
    expect_inputs(
        build,
        listed(),
        {
            "the inputs were taken in reverse": VALUES[::-1],
            "the inputs were taken in the order of their names": (3.0, 1.0, 2.0),
        },
    )


@clause("fit.x.dict-by-name")
def test_a_dict_feeds_the_inputs_by_name(build: Build) -> None:
    """The arrays of a dict go to the inputs of those names, whatever their order."""
    expect_inputs(build, by_name(INPUTS), MISTAKES)


@clause("fit.x.sequence")
def test_x_may_be_a_sequence(build: Build) -> None:
    """`fit` trains on every batch of a Sequence once an epoch."""
    batches = [[0, 1], [2], [3, 4, 5]]

    epochs = read(build, "fit", SequenceOf(of_rows(batches)), epochs=2)

    # In which order is a clause of its own.
    expect([sorted(epoch) for epoch in epochs], equals=[batches] * 2)


@clause("fit.x.triple-with-weights")
def test_weights_in_the_items_weight_the_loss(build: Build) -> None:
    """A third element of the items of a generator or Sequence holds the weights of its samples."""
    seen = {}
    for name, (kind, needed) in KINDS.items():
        model = model_of_3(build, rate=2.0**-4)
        result = model.fit(kind([(X, Y, WEIGHTS)]), epochs=2, **needed)
        first, _ = result.history.history["loss"]
        items, steps = kind([(X, Y, WEIGHTS), (X, Y, WEIGHTS[::-1])]), dict.fromkeys(needed, 2)
        two = model_of_3(build).fit(items, epochs=1, **steps).history.history["loss"]
        whole = kind([(X, Y, WEIGHTS.astype(np.int64))])
        of_whole = model_of_3(build).fit(whole, epochs=1, **needed).history.history["loss"]
        seen[name] = [first, model.weight("y"), *two, *of_whole]

    # (1·9 + 3·4)/2; unweighted (9 + 4)/2; divided by 1 + 3. Gradient 1·w + 3·(w - 1), two updates:
    # 3 - 9/16 = 39/16, from which another (4·39/16 - 3)/16 = 27/64 goes; unweighted 2·w - 1:
    # 3 - 5/16 = 43/16, and (2·43/16 - 1)/16 = 35/128; by the sum of the weights half as much as
    # weighted: 3 - 9/32 = 87/32, and (4·87/32 - 3)/32 = 63/256. An item with the weights in reverse
    # has the loss (3·9 + 1·4)/2, both 4·6.5/2; by the sum of the weights 6.5. In an array of whole
    # numbers they are the same.
    otherwise = {
        "the weights had no effect": [6.5, 309 / 128, 6.5, 6.5],
        "only the reported loss is weighted": [10.5, 309 / 128, 13.0, 10.5],
        "the first item's weights serve for all": [10.5, 129 / 64, 10.5, 10.5],
        "whole numbers had no effect": [10.5, 129 / 64, 13.0, 6.5],
        BY_WEIGHTS: [5.25, 633 / 256, 6.5, 5.25],
    }
    expect(
        seen,
        equals=dict.fromkeys(KINDS, [10.5, 129 / 64, 13.0, 10.5]),
        otherwise={words: dict.fromkeys(KINDS, found) for words, found in otherwise.items()},
    )


@clause("fit.x.python-lists")
def test_nested_lists_as_data(build: Build) -> None:
    """What `fit` does with two samples as a list of lists."""
    trained = answer(small_model(build).fit, [[1.0], [3.0]], [[0.0], [0.0]], epochs=1)

    # Losses 1 and 9.
    recognise(
        loss_of(trained),
        {
            "it takes them as one array": [5.0],
            "it refuses them with a ValueError": "ValueError",
            "it refuses them with an AttributeError": "AttributeError",
        },
    )


@clause("fit.x.dict-extra-key")
def test_a_dict_of_inputs_with_one_too_many(build: Build) -> None:
    """What `fit` does with an input that the model does not have."""
    trained = answer(
        small_model(build).fit, {"x": column(3), "other": column(1)}, column(0), epochs=1
    )

    recognise(
        loss_of(trained),
        {
            "it passes over it": [9.0],
            "it refuses it with a ValueError": "ValueError",
        },
    )


@clause("fit.x.no-rows")
def test_data_without_a_sample(build: Build) -> None:
    """What `fit` does with arrays of no rows."""
    empty = np.zeros((0, 1), np.float32)
    trained = answer(small_model(build).fit, empty, empty, epochs=1)

    recognise(
        trained if isinstance(trained, str) else trained.history.epoch,
        {
            "it raises a ValueError": "ValueError",
            "it returns after an epoch without a batch": [0],
            "it returns without an epoch": [],
            "it fails in its loop, with an UnboundLocalError": "UnboundLocalError",
            "it fails in its loop, with a StopIteration": "StopIteration",
        },
    )


@clause("fit.x.not-modified")
def test_the_arrays_of_the_user_after_training(build: Build) -> None:
    """Whether inputs and targets are as they were after shuffled epochs."""
    model, x, y = small_model(build), HeldArray(ascending(8)), HeldArray(-ascending(8))

    model.fit(x, y, batch_size=2, epochs=3, shuffle=True)

    # Three shuffles in place leave eight rows in order by chance in one case of 40 320.
    recognise(
        {
            "x": _order(model.held(x), ascending(8)),
            "y": _order(model.held(y), -ascending(8)),
        },
        {
            "they are as they were": {"x": "same", "y": "same"},
            "their rows are in another order": {"x": "other order", "y": "other order"},
        },
    )


@clause("fit.x.ragged-rows")
def test_rows_of_different_lengths(build: Build) -> None:
    """What `fit` does with lists of one and of two numbers as two samples."""
    recognise(
        trained(learning_model(build), [[1.0], [3.0, 4.0]], ZEROS),
        refused("ValueError", "TypeError", "AttributeError"),
    )


@clause("fit.x.not-numbers")
def test_arrays_that_hold_no_numbers(build: Build) -> None:
    """What `fit` does with arrays of objects, objects without a value, and texts."""
    arrays = {
        "objects": np.asarray([[1.0], [3.0]], object),
        "objects without a value": np.asarray([[1.0], [None]], object),
        "texts": np.asarray([["1"], ["3"]]),
    }

    seen = {name: trained(learning_model(build), array, ZEROS) for name, array in arrays.items()}

    # Losses 1 and 9.
    recognise(
        seen,
        {
            "all are refused with a ValueError": dict.fromkeys(seen, "ValueError"),
            "objects that are numbers are taken; otherwise it is a ValueError": {
                **dict.fromkeys(seen, "ValueError"),
                "objects": [5.0],
            },
            "all are taken for the numbers that they stand for; without a value, NaN": {
                **dict.fromkeys(seen, [5.0]),
                "objects without a value": [math.nan],
            },
            "objects fail with a TypeError; texts are a ValueError": {
                **dict.fromkeys(seen, "TypeError"),
                "texts": "ValueError",
            },
            "objects are a ValueError; TensorFlow fails on texts, with an UnimplementedError": {
                **dict.fromkeys(seen, "ValueError"),
                "texts": "UnimplementedError",
            },
            "all fail with a TypeError": dict.fromkeys(seen, "TypeError"),
        },
    )


@clause("fit.x.single-value")
def test_a_number_in_place_of_an_array(build: Build) -> None:
    """What `fit` does with a number, and with an array without axes, as inputs."""
    seen = {
        name: trained(learning_model(build), value, column(0))
        for name, value in {"a number": 3.0, "an array": np.asarray(3.0, np.float32)}.items()
    }

    recognise(
        seen,
        {
            "both are refused with a ValueError": dict.fromkeys(seen, "ValueError"),
            "both are taken for one sample": dict.fromkeys(seen, [9.0]),
            "a number fails with an AttributeError; an array is a ValueError": {
                "a number": "AttributeError",
                "an array": "ValueError",
            },
            "both fail with a TypeError": dict.fromkeys(seen, "TypeError"),
            "a number is a ValueError; an array fails with an IndexError": {
                "a number": "ValueError",
                "an array": "IndexError",
            },
        },
    )


@clause("fit.x.foreign-tensors")
def test_arrays_of_another_library(build: Build) -> None:
    """What `fit` does with tensors of a library that it does not know."""
    seen = {
        name: trained(
            learning_model(build),
            ForeignTensor(ONE_AND_THREE, attached),
            ForeignTensor(ZEROS, attached),
        )
        for name, attached in {"plain": False, "attached": True}.items()
    }

    # Losses 1 and 9.
    recognise(
        seen,
        {
            "they are taken; those with gradients or on a device are copied first": dict.fromkeys(
                seen, [5.0]
            ),
            "both are refused with a ValueError": dict.fromkeys(seen, "ValueError"),
            "they are taken, unless they must be detached first: then their own error comes": {
                "plain": [5.0],
                "attached": "RuntimeError",
            },
            "they are taken, unless they must be detached first: TensorFlow's UnknownError": {
                "plain": [5.0],
                "attached": "UnknownError",
            },
            "both fail with a TypeError": dict.fromkeys(seen, "TypeError"),
        },
    )


@clause("fit.x.iterable")
def test_an_object_that_can_be_iterated_again(build: Build) -> None:
    """What `fit` makes of an iterable of batches, with a length and without, in two epochs."""
    seen = {
        name: trained_from(build, IterableOf(ITEMS, sized), epochs=2)
        for name, sized in {"with a length": True, "without": False}.items()
    }

    recognise(
        seen,
        {
            "every epoch is a new iteration": dict.fromkeys(seen, [ONE_PASS, ONE_PASS]),
            "it is refused with a ValueError": dict.fromkeys(seen, "ValueError"),
            "it is refused with an AttributeError": dict.fromkeys(seen, "AttributeError"),
        },
    )


@clause("fit.x.empty-sequence")
def test_a_sequence_without_batches(build: Build) -> None:
    """What `fit` does with a Sequence of length 0."""
    recognise(
        trained(learning_model(build), SequenceOf([])),
        refused(
            "ValueError",
            "TypeError",
            "IndexError",
            "StopIteration",
            "AttributeError",
            "UnboundLocalError",
        ),
    )


@clause("fit.x.empty-iterable")
def test_an_iterable_without_batches(build: Build) -> None:
    """What `fit` does with an object whose iterations give nothing."""
    model = build(linear(1.0))
    model.compile(SGD(RATE), "mse")

    recognise(
        trained(model, IterableOf([])),
        refused("ValueError", "TypeError", "AttributeError", "StopIteration", "UnboundLocalError"),
    )
