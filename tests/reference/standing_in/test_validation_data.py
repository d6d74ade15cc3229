"""What callbacks find that a call validates on."""

from __future__ import annotations

import copy
from typing import Any

import h5py
import numpy as np
import pytest

from fitspec.reference import Input, Model, Sequence, Sequential, callbacks, layers

X, Y = np.arange(4.0), np.arange(4.0) / 2


class Looking(callbacks.Callback):
    """Keeps what it finds at the end of an epoch."""

    found: Any = "nothing was looked at"

    def on_epoch_end(self, epoch: int, logs: Any) -> None:  # noqa: ARG002 - a hook
        """Look."""
        self.found = self.validation_data  # type: ignore[attr-defined]  # given to callbacks later


class Batches(Sequence):
    """Has one batch."""

    def __len__(self) -> int:
        return 1

    def __getitem__(self, index: int) -> Any:
        return X, Y


def found(model: Any, *data: Any, **arguments: Any) -> Any:
    """Return what a callback finds in a training."""
    looking = Looking()
    model.fit(*data, verbose=0, callbacks=[looking], **arguments)
    return looking.found


def linear() -> Sequential:
    """Return a compiled model of one input and output."""
    model = Sequential([layers.Dense(1, input_shape=(1,))])
    model.compile("sgd", "mse")
    return model


@pytest.mark.parametrize("way", ["split", "pair", "stream"])
def test_inputs_targets_and_weights_are_found(way: str) -> None:
    """In this order, each sample with an axis of its features, and ones where no weights came."""
    pair = {"validation_data": (X[2:], Y[2:])}
    if way == "split":
        x, y, weights = found(linear(), X, Y, validation_split=0.5)
    else:
        x, y, weights = found(linear(), *([Batches()] if way == "stream" else [X, Y]), **pair)

    assert (x.tolist(), y.tolist(), weights.tolist()) == ([[2], [3]], [[1], [1.5]], [1, 1])


def test_those_of_several_outputs_follow_each_other() -> None:
    """Inputs, then targets, then weights, as they were given."""
    a, b = Input((1,)), Input((2,))
    model = Model([a, b], [layers.Dense(1)(a), layers.Dense(2)(b)])
    model.compile("sgd", "mse")
    data = [X, np.ones((4, 2))]

    given = found(model, data, data, validation_data=(data, data, [X, None]))

    assert [one.shape for one in given] == [(4, 1), (4, 2), (4, 1), (4, 2), (4,), (4,)]
    assert given[4].tolist() == X.tolist()


def test_nothing_is_found_where_there_is_nothing_in_memory(tmp_path: Any) -> None:
    """Neither without a validation, nor with one on a Sequence or on a file."""
    assert found(linear(), X, Y) is None
    assert found(linear(), X, Y, validation_data=Batches()) is None
    with h5py.File(tmp_path / "data.h5", "w") as file:
        file["x"], file["y"] = X, Y
        assert found(linear(), X, Y, validation_data=(file["x"], file["y"])) is None


def test_what_a_callback_sets_itself_it_finds() -> None:
    """As callbacks do that are given data of their own when they are made."""
    looking = Looking()
    looking.validation_data = "mine"  # type: ignore[attr-defined]

    linear().fit(X, Y, verbose=0, callbacks=[looking], validation_split=0.5)

    assert looking.found == "mine"


def test_the_data_are_no_part_of_copies() -> None:
    """What a call validates on is remembered beside the callback."""
    looking = Looking()
    linear().fit(X, Y, verbose=0, callbacks=[looking], validation_split=0.5)

    again: Any = copy.deepcopy(looking)
    assert again.validation_data is None
    assert again.found is not looking.found
