"""What a compiled network refuses, or warns of, as Keras 2.3 does."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

import fitspec.reference

keras: Any = fitspec.reference
K = keras.backend
X, Y = np.ones((4, 1), "float32"), np.zeros((4, 1), "float32")


def scale(weight: float, **arguments: Any) -> Any:
    """Return a model that multiplies by a weight."""
    layer = keras.layers.Dense(1, use_bias=False, input_shape=(1,), **arguments)
    model = keras.Sequential([layer])
    model.set_weights([np.array([[weight]])])
    return model


def test_penalties_are_trained_without_a_loss() -> None:
    """With a step against their gradient, and nothing to compare with."""
    model = scale(3.0, kernel_regularizer=keras.regularizers.l2(0.5))
    model.compile(keras.optimizers.SGD(0.25), loss=None, metrics=["mae"])

    # 0.5 * 3 ** 2; the gradient is 3, and 0.25 of it is taken off.
    assert model.train_on_batch(X, None) == 4.5
    assert model.get_weights()[0].item() == 2.25
    assert model.metrics_names == ["loss"]
    # Half the square of 2.25.
    assert model.evaluate(X, None, verbose=0) == 2.53125
    assert model.fit(X, None, verbose=0).history["loss"] == [2.53125]


def test_a_penalty_on_an_output_is_trained_without_a_loss() -> None:
    """Also where the layer is in a model that is a layer of another."""
    inner = scale(2.0, activity_regularizer=keras.regularizers.l1(0.5))
    model = keras.Sequential([inner])
    model.compile("sgd", loss=None)

    # Half of four outputs that are 2.
    assert model.test_on_batch(X, None) == 4


def test_nothing_to_make_small_is_refused() -> None:
    """Without a loss and a penalty."""
    model = scale(2.0)
    model.compile("sgd", loss=None)

    with pytest.raises(ValueError, match="compiled without"):
        model.train_on_batch(X, None)


@pytest.mark.parametrize(
    "cut",
    [K.stop_gradient, K.round, K.sign, lambda x: K.cast(K.argmax(x), "float32")],
)
def test_a_gradient_that_is_cut_is_refused(cut: Any) -> None:
    """A loss that reaches no weight would train nothing, and not say so."""
    model = scale(2.0)
    model.compile("sgd", loss=lambda _, y_pred: K.mean(cut(y_pred)))

    with pytest.raises(ValueError, match=r"loss: it does not depend on any weight.*argmax"):
        model.train_on_batch(X, Y)
    assert model.get_weights()[0].item() == 2.0
    assert model.test_on_batch(X, Y) >= 0


def test_what_was_frozen_since_compile_is_warned_of() -> None:
    """By what trains, and by `summary`; not after another `compile`."""
    model = scale(2.0)
    model.compile("sgd", "mse")
    model.layers[0].trainable = False
    said = "Discrepancy: 0 weights of '.*' are trainable, but 1 were when it was compiled"
    with pytest.warns(UserWarning, match=said):
        model.fit(X, Y, verbose=0)
    with pytest.warns(UserWarning, match=said):
        model.train_on_batch(X, Y)
    with pytest.warns(UserWarning, match=said):
        model.summary(print_fn=str)
    model.compile("sgd", "mse")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model.fit(X, Y, verbose=0)
        model.summary(print_fn=str)
