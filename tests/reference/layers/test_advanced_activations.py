"""Activations with settings, element by element."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from fitspec.reference import Input, Model, layers, optimizers

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.reference.tensor.array_library import Array

X = np.array([[-2.0, -0.5, 0.0, 0.5, 2.0]], "float32")


def applied(layer: layers.Layer, x: Array = X) -> Array:
    start = Input(shape=x.shape[1:])
    return np.asarray(Model(start, layer(start)).predict(x))


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (layers.LeakyReLU, [-0.6, -0.15, 0, 0.5, 2]),
        (lambda: layers.LeakyReLU(alpha=0.1), [-0.2, -0.05, 0, 0.5, 2]),
        (lambda: layers.PReLU("ones"), [-2, -0.5, 0, 0.5, 2]),
        (layers.PReLU, [0, 0, 0, 0.5, 2]),
        (lambda: layers.ELU(2.0), [2 * np.expm1(-2), 2 * np.expm1(-0.5), 0, 0.5, 2]),
        (lambda: layers.ThresholdedReLU(0.5), [0, 0, 0, 0, 2]),
        (layers.ThresholdedReLU, [0, 0, 0, 0, 2]),
        (lambda: layers.ReLU(1.5, 0.5), [-1, -0.25, 0, 0.5, 1.5]),
        (lambda: layers.ReLU(threshold=0.25, negative_slope=1), [-2.25, -0.75, -0.25, 0.5, 2]),
        (layers.Softmax, list(np.exp(X[0]) / np.exp(X[0]).sum())),
    ],
)
def test_a_layer_computes_its_formula(
    make: Callable[[], layers.Layer], expected: list[float]
) -> None:
    """Its output, worked out by hand; made again of its config it gives the same."""
    layer = make()

    found = applied(layer)
    again = applied(type(layer).from_config({**layer.get_config(), "name": "again"}))

    assert found == pytest.approx(np.array([expected]))
    assert (found == again).all()


def test_the_factor_of_prelu_is_learned() -> None:
    """For -2 the output is -2 a: at a = 0 and target -4 the derivative of its square is -16."""
    start = Input(shape=(1,))
    layer = layers.PReLU()
    model: Any = Model(start, layer(start))
    model.compile(optimizers.SGD(0.125), "mse")

    model.train_on_batch(np.array([[-2.0]]), np.array([[-4.0]]))

    assert layer.get_weights()[0].tolist() == [2]


def test_axes_share_the_factors_of_prelu() -> None:
    """Steps of any number share the factors of the channels; without that lengths must be known."""
    layer = layers.PReLU(shared_axes=1)
    layer(Input(shape=(None, 3)))

    assert [weight.shape for weight in layer.get_weights()] == [(1, 3)]
    with pytest.raises(ValueError, match="shared_axes"):
        layers.PReLU()(Input(shape=(None, 3)))


def test_a_negative_limit_or_slope_is_refused() -> None:
    """A limit of 0 is one."""
    assert layers.ReLU(max_value=0.0).max_value == 0
    with pytest.raises(ValueError, match="max_value must not be negative"):
        layers.ReLU(max_value=-2.0)
    with pytest.raises(ValueError, match="negative_slope must not be negative"):
        layers.ReLU(negative_slope=-0.1)
