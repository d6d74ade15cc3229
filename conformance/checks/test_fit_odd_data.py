"""`fit`: what the documents leave open about data that are no arrays of numbers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.conformance.arrangements.ways_of_ending import RATE, refused, trained
from fitspec.conformance.checks import SGD, Build, answer, clause, recognise
from fitspec.conformance.vocabulary.models import linear, of_two_batch_sizes
from fitspec.conformance.vocabulary.probes import HDF5, ForeignTensor, SequenceOf
from fitspec.conformance.vocabulary.samples import ascending, column, constant
from fitspec.conformance.worker.remote import RemoteError

if TYPE_CHECKING:
    from fitspec.conformance.worker.remote import Model

ONE_AND_THREE, ZEROS = column(1, 3), constant(2, 0)


def _compiled(build: Build, rate: float = RATE) -> Model:
    model = build(linear(1.0))
    model.compile(SGD(rate), "mse")
    return model


@clause("fit.x.ragged-rows")
def test_rows_of_different_lengths(build: Build) -> None:
    """What `fit` does with lists of one and of two numbers as two samples."""
    recognise(
        trained(_compiled(build), [[1.0], [3.0, 4.0]], ZEROS),
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

    seen = {name: trained(_compiled(build), array, ZEROS) for name, array in arrays.items()}

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
        name: trained(_compiled(build), value, column(0))
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
            _compiled(build),
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


@clause("fit.x.empty-sequence")
def test_a_sequence_without_batches(build: Build) -> None:
    """What `fit` does with a Sequence of length 0."""
    recognise(
        trained(_compiled(build), SequenceOf([])),
        refused(
            "ValueError",
            "TypeError",
            "IndexError",
            "StopIteration",
            "AttributeError",
            "UnboundLocalError",
        ),
    )


@clause("fit.shuffle.hdf5")
def test_shuffling_what_can_only_be_read_in_order(build: Build) -> None:
    """What `fit` does by default, with `shuffle=True`, on data sets in an HDF5 file."""
    # Eight rows: chance leaves them in order, in which they could be read, once in 40 320 times.
    rows = HDF5(ascending(8)), HDF5(constant(8, 0))

    # 204/8: the mean of the squares of 1 to 8.
    recognise(
        trained(_compiled(build), *rows, shuffle=True),
        {
            **refused("TypeError", "ValueError", "InvalidArgumentError"),
            "it trains on all rows": [25.5],
        },
    )


@clause("fit.validation_split.hdf5")
def test_splitting_an_hdf5_data_set(build: Build) -> None:
    """What `validation_split` sets apart of HDF5 data sets, read in order and shuffled."""
    seen: dict[str, Any] = {}
    for name, shuffle in {"in order": False, "shuffled": True}.items():
        rows = HDF5(ascending(16)), HDF5(constant(16, 0))
        model = _compiled(build, rate=0.0)
        answered = answer(model.fit, *rows, validation_split=0.5, shuffle=shuffle, epochs=1)
        history = {} if isinstance(answered, str) else answered.history.history
        seen[name] = [history["loss"], history.get("val_loss")] if history else answered

    # The means of the squares of 1 to 8 and of 9 to 16: 204/8 and 1292/8.
    halves = [[25.5], [161.5]]
    recognise(
        seen,
        {
            "the last half; shuffling the first is refused with a TypeError": {
                "in order": halves,
                "shuffled": "TypeError",
            },
            "the last half, however the first is read": dict.fromkeys(seen, halves),
            "it is refused with a ValueError": dict.fromkeys(seen, "ValueError"),
        },
    )


@clause("fit.batch_size.inputs-differ")
def test_inputs_that_are_made_for_different_batches(build: Build) -> None:
    """When a model is refused of which one input takes batches of 2, and another of 3."""
    try:
        model = build(of_two_batch_sizes())
    except RemoteError as error:
        seen: Any = f"{error.classes[0]} in the making"
    else:
        model.compile(SGD(RATE), "mse")
        seen = trained(model, [ZEROS, ZEROS], [ZEROS, ZEROS])

    recognise(
        seen,
        {
            "the model cannot be made: a ValueError": "ValueError in the making",
            "it can be made; to train it on batches of 2 is a ValueError": "ValueError",
            "it can be made, and trained on batches of 2": [0.0],
            "it can be made; TensorFlow fails to train it, with an InvalidArgumentError": (
                "InvalidArgumentError"
            ),
        },
    )
