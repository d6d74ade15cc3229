"""Gradients of all layers, activations and losses against differences, in double precision."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from fitspec.reference import activations, layers, losses, set_random_seed
from fitspec.reference.tensor import autodiff
from fitspec.reference.tensor.array_library import Array
from fitspec.reference.tensor.autodiff import Tensor

RANDOM = np.random.default_rng(3)

VECTORS = RANDOM.normal(size=(3, 4))
SEQUENCES = RANDOM.normal(size=(2, 5, 3))
IMAGES = RANDOM.normal(size=(2, 5, 6, 2))

MASK = np.array([[True, True, False, True, False], [False, True, True, True, True]])


def differences(function: Callable[[], float], array: Array) -> Array:
    """Differentiate by central differences with respect to an array, which is changed in place."""
    step = 1e-6
    gradient = np.zeros_like(array)
    for index in np.ndindex(array.shape):
        before = array[index]
        array[index] = before + step
        above = function()
        array[index] = before - step
        below = function()
        array[index] = before
        gradient[index] = (above - below) / (2 * step)
    return gradient


def check_layer(
    layer: layers.Layer, *arrays: Array, mask: Array | None = None, training: bool = True
) -> None:
    """Compare the gradients with respect to all inputs and weights of a layer."""
    inputs = [Tensor(array.copy(), requires_gradient=True) for array in arrays]
    inputs[0].mask = mask
    layer.build_once([array.shape[1:] for array in arrays])
    for number, variable in enumerate(layer.variables):
        source = np.random.default_rng(number)
        variable.data = source.uniform(0.2, 0.9, variable.shape) * source.choice([-1, 1])

    def total() -> Tensor:
        set_random_seed(1)  # for what is dropped to be the same
        sums = Tensor(np.zeros(()))
        for number, output in enumerate(layer.run(inputs, training=training)):
            sums += (
                output * np.cos(np.arange(output.data.size) + number).reshape(output.shape)
            ).sum()
        return sums

    tensors = [*inputs, *layer.trainable_variables]
    found = autodiff.gradients(total(), tensors)

    for tensor, gradient in zip(tensors, found, strict=True):
        expected = differences(lambda: float(total()), tensor.data)
        assert gradient == pytest.approx(expected, rel=1e-5, abs=1e-7)


@pytest.mark.parametrize(
    "layer",
    [
        lambda: layers.Dense(3, "tanh"),
        lambda: layers.Dense(3, use_bias=False),
        lambda: layers.Activation("softmax"),
        lambda: layers.Dropout(0.4),
        lambda: layers.AlphaDropout(0.4),
        lambda: layers.GaussianDropout(0.4),
        lambda: layers.GaussianNoise(0.4),
        lambda: layers.Lambda(lambda x: x[:, :2] ** 2),
        lambda: layers.Reshape((2, -1)),
        lambda: layers.RepeatVector(3),
        layers.BatchNormalization,
        lambda: layers.BatchNormalization(scale=False, center=False),
    ],
)
def test_layers_of_vectors(layer: Callable[[], layers.Layer]) -> None:
    """Slopes of the output with respect to inputs and weights are what gradients say."""
    check_layer(layer(), VECTORS)


@pytest.mark.parametrize(
    "layer",
    [
        lambda: layers.Dense(2),
        layers.Flatten,
        lambda: layers.Flatten(data_format="channels_first"),
        lambda: layers.Permute((2, 1)),
        lambda: layers.BatchNormalization(axis=1),
        lambda: layers.Conv1D(2, 3, activation="tanh"),
        lambda: layers.Conv1D(2, 2, strides=2, padding="same", use_bias=False),
        lambda: layers.Conv1D(2, 2, padding="causal", dilation_rate=2),
        lambda: layers.Conv1D(2, 2, data_format="channels_first"),
        lambda: layers.MaxPooling1D(2),
        lambda: layers.MaxPooling1D(3, strides=1, padding="same"),
        lambda: layers.AveragePooling1D(2),
        lambda: layers.AveragePooling1D(3, strides=2, padding="same"),
        layers.GlobalMaxPooling1D,
        lambda: layers.SpatialDropout1D(0.4),
        layers.GlobalAveragePooling1D,
        lambda: layers.GlobalAveragePooling1D("channels_first"),
        lambda: layers.TimeDistributed(layers.Dense(2, "tanh")),
        lambda: layers.Bidirectional(layers.SimpleRNN(2, return_sequences=True)),
        lambda: layers.Bidirectional(layers.GRU(2, return_state=True), merge_mode="mul"),
        lambda: layers.Bidirectional(layers.LSTM(2), merge_mode=None),
    ],
)
def test_layers_of_sequences(layer: Callable[[], layers.Layer]) -> None:
    """Slopes of the output with respect to inputs and weights are what gradients say."""
    check_layer(layer(), SEQUENCES)


@pytest.mark.parametrize("mask", [None, MASK])
@pytest.mark.parametrize("kind", [layers.SimpleRNN, layers.GRU, layers.LSTM])
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"return_sequences": True},
        {"return_state": True, "activation": "softsign", "use_bias": False},
        {"return_sequences": True, "return_state": True, "go_backwards": True},
        {"dropout": 0.3, "recurrent_dropout": 0.3, "activation": "elu"},
        {"dropout": 0.3, "recurrent_dropout": 0.3, "return_sequences": True, "use_bias": False},
    ],
)
def test_layers_through_time(kind: type[Any], settings: dict[str, Any], mask: Array | None) -> None:
    """Gradients flow back over all steps, and past those that a mask does not count."""
    check_layer(kind(2, **settings), SEQUENCES, mask=mask)


@pytest.mark.parametrize(
    "settings", [{}, {"reset_after": True}, {"recurrent_activation": "linear"}]
)
@pytest.mark.parametrize("kind", [layers.GRU, layers.LSTM])
def test_gates(kind: type[Any], settings: dict[str, Any]) -> None:
    """States to begin with get their gradients, too, whatever the gates are."""
    if kind is layers.LSTM and "reset_after" in settings:
        settings = {"recurrent_activation": "hard_sigmoid"}
    states = [VECTORS[:2, :2]] * kind.kept

    check_layer(kind(2, **settings), SEQUENCES, *states, mask=MASK)


@pytest.mark.parametrize(
    "layer",
    [
        lambda: layers.Conv2D(3, 2, activation="sigmoid"),
        lambda: layers.Conv2D(3, (3, 2), strides=(2, 3), padding="same"),
        lambda: layers.Conv2D(2, 2, dilation_rate=(2, 1), use_bias=False),
        lambda: layers.Conv2D(2, 2, data_format="channels_first"),
        lambda: layers.Conv2DTranspose(3, 2, activation="tanh"),
        lambda: layers.Conv2DTranspose(2, (3, 2), strides=(2, 3), padding="same"),
        layers.MaxPooling2D,
        lambda: layers.MaxPooling2D((3, 2), strides=(1, 2), padding="same"),
        lambda: layers.AveragePooling2D((3, 2), data_format="channels_first"),
        lambda: layers.AveragePooling2D(3, strides=2, padding="same"),
        layers.GlobalMaxPooling2D,
        lambda: layers.SpatialDropout2D(0.4, "channels_first"),
        layers.GlobalAveragePooling2D,
        layers.BatchNormalization,
        lambda: layers.TimeDistributed(layers.Conv1D(2, 3)),
    ],
)
def test_layers_of_images(layer: Callable[[], layers.Layer]) -> None:
    """Slopes of the output with respect to inputs and weights are what gradients say."""
    check_layer(layer(), IMAGES)


@pytest.mark.parametrize(
    "layer",
    [
        layers.Add,
        layers.Subtract,
        layers.Multiply,
        layers.Average,
        layers.Maximum,
        layers.Minimum,
        layers.Concatenate,
        lambda: layers.Concatenate(axis=1),
        lambda: layers.Dot(-1),
        lambda: layers.Dot((1, 2)),
        lambda: layers.Dot(2, normalize=True),
    ],
)
def test_layers_of_two_inputs(layer: Callable[[], layers.Layer]) -> None:
    """Both inputs get their gradients."""
    square = SEQUENCES[:, :3]

    check_layer(layer(), square, np.roll(square, 1) + 0.05)


@pytest.mark.parametrize("layer", [layers.Add, layers.Multiply, layers.Maximum])
def test_inputs_that_are_broadcast(layer: Callable[[], layers.Layer]) -> None:
    """An element that is used several times gets the sum of the gradients."""
    check_layer(layer(), SEQUENCES, VECTORS[:2, None, :1])
    check_layer(layer(), SEQUENCES, VECTORS[:2, :3])


def test_embeddings() -> None:
    """A vector that is looked up twice gets both gradients; one that is not gets none."""
    layer = layers.Embedding(4, 2)
    words = Tensor(np.array([[0, 2, 0], [2, 1, 0]]))
    layer.build_once([(3,)])
    factors = np.arange(12.0).reshape(2, 3, 2)

    (output,) = layer.run([words], training=True)
    (gradient,) = autodiff.gradients((output * factors).sum(), [layer.embeddings])

    assert gradient.tolist() == [[0 + 4 + 10, 1 + 5 + 11], [8, 9], [2 + 6, 3 + 7], [0, 0]]


def test_steps_that_do_not_count_have_no_gradient() -> None:
    """Nothing flows back from a step that `Masking` finds, which holds its value only."""
    x = Tensor(np.array([[[2.0, 2.0], [2.0, 3.0]]]), requires_gradient=True)

    (output,) = layers.Masking(2.0).run([x], training=True)
    (gradient,) = autodiff.gradients((output * 5).sum(), [x])

    assert gradient.tolist() == [[[0, 0], [5, 5]]]


def test_averages_of_steps_that_count() -> None:
    """Each step that counts gets its part of the gradient."""
    check_layer(layers.GlobalAveragePooling1D(), SEQUENCES, mask=MASK)


@pytest.mark.parametrize("name", sorted(activations.NAMES))
def test_activations(name: str) -> None:
    """Slopes of every activation are what gradients say."""
    check_layer(layers.Activation(name), VECTORS * 2)


PROBABILITIES = np.array([[0.2, 0.5, 0.3], [0.6, 0.1, 0.3]])
TARGETS = np.array([[0.1, 0.8, 0.1], [0.7, 0.1, 0.2]])

NAMES = sorted({getattr(losses.resolve(name), "name", name) for name in losses.NAMES})


@pytest.mark.parametrize("name", NAMES)
def test_losses(name: str) -> None:
    """Slopes of every loss, with respect to predictions, are what gradients say."""
    sparse = name.startswith("sparse")
    targets = np.array([[1.0], [0.0]]) if sparse else TARGETS
    loss = losses.resolve(name)
    predictions = Tensor(PROBABILITIES.copy(), requires_gradient=True)

    def value() -> Tensor:
        return loss(Tensor(targets), predictions, np.array([1.0, 3.0]))

    (gradient,) = autodiff.gradients(value(), [predictions])

    expected = differences(lambda: float(value()), predictions.data)
    assert gradient == pytest.approx(expected, rel=1e-5, abs=1e-7)
