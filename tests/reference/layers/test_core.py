"""Layers that lay elements out anew, and functions of one's own."""

from typing import Any

import numpy as np
import pytest

from fitspec.reference import Input, Model, Sequential, layers, models
from fitspec.reference.tensor.autodiff import Tensor

from ..conftest import array

X = np.arange(1.0, 7.0).reshape(1, 2, 3)


def of(layer: layers.Layer) -> Any:
    """Return what a model of one layer makes of the rows (1, 2, 3) and (4, 5, 6)."""
    x = Input(shape=(2, 3))
    output = array(Model(x, layer(x)).predict(X))
    assert layer(x).shape == output.shape[1:]
    return output.tolist()[0]


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (layers.Reshape((3, 2)), [[1, 2], [3, 4], [5, 6]]),
        (layers.Reshape((-1, 6)), [[1, 2, 3, 4, 5, 6]]),
        (layers.Flatten(), [1, 2, 3, 4, 5, 6]),
        (layers.Flatten(data_format="channels_first"), [1, 4, 2, 5, 3, 6]),
        (layers.Permute((2, 1)), [[1, 4], [2, 5], [3, 6]]),
        (layers.Lambda(lambda x: x[:, 1]), [4, 5, 6]),
        (layers.Lambda(lambda x: x.sum((1, 2))[:, None]), [21]),
        (layers.Lambda(lambda x, by: x[:, 0] * by, arguments={"by": 2}), [2, 4, 6]),
        (layers.Lambda(lambda x: x[:, 0], output_shape=(3,)), [1, 2, 3]),
        (layers.Lambda(lambda x: x[:, 0], lambda shape: (shape[0], shape[2])), [1, 2, 3]),
    ],
)
def test_elements_are_laid_out_anew(layer: layers.Layer, expected: list[Any]) -> None:
    """Values and shapes are those worked out by hand."""
    assert of(layer) == expected


def test_vectors_are_repeated() -> None:
    """Every step is the vector."""
    x = Input(shape=(2,))
    symbol = layers.RepeatVector(3)(x)

    assert symbol.shape == (3, 2)
    assert array(Model(x, symbol).predict(X[0, :1, :2])).tolist() == [[[1, 2]] * 3]


def test_lengths_that_follow_from_unknown_ones_are_unknown() -> None:
    """A function, and -1, may depend on a length that only data decide."""
    x = Input(shape=(None, 3))

    assert layers.Lambda(lambda x: x[:, 1:])(x).shape == (None, 3)
    assert layers.Lambda(lambda x: x[:, :1])(x).shape == (1, 3)
    assert layers.Reshape((-1, 1))(x).shape == (None, 1)
    assert layers.Flatten()(x).shape == (None,)


def test_functions_of_several_inputs_get_a_list() -> None:
    """The function decides what becomes of them."""
    inputs = [Input(shape=(2,)), Input(shape=(2,))]
    symbol = layers.Lambda(lambda pair: pair[0] * pair[1])(inputs)

    assert symbol.shape == (2,)
    assert array(Model(inputs, symbol).predict([X[0, :, :2], X[0, :, 1:]])).tolist() == [
        [2, 6],
        [20, 30],
    ]


@pytest.mark.parametrize(
    ("kind", "shape", "message"),
    [
        (layers.Reshape, (4, 2), "target_shape"),
        (layers.Reshape, (-1, 4), "target_shape"),
        (layers.Permute, (0, 1), "dims"),
    ],
)
def test_impossible_shapes_are_refused(kind: Any, shape: tuple[int, int], message: str) -> None:
    """The number of elements stays, and so does that of the axes."""
    with pytest.raises(ValueError, match=message):
        kind(shape)(Input(shape=(2, 3)))


@pytest.mark.parametrize("axis", [1, -1])
def test_batches_are_normalized_along_any_axis(axis: int) -> None:
    """Elements along the axis have means and variances of their own; nothing else is added."""
    x = np.random.default_rng(0).normal(3, 2, size=(50, 4, 6)).astype("float32")
    inputs = Input(shape=(4, 6))
    layer = layers.BatchNormalization(axis=axis, momentum=0.0, epsilon=1e-9, scale=False)
    model = Model(inputs, layer(inputs))
    model.compile("sgd", "mse")
    model.train_on_batch(x, x)

    output = model.predict(x) - layer.get_weights()[0].reshape((-1, 1) if axis == 1 else (-1,))

    others = (0, 2) if axis == 1 else (0, 1)
    number = x.size / x.shape[axis]
    assert output.mean(others) == pytest.approx(0, abs=1e-5)
    assert output.var(others) == pytest.approx((number - 1) / number, rel=1e-4)
    assert len(layer.get_weights()) == 3


def test_variances_of_images_are_made_up_for_twice() -> None:
    """The numbers 0 and 2 have variance 1, times 2 / (2 - 1) for being few, and again."""
    layer = layers.BatchNormalization(epsilon=0.0, momentum=0.5)
    layer.build_once([(2, 1, 1)])

    layer.run([Tensor(np.array([[[[0.0]], [[2.0]]]]))], training=True)

    assert layer.moving_variance.data == pytest.approx(0.5 * 1 + 0.5 * 4)


def test_a_call_may_compute_as_in_training_always() -> None:
    """A model that goes on to drop, also after it was saved as JSON."""
    data = Input((40,))
    dropped = layers.Dropout(0.5)(data, training=True)
    model = Model(data, dropped)
    again = models.model_from_json(model.to_json())
    x = np.ones((2, 40), np.float32)

    for each in (model, again):
        assert set(np.unique(each.predict(x))) == {0.0, 2.0}


def test_a_call_may_compute_as_in_testing_always() -> None:
    """Statistics of a model inside stay as they are, whatever happens around it."""
    inner = Sequential([layers.BatchNormalization(momentum=0.5, input_shape=(1,))])
    data = Input((1,))
    model = Model(data, inner(data, training=False))
    model.compile("sgd", "mse")
    before = inner.get_weights()[2:]

    model.train_on_batch(np.array([[1.0], [3.0]]), np.ones((2, 1)))

    np.testing.assert_array_equal(inner.get_weights()[2:], before)
