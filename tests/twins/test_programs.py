"""What random programs showed of the real ones, each by the deviation that does the same."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import fitspec.reference as keras
from fitspec.adapters.reference import twin
from fitspec.adapters.reference.deviations import planting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Plant = Callable[[str], None]

ONE, TWO = np.ones((1, 1)), np.ones((2, 1))


@pytest.fixture
def plant() -> Iterator[Plant]:
    """Plant deviations for a test."""
    yield twin.plant
    planting.take_out()


def compiled(shape: tuple[int, ...] = (1,), **arguments: Any) -> keras.Sequential:
    layer = keras.layers.Dense(1, use_bias=False, kernel_initializer="ones", input_shape=shape)
    model = keras.Sequential([layer])
    model.compile(keras.optimizers.SGD(0.0), "mse", **arguments)
    return model


class Items(keras.utils.Sequence):
    """Has two items, and hears of the ends of epochs."""

    def __init__(self) -> None:
        self.ended = 0

    def __len__(self) -> int:
        return 2

    def __getitem__(self, index: int) -> Any:
        return ONE, ONE

    def on_epoch_end(self) -> None:
        """Count."""
        self.ended += 1


def first_step(y_true: Any, y_pred: Any) -> Any:
    return abs(y_pred - y_true)[:, 0]


@pytest.mark.parametrize("workers", [0, 1])
def test_a_stopped_training_waits_for_no_end_of_a_pass(plant: Plant, workers: int) -> None:
    """Keras 2.3 leaves its loop before it waits, and tells the Sequence of no end."""
    plant("sequences-are-read-in-passes")
    items, model = Items(), compiled()
    stops = keras.callbacks.LambdaCallback(
        on_batch_end=lambda *_: setattr(model, "stop_training", True)
    )

    model.fit(items, shuffle=False, callbacks=[stops], verbose=0, workers=workers)

    assert items.ended == 0


def test_a_metric_of_one_step_is_not_weighed_by_all(plant: Plant) -> None:
    """Theano knows of no axis that it has size 1; with a weight for each sample there is none."""
    plant("sizes-of-one-are-not-stretched")
    x = y = np.ones((2, 3, 1))

    compiled((3, 1), weighted_metrics=[first_step]).test_on_batch(x, y, np.ones(2))
    model = compiled((3, 1), weighted_metrics=[first_step], sample_weight_mode="temporal")
    with pytest.raises(ValueError, match=r"Dimension mismatch; shapes are \(2, 1\), \(2, 3\)"):
        model.test_on_batch(x, y, np.ones((2, 3)))


def test_weights_that_are_not_given_are_of_steps_in_temporal_mode(plant: Plant) -> None:
    """A metric is three times too large only where weights of samples are stretched."""
    plant("weights-are-counted-once-a-sample")
    x, y = np.ones((1, 3, 1)), np.zeros((1, 3, 1))

    by_step = compiled((3, 1), weighted_metrics=["mae"], sample_weight_mode="temporal")
    assert by_step.test_on_batch(x, y) == [1.0, 1.0]
    assert compiled((3, 1), weighted_metrics=["mae"]).test_on_batch(x, y) == [1.0, 3.0]


def test_a_failing_validation_leaves_the_weights(plant: Plant) -> None:
    """JAX puts back what the training had; a test by itself has nothing to put back."""
    plant("a-failing-first-step-takes-the-weights")

    def fails(y_true: Any, y_pred: Any) -> Any:
        if len(y_true) == 2:
            raise KeyError(0)
        return abs(y_pred - y_true)[:, 0]

    model = compiled(metrics=[fails])
    with pytest.raises(KeyError):
        model.fit(ONE, ONE, validation_data=(TWO, TWO), verbose=0)
    assert model.predict(ONE) == [[1.0]]

    with pytest.raises(KeyError):
        model.evaluate(TWO, TWO, verbose=0)
    with pytest.raises(TypeError):
        model.predict(ONE)


def test_single_batches_are_counted_in_the_next_test(plant: Plant) -> None:
    """Poutyne forgets them there: losses of 1 and 0 have a mean of a half, once."""
    plant("single-batches-count-in-the-next-results")
    model = compiled()

    assert model.test_on_batch(ONE, 0 * ONE) == 1.0
    assert [model.evaluate(ONE, ONE, verbose=0) for _ in range(2)] == [0.5, 0.0]


def test_names_are_those_of_another_library(plant: Plant) -> None:
    """Of Keras's own few are known there."""
    plant("names-are-those-of-pytorch")
    model = compiled(metrics=["mae"])

    with pytest.raises(ValueError, match="'categorical_crossentropy' is not known"):
        model.compile("sgd", "categorical_crossentropy")
    with pytest.raises(ValueError, match="Invalid metric name 'hinge'"):
        model.compile("sgd", "mse", metrics=["hinge"])


def test_accuracy_is_of_classes_in_percent(plant: Plant) -> None:
    """A single column is the class 0, which is what the second of two targets says."""
    plant("metrics-are-functions-of-pytorch")
    model = compiled(metrics=["accuracy", "mae"])

    assert model.metrics_names == ["loss", "acc", "l1"]
    assert model.test_on_batch(TWO, np.array([[1.0], [0.0]])) == [0.5, 100.0, 0.5]


def test_what_is_wrong_with_an_item_shows_in_its_step(plant: Plant) -> None:
    """Weights in validation data are found out after the epoch that they are to validate."""
    plant("items-have-two-parts")
    heard: list[str] = []
    names = ("on_train_batch_begin", "on_train_batch_end", "on_test_batch_begin")
    hooks = {name: functools.partial(_hear, heard, name) for name in names}
    listener = keras.callbacks.Callback()
    vars(listener).update(hooks)

    with pytest.raises(ValueError, match="too many values to unpack"):
        compiled().fit(ONE, ONE, validation_data=(ONE, ONE, ONE), callbacks=[listener], verbose=0)
    assert heard == list(names)


def _hear(heard: list[str], name: str, *_: Any) -> None:
    heard.append(name)
