"""What every step asks of a model is found once, and again where it may have changed."""

from __future__ import annotations

import copy
import pickle
from typing import TYPE_CHECKING

import numpy as np
import pytest

from fitspec.reference import Sequential, layers, losses
from fitspec.reference.compute.remembered import remembering

if TYPE_CHECKING:
    from collections.abc import Callable

ONES = np.ones((2, 1), "float32")


def counting() -> tuple[Callable[..., int], list[object]]:
    """Return what is remembered of models, and a list with an entry for each time it is found."""
    times: list[object] = []

    @remembering
    def count(model: object) -> int:
        times.append(model)
        return len(times)

    return count, times


@pytest.fixture
def model() -> Sequential:
    """Return a compiled model."""
    made = Sequential([layers.Dense(1, input_shape=(1,), name="only")])
    made.compile("sgd", "mse")
    return made


def test_what_stays_is_found_once(model: Sequential) -> None:
    """However many steps there are."""
    count, times = counting()

    assert [count(model), model.train_on_batch(ONES, ONES) and count(model)] == [1, 1]
    assert times == [model]


@pytest.mark.parametrize(
    "change",
    [
        lambda model: setattr(model.layers[0], "trainable", False),
        lambda model: setattr(model, "trainable", False),
        lambda model: setattr(model.layers[0], "name", "other"),
        lambda model: model.compile("sgd", "mse"),
        lambda model: model.add(layers.Dense(1)),
        lambda model: model.pop(),
    ],
)
def test_what_may_have_changed_is_found_anew(
    model: Sequential, change: Callable[[Sequential], None]
) -> None:
    """Settings, what compile said, and layers."""
    count, _ = counting()
    before = count(model)
    change(model)

    assert count(model) == before + 1


def pickled(model: Sequential) -> Sequential:
    """Return a copy by way of bytes."""
    made: Sequential = pickle.loads(pickle.dumps(model))  # noqa: S301 - bytes of our own
    return made


@pytest.mark.parametrize("copied", [copy.deepcopy, pickled])
def test_a_copy_begins_with_nothing(
    model: Sequential, copied: Callable[[Sequential], Sequential]
) -> None:
    """What was found is that of one model."""
    count, times = counting()
    count(model)
    other = copied(model)
    count(other)

    assert times == [model, other]


def test_a_layer_is_fed_by_its_new_name(model: Sequential) -> None:
    """Programs rename layers of models that were trained."""
    model.train_on_batch(ONES, {"only": ONES})
    model.layers[0].name = "other"
    model.compile("sgd", "mse")
    model.train_on_batch(ONES, {"other": ONES})

    with pytest.raises(ValueError, match="y has no entry 'other'"):
        model.train_on_batch(ONES, {"only": ONES})


def test_data_are_looked_at_as_the_loss_of_now_takes_them() -> None:
    """`compile` decides what targets look like: numbers of classes, or a column for each."""
    model = Sequential([layers.Dense(3, activation="softmax", input_shape=(1,))])
    model.compile("sgd", "categorical_crossentropy")
    model.test_on_batch(ONES, np.eye(3)[:2])
    model.compile("sgd", losses.SparseCategoricalCrossentropy())

    model.test_on_batch(ONES, np.array([0, 1]))
    with pytest.raises(ValueError, match="must have shape"):
        model.test_on_batch(ONES, np.eye(3)[:2])
