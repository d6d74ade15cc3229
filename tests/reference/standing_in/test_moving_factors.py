"""A factor on a loss may be a variable, which a callback sets anew in training."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import fitspec.reference

keras: Any = fitspec.reference
K = keras.backend
X, Y = np.ones((4, 1), "float32"), np.zeros((4, 1), "float32")


def scale(factors: Any) -> Any:
    """Return a model of two outputs, each a weight times the input, at a rate of 0."""
    x = keras.layers.Input((1,))
    outputs = [keras.layers.Dense(1, use_bias=False, name=name)(x) for name in "ab"]
    model = keras.models.Model(x, outputs)
    model.set_weights([np.array([[1.0]]), np.array([[2.0]])])
    model.compile(keras.optimizers.SGD(0.0), "mse", loss_weights=factors)
    return model


@pytest.mark.parametrize("start", [1.0, 0.5])
def test_what_a_callback_sets_counts_from_the_next_batch(start: float) -> None:
    """Also in steps that were recorded before, and where it begins with 1."""
    factor = K.variable(start)
    model = scale({"a": factor})
    later = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, _: K.set_value(factor, epoch + 2.0)
    )

    fitted = model.fit(X, [Y, Y], epochs=4, batch_size=2, verbose=0, callbacks=[later])

    # The losses are 1 and 4.
    assert fitted.history["loss"] == [start + 4, 2 + 4, 3 + 4, 4 + 4]
    assert fitted.history["a_loss"] == [1.0] * 4
    assert model.evaluate(X, [Y, Y], verbose=0)[0] == 5 + 4
    assert model.loss_weights == {"a": factor}


def test_it_scales_the_gradient() -> None:
    """Of the weights that the loss depends on, and of no others."""
    factor = K.variable(1.0)
    model = scale([factor, 1.0])
    K.set_value(model.optimizer.lr, 0.125)

    for value in (0.0, 0.0, 0.0, 2.0):
        K.set_value(factor, value)
        model.train_on_batch(X, [Y, Y])

    # Twice the gradient, which is 2.
    assert model.get_weights()[0].item() == 1 - 0.125 * 2 * 2
    # A quarter less each time.
    assert model.get_weights()[1].item() == pytest.approx(2 * 0.75**4)


def test_several_numbers_are_refused() -> None:
    """As no factor is more than one."""
    with pytest.raises(ValueError, match="loss_weights: one number was expected"):
        scale([K.variable([1.0, 2.0]), 1.0])
    with pytest.raises(ValueError, match="must hold numbers"):
        scale([K.variable(1.0), "much"])
