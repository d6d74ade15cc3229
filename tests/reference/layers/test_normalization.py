"""Tests of normalization in models that are partly frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from fitspec.reference import Input, Model, Sequential, layers

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.reference.network.layer import Layer

X, Y = np.array([[1.0], [3.0]]), np.array([[1.0], [3.0]])


def frozen_itself(layer: Layer) -> list[Layer]:
    """Freeze the layer."""
    layer.trainable = False
    return [layer]


def in_a_frozen_model(layer: Layer) -> list[Layer]:
    """Freeze a model around it."""
    inner = Sequential([layer])
    inner.trainable = False
    return [inner]


def in_a_frozen_wrapper(layer: Layer) -> list[Layer]:
    """Freeze what applies it to each step."""
    wrapper = layers.TimeDistributed(layer, trainable=False)
    return [layers.Reshape((1, 1)), wrapper, layers.Flatten()]


@pytest.mark.parametrize("freeze", [frozen_itself, in_a_frozen_model, in_a_frozen_wrapper])
@pytest.mark.parametrize("batches", [1, 4])
def test_averages_of_a_frozen_layer_stay(
    freeze: Callable[[Layer], list[Layer]], batches: int
) -> None:
    """Also in steps that are done again; the batch goes on to be normalized by itself."""
    layer = layers.BatchNormalization(momentum=0.5)
    model = Sequential([layers.InputLayer((1,)), *freeze(layer)])
    model.compile("sgd", "mse")
    before = layer.get_weights()

    for _ in range(batches):
        loss = model.train_on_batch(X, Y)

    # Mean 2, variance 1: -1 and 1 over sqrt(1.001) in place of 1 and 3, where predictions are x
    # over sqrt(1.001).
    normalized = np.array([-1.0, 1.0]) / 1.001**0.5
    assert loss == pytest.approx(np.mean((normalized - Y[:, 0]) ** 2), rel=1e-5)
    np.testing.assert_array_equal(layer.get_weights(), before)


def test_averages_move_where_the_model_trains_them() -> None:
    """What is frozen in one model is not in another: as the two halves of an adversarial pair."""
    layer = layers.BatchNormalization(momentum=0.5, center=False, scale=False)
    half = Sequential([layers.InputLayer((1,)), layer])
    half.compile("sgd", "mse")
    half.trainable = False
    data = Input((1,))
    whole = Model(data, half(layers.Dense(1)(data)))
    whole.compile("sgd", "mse")

    whole.train_on_batch(X, Y)
    frozen = layer.get_weights()[0].tolist()
    half.train_on_batch(X, Y)

    # Half of 0 and half of the mean 2.
    assert (frozen, layer.get_weights()[0].tolist()) == ([0.0], [1.0])


@pytest.mark.parametrize("batches", [1, 4])
def test_averages_move_by_the_calls_that_are_trained(batches: int) -> None:
    """Of a layer that is used by itself, and in a frozen model as well, on ten times the data.

    The data have the mean 2, to which the average of means comes nearer by half with each batch;
    with the mean 20 of the other call it would end elsewhere. The scale is trained.
    """
    layer = layers.BatchNormalization(momentum=0.5, center=False)
    inner = Sequential([layers.InputLayer((1,)), layer])
    inner.trainable = False
    data = Input((1,))
    tenfold = layers.Lambda(lambda x: x * 10.0, output_shape=(1,))(data)
    model = Model(data, layers.Add()([layer(data), inner(tenfold)]))
    model.compile("sgd", "mse")

    for _ in range(batches):
        model.train_on_batch(X, Y)

    scale, mean, _ = layer.get_weights()
    assert mean.item() == 2 - 2 * 0.5**batches
    assert scale.item() != 1
    assert len(model.trainable_weights) == 1


def test_averages_in_a_wrapper_of_what_is_frozen_stay() -> None:
    """As those of the layer inside."""
    layer = layers.BatchNormalization(momentum=0.5)
    layer.trainable = False
    model = Sequential([layers.TimeDistributed(layer, input_shape=(1, 1))])
    model.compile("sgd", "mse")

    model.train_on_batch(X[:, None], Y[:, None])

    assert layer.get_weights()[2].tolist() == [0]


def test_what_is_frozen_is_settled_by_compile() -> None:
    """As for what is trained."""
    layer = layers.BatchNormalization(momentum=0.5)
    model = Sequential([layers.InputLayer((1,)), layer])
    model.compile("sgd", "mse")
    layer.trainable = False

    with pytest.warns(UserWarning, match="0 weights of '.*' are trainable, but 2 were when"):
        model.train_on_batch(X, Y)

    assert layer.get_weights()[2].tolist() == [1.0]
