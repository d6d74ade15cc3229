"""Operators and functions of the backend on symbols, and losses that are added."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import fitspec.reference

if TYPE_CHECKING:
    from pathlib import Path

keras: Any = fitspec.reference
layers: Any = keras.layers
K: Any = keras.backend

X = np.array([[1.0, 2.0], [3.0, 4.0]])


def added(compute: Any) -> float:
    """Return what a model of two numbers that gives their doubles is penalized by, on X."""
    x = keras.Input((2,))
    model = keras.Model(x, layers.Lambda(lambda batch: batch * 2)(x))
    model.add_loss(compute(x, model.output))
    model.compile("sgd")
    loss: float = model.evaluate(X, verbose=0)
    return loss


@pytest.mark.parametrize(
    ("compute", "expected"),
    [
        # The inputs have the mean 2.5, the outputs 5.
        (lambda x, y: K.mean(x + y), 7.5),
        (lambda x, y: K.mean(1 - x) + K.mean(y - 1), 2.5),
        (lambda x, y: K.mean(2 * x / 5 + y * 2), 11),
        (lambda x, y: K.mean(1 / x) + 0 * K.mean(y), (1 + 1 / 2 + 1 / 3 + 1 / 4) / 4),
        (lambda x, y: K.sum(x[:, 0]) + 0 * K.mean(y), 4),
        (lambda x, y: K.sum(abs(-x) ** 2) + 0 * K.mean(y), 1 + 4 + 9 + 16),
        (lambda x, y: K.sum(K.concatenate([x, y], axis=-1)), 10 + 20),
        (lambda x, y: K.sum(K.cast(x > 1.5, "float32")) + 0 * K.mean(y), 3),
        # y - x = x, whose squares have the mean 7.5.
        (lambda x, y: K.mean(keras.losses.mse(x, y)), 7.5),
        (lambda x, y: [K.mean(x), K.mean(y)], 7.5),
    ],
)
def test_losses_of_symbols(compute: Any, expected: float) -> None:
    """Each operator and function computes what it does of tensors."""
    assert added(compute) == pytest.approx(expected)


def test_an_added_loss_trains() -> None:
    """As the same loss given to `compile` does, beside which it counts as well."""
    weights = []
    for add in (True, False):
        x = keras.Input((2,))
        model = keras.Model(x, layers.Dense(1, kernel_initializer="ones")(x))
        if add:
            model.add_loss(K.mean(K.square(model.output)))
            model.compile("sgd", loss=None)
            history = model.fit(X, epochs=3, verbose=0, shuffle=False)
        else:
            model.compile("sgd", loss="mse")
            history = model.fit(X, np.zeros((2, 1)), epochs=3, verbose=0, shuffle=False)
        weights.append([history.history["loss"], *model.get_weights()])
    for one, other in zip(*weights, strict=True):
        assert one == pytest.approx(other, rel=1e-6)

    model.add_loss(K.sum(model.output) * 0 + 5)
    before = model.evaluate(X, np.zeros((2, 1)), verbose=0)
    assert before == pytest.approx(np.mean(np.square(model.predict(X))) + 5, rel=1e-6)


def test_a_number_is_added_to_the_loss_of_every_batch() -> None:
    """The inputs have the mean 2.5: with 0.25 and 1 it is 3.75, whatever the batches."""
    x = keras.Input((2,))
    model = keras.Model(x, layers.Lambda(lambda batch: batch * 2)(x))
    model.add_loss([K.mean(x), 0.25])
    model.add_loss(1)
    model.compile("sgd")

    assert [model.evaluate(X, verbose=0, batch_size=size) for size in (1, 2)] == [3.75, 3.75]
    assert model.fit(X, verbose=0).history["loss"] == [3.75]


def test_a_layer_adds_a_loss_in_its_call() -> None:
    """Alone, and beside the loss that `compile` was given."""

    class Adding(layers.Layer):  # type: ignore[misc]
        def call(self, x: Any) -> Any:
            self.add_loss(K.mean(x), inputs=x)
            return x

    model = keras.Sequential([Adding(input_shape=(2,))])
    model.compile("sgd")
    assert model.evaluate(X, verbose=0) == 2.5
    model.compile("sgd", loss="mse")
    assert model.evaluate(X, X + 1, verbose=0) == 3.5


def test_a_model_with_an_added_loss_is_saved_without_it(tmp_path: Path) -> None:
    """As in Keras 2.3, where what is written down has layers alone."""
    x = keras.Input((2,))
    model = keras.Model(x, layers.Dense(1)(x))
    model.add_loss(K.mean(model.output))
    model.compile("sgd")
    model.fit(X, verbose=0)

    model.save(tmp_path / "model.h5")
    loaded = keras.models.load_model(tmp_path / "model.h5")

    assert len(model.losses) == 1
    assert len(loaded.layers) == len(model.layers) == 2
    assert loaded.losses == []
    assert np.array_equal(loaded.predict(X), model.predict(X))


def test_what_is_computed_of_symbols_is_no_part_of_a_model() -> None:
    """The message names `Lambda`, which is."""
    x = keras.Input((2,))

    for output in (x * 2, K.square(x), layers.Dense(1)(x + 1)):
        with pytest.raises(ValueError, match="computes in a Lambda"):
            keras.Model(x, output)
    assert keras.Model(x, layers.Lambda(lambda x: x * 2)(x)).predict(X).tolist() == [[2, 4], [6, 8]]
    with pytest.raises(TypeError, match="not iterable"):
        list(x)


def test_what_is_no_loss_is_refused() -> None:
    """More than one number, or no tensor."""
    with pytest.raises(ValueError, match=r"one number, as K.mean makes it, not of shape \(2, 2\)"):
        added(lambda x, _: x)
    with pytest.raises(
        TypeError, match=r"takes tensors in its call, where a number is K\.constant"
    ):
        layers.Dense(1).add_loss(3.0)
    with pytest.raises(TypeError, match="takes tensors in its call"):
        layers.Dense(1).add_loss(keras.Input((2,)))

    class Adding(layers.Dense):  # type: ignore[misc]
        def build(self, input_shape: Any) -> None:
            super().build(input_shape)
            self.add_loss(K.sum(self.kernel))

    with pytest.raises(ValueError, match="adds one in build"):
        Adding(1)(keras.Input((2,)))
