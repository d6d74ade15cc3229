"""Arguments of layers that Keras takes and the reference does not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import fitspec.reference

keras: Any = fitspec.reference
layers: Any = keras.layers


def test_what_is_left_out_may_be_none() -> None:
    """As where a program spells all arguments out, in a class of its own, too."""

    class Own(layers.Dense):  # type: ignore[misc]
        def __init__(self, **arguments: Any) -> None:
            super().__init__(2, **arguments)

    for make in (lambda **given: layers.Dense(2, **given), Own):
        assert make(kernel_constraint=None, bias_constraint=None).units == 2
        assert make(kernel_constraint="max_norm").kernel_constraint.max_value == 2
    assert layers.Dropout(0.5, noise_shape=None, seed=None).rate == 0.5
    with pytest.raises(ValueError, match="seed must be None"):
        layers.Dropout(0.5, seed=1)


def test_dropout_that_is_the_same_along_an_axis() -> None:
    """Of 8 ones all are dropped, or all are 2: the mean square is 0 or 4, recorded or not.

    That one of both never comes in 40 batches has a chance of 2 to the power of -39.
    """
    layer = layers.Dropout(0.5, noise_shape=(None, 1), input_shape=(8,))
    model = keras.Sequential([layer, layers.Dense(8, kernel_initializer="identity")])
    model.compile(keras.optimizers.SGD(0.0), "mse")

    found = {float(model.train_on_batch(np.ones((1, 8)), np.zeros((1, 8)))) for _ in range(40)}

    assert found == {0.0, 4.0}
    assert np.asarray(model.predict(np.ones((1, 8)))).tolist() == [[1.0] * 8]
    again = layers.Dropout.from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    assert tuple(again.noise_shape) == (None, 1)


@pytest.mark.parametrize("shape", [(None, 3), (None, 1, 1), (None,)])
def test_a_noise_shape_that_does_not_fit(shape: tuple[int | None, ...]) -> None:
    """Of batches of (samples, 8)."""
    model = keras.Sequential([layers.Dropout(0.5, noise_shape=shape, input_shape=(8,))])
    model.compile("sgd", "mse")

    with pytest.raises(ValueError, match=r"noise_shape: .* is not for shape \(2, 8\)"):
        model.train_on_batch(np.ones((2, 8)), np.ones((2, 8)))


def test_arguments_of_keras_1_are_told_from_misspelt_ones() -> None:
    """With what they are called now; where the name is one of now, it is taken."""
    with pytest.raises(TypeError, match=r"'output_dim' is an argument of Keras 1.*'units'"):
        layers.Dense(output_dim=2)
    with pytest.raises(TypeError, match=r"'input' is an argument of Keras 1.*'inputs'"):
        keras.Model(input=keras.Input((2,)), output=keras.Input((2,)))
    with pytest.raises(TypeError, match="unexpected keyword argument 'unit'"):
        layers.Dense(2, unit=2)
    assert layers.Embedding(3, output_dim=2).output_dim == 2
