"""Tests of `fitspec.conformance.explore.materials`: what stands for arrays, sources and objects."""

from __future__ import annotations

import numpy as np
import pytest

from fitspec.conformance.explore.materials import arguments_of
from fitspec.conformance.explore.program import Call, Data
from fitspec.conformance.explore.subjects import SUBJECTS
from fitspec.conformance.vocabulary.probes import HDF5, SGD, Generator, Recorder, UserFunction


def test_arrays_have_the_shapes_of_the_model() -> None:
    """Of inputs, targets and weights, in a list or by name."""
    call = Call("fit", {}, Data(4, by="dict", weights="rising"), Data(2, by="list"))

    given = arguments_of(call, SUBJECTS["mixed"], sparse=False)

    assert {name: array.shape for name, array in given["x"].items()} == {
        "in1": (4, 3, 1),
        "in2": (4, 1),
    }
    assert {name: array.shape for name, array in given["y"].items()} == {
        "a": (4, 3, 1),
        "b": (4, 1),
    }
    assert given["sample_weight"]["a"].shape == (4,)
    assert [[array.shape for array in each] for each in given["validation_data"]] == [
        [(2, 3, 1), (2, 1)],
        [(2, 3, 1), (2, 1)],
    ]


def test_the_tail_of_some_data_is_data_that_start_there() -> None:
    """So that a split can be given as data of its own; backwards, the order alone differs."""
    subject = SUBJECTS["linear"]
    whole = arguments_of(Call("fit", {}, Data(5)), subject, sparse=False)
    tail = arguments_of(Call("fit", {}, Data(2, start=3)), subject, sparse=False)
    back = arguments_of(Call("fit", {}, Data(5, backwards=True)), subject, sparse=False)

    for name in ("x", "y"):
        np.testing.assert_array_equal(whole[name][3:], tail[name])
        np.testing.assert_array_equal(whole[name][::-1], back[name])


def test_a_source_has_the_same_rows_in_batches() -> None:
    """The last one with what is left."""
    call = Call("fit_generator", {}, Data(3, "generator", batch=2))
    given = arguments_of(call, SUBJECTS["linear"], sparse=False)
    whole = arguments_of(Call("fit", {}, Data(3)), SUBJECTS["linear"], sparse=False)

    assert isinstance(given["generator"], Generator)
    assert [len(x) for x, _ in given["generator"].items] == [2, 1]
    np.testing.assert_array_equal(
        np.concatenate([x for x, _ in given["generator"].items]), whole["x"]
    )


def test_what_json_has_not_is_made() -> None:
    """Optimizers, functions, callbacks, keys that are numbers, files."""
    arguments = {
        "optimizer": {"sgd": 0.5, "momentum": 0.25},
        "metrics": {"y": [{"function": "absolute_error"}]},
        "class_weight": {"0": 2.0},
        "callbacks": [{"stops_at": ["epoch_end", 0]}],
    }
    given = arguments_of(Call("fit", arguments, Data(1, "hdf5")), SUBJECTS["linear"], sparse=False)

    sgd, callback, function = given["optimizer"], given["callbacks"][0], given["metrics"]["y"][0]
    assert isinstance(sgd, SGD)
    assert (sgd.rate, sgd.momentum) == (0.5, 0.25)
    assert isinstance(callback, Recorder)
    assert callback.stops_at == ("epoch_end", 0)
    assert isinstance(function, UserFunction)
    assert function.form == "absolute_error"
    assert given["class_weight"] == {0: 2.0}
    assert isinstance(given["x"], HDF5)


def test_classes_are_columns_or_numbers() -> None:
    """As the loss wants them."""
    call = Call("fit", {}, Data(3))
    columns = arguments_of(call, SUBJECTS["classes"], sparse=False)["y"]
    numbers = arguments_of(call, SUBJECTS["classes"], sparse=True)["y"]

    assert columns.sum(axis=1).tolist() == [1, 1, 1]
    assert columns.argmax(axis=1).tolist() == numbers.ravel().tolist()


def test_an_unknown_callback_is_refused() -> None:
    """With what there is."""
    call = Call("fit", {"callbacks": [{"stops": 1}]}, Data(1))

    with pytest.raises(ValueError, match=r"callbacks: expected objects of adds, .*: {'stops': 1}"):
        arguments_of(call, SUBJECTS["linear"], sparse=False)
