"""Several inputs that become one."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from fitspec.reference import Input, Model, layers

A = np.array([[1.0, 4.0]])
B = np.array([[3.0, 2.0]])


@pytest.mark.parametrize(
    ("layer", "function", "expected"),
    [
        (layers.Add, layers.add, [4, 6]),
        (layers.Subtract, layers.subtract, [-2, 2]),
        (layers.Multiply, layers.multiply, [3, 8]),
        (layers.Average, layers.average, [2, 3]),
        (layers.Maximum, layers.maximum, [3, 4]),
        (layers.Minimum, layers.minimum, [1, 2]),
        (layers.Concatenate, layers.concatenate, [1, 4, 3, 2]),
        (lambda: layers.Dot(1), lambda inputs: layers.dot(inputs, 1), [11]),
        # Both have a length of the root of 17 and of 13.
        (
            lambda: layers.Dot(-1, normalize=True),
            lambda inputs: layers.dot(inputs, -1, normalize=True),
            [11 / (17 * 13) ** 0.5],
        ),
    ],
)
def test_two_inputs(
    layer: Callable[[], layers.Layer], function: Callable[..., Any], expected: list[Any]
) -> None:
    """Layers and functions of the same name compute the same."""
    inputs = [Input(shape=(2,)), Input(shape=(2,))]
    outputs = [layer()(inputs), function(inputs)]

    of_layer, of_function = Model(inputs, outputs).predict([A, B])

    assert of_layer[0].tolist() == pytest.approx(expected)
    assert of_function.tolist() == of_layer.tolist()
    assert [symbol.shape for symbol in outputs] == [(len(expected),)] * 2


def test_three_inputs() -> None:
    """All but `Subtract` and `Dot` take any number."""
    inputs = [Input(shape=(2,)) for _ in range(3)]

    outputs = Model(inputs, [layers.maximum(inputs), layers.add(inputs)]).predict([A, B, A])

    assert [output.tolist() for output in outputs] == [[[3, 4]], [[5, 10]]]


def test_products_of_sequences() -> None:
    """Every step of one by every step of the other, along the features."""
    one, other = Input(shape=(2, 3)), Input(shape=(4, 3))
    x, y = np.random.default_rng(0).normal(size=(2, 5, 4, 3))
    symbol = layers.dot([one, other], axes=2)

    output = Model([one, other], symbol).predict([x[:, :2], y])

    assert symbol.shape == (2, 4)
    assert output == pytest.approx(x[:, :2] @ y.transpose(0, 2, 1), abs=1e-5)


def test_axes_of_length_1_are_used_again() -> None:
    """One step is added to each of three."""
    symbol = layers.add([Input(shape=(3, 2)), Input(shape=(1, 2))])

    assert symbol.shape == (3, 2)
    assert layers.add([Input(shape=(None, 2)), Input(shape=(4, 1))]).shape == (4, 2)
    assert layers.add([Input(shape=(None, 2)), Input(shape=(None, 1))]).shape == (None, 2)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda one, _: layers.add([one]), "at least 2 inputs"),
        (lambda one, _: layers.subtract([one, one, one]), "needs 2 inputs"),
        (lambda one, other: layers.add([one, other]), "cannot merge"),
        (lambda one, other: layers.dot([one, other], 1), "cannot multiply"),
    ],
)
def test_what_does_not_go_together_is_refused(make: Callable[..., Any], message: str) -> None:
    """Numbers of inputs and shapes are checked when the layer is called."""
    with pytest.raises(ValueError, match=message):
        make(Input(shape=(2,)), Input(shape=(3,)))


def test_vectors_are_added_to_every_step() -> None:
    """Axes that a sample lacks are its first ones, and every sample keeps to its own."""
    steps = np.arange(12.0).reshape(2, 3, 2)
    vectors = np.array([[10.0, 20.0], [30.0, 40.0]])
    inputs = [Input((3, 2)), Input((2,))]

    model = Model(inputs, layers.add(inputs))

    assert model.output_shape == (None, 3, 2)
    # The first sample's steps are (0, 1), (2, 3), (4, 5); the second's begin with (6, 7).
    expected = [[[10, 21], [12, 23], [14, 25]], [[36, 47], [38, 49], [40, 51]]]
    assert np.array_equal(model.predict([steps, vectors]), expected)
