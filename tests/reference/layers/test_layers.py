"""What layers compute."""

import numpy as np
import pytest

from fitspec.reference import Input, Model, Sequential, layers
from fitspec.reference.initializers import Constant
from fitspec.reference.network.layer import Layer
from fitspec.reference.tensor import operations
from fitspec.reference.tensor.array_library import Array
from fitspec.reference.tensor.autodiff import Tensor

X: Array = np.array([[1.0, -2.0], [3.0, 4.0]], "float32")


def run(layer: Layer, *arrays: Array, training: bool = False) -> Array:
    """Build a layer for arrays and return what it computes."""
    layer.build_once([array.shape[1:] for array in arrays])
    return layer.call([Tensor(array) for array in arrays], training=training).data


def test_dense_multiplies_and_adds() -> None:
    """(1, -2) @ (1, 1) + 0.5 = -0.5, cut to 0 by relu; (3, 4) gives 7.5."""
    layer = layers.Dense(
        1,
        activation="relu",
        kernel_initializer="ones",
        bias_initializer=Constant(0.5),
    )

    assert run(layer, X).tolist() == [[0], [7.5]]


def test_dense_works_on_the_last_axis() -> None:
    """Time steps are treated alike."""
    layer = layers.Dense(1, use_bias=False, kernel_initializer=Constant(2.0))

    assert run(layer, np.ones((2, 3, 1))).shape == (2, 3, 1)
    assert layer.shape_of_output([(3, 1)]) == (3, 1)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("linear", [1, -2]),
        ("relu", [1, 0]),
        ("tanh", [0.7615942, -0.9640276]),
        ("sigmoid", [0.7310586, 0.1192029]),
        # e / (e + e**-2) = 1 / (1 + e**-3)
        ("softmax", [0.9525741, 0.0474259]),
    ],
)
def test_activations(name: str, expected: list[float]) -> None:
    """Every named activation gives its function's values."""
    assert run(layers.Activation(name), X)[0] == pytest.approx(expected, rel=1e-5)


def test_unknown_activation_is_refused() -> None:
    """A misspelt activation is a ValueError when the layer is made."""
    with pytest.raises(ValueError, match="activation must be"):
        layers.Dense(1, activation="rleu")


def test_dropout_acts_in_training_only() -> None:
    """Half of the elements become 0 and the others double; in testing nothing happens."""
    ones = np.ones((100, 100), "float32")

    trained = run(layers.Dropout(0.5), ones, training=True)

    assert set(np.unique(trained).tolist()) == {0, 2}
    # The number of zeros of 10,000 has a standard deviation of 50.
    assert abs((trained == 0).sum() - 5000) < 300
    assert run(layers.Dropout(0.5), ones).tolist() == ones.tolist()


@pytest.mark.parametrize("rate", [-0.1, 1, 1.5])
def test_impossible_dropout_is_refused(rate: float) -> None:
    """A rate outside of [0, 1) is a ValueError."""
    with pytest.raises(ValueError, match="rate must be"):
        layers.Dropout(rate)


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (layers.Add(), [[11, 8], [33, 44]]),
        (layers.Average(), [[5.5, 4], [16.5, 22]]),
        (layers.Multiply(), [[10, -20], [90, 160]]),
        (layers.Concatenate(), [[1, -2, 10, 10], [3, 4, 30, 40]]),
    ],
)
def test_merging(layer: Layer, expected: list[list[float]]) -> None:
    """Several inputs become one."""
    other: Array = np.array([[10.0, 10.0], [30.0, 40.0]])

    assert run(layer, X, other).tolist() == expected
    assert layer.shape_of_output([(2,), (2,)]) == (len(expected[0]),)


def test_shapes_can_be_laid_out_anew() -> None:
    """Flatten and Reshape keep the elements of a sample together."""
    steps: Array = np.arange(12.0).reshape(2, 3, 2)

    assert run(layers.Flatten(), steps).tolist() == steps.reshape(2, 6).tolist()
    assert run(layers.Reshape((2, 3)), steps).tolist() == steps.reshape(2, 2, 3).tolist()
    assert layers.Flatten().shape_of_output([(3, 2)]) == (6,)
    assert layers.Flatten().shape_of_output([(None, 2)]) == (None,)


def test_batch_normalization_in_training_uses_the_batch() -> None:
    """The column (0, 2) has mean 1 and variance 1, among all such numbers 2; averages move 1 %."""
    layer = layers.BatchNormalization(epsilon=0.0)
    column: Array = np.array([[0.0], [2.0]], "float32")

    assert run(layer, column, training=True).tolist() == [[-1], [1]]
    assert layer.moving_mean.data == pytest.approx(0.01)
    assert layer.moving_variance.data == pytest.approx(0.99 + 0.02)


def test_batch_normalization_in_testing_uses_moving_averages() -> None:
    """Mean 0 and variance 1 at the start leave the data as they are, and stay as they are."""
    layer = layers.BatchNormalization(epsilon=0.0)

    assert run(layer, X).tolist() == X.tolist()
    assert layer.moving_mean.data.tolist() == [0, 0]
    assert [weight.name.split("/")[1] for weight in layer.trainable_variables] == ["gamma", "beta"]


def test_a_function_of_ones_own_sees_the_whole_batch() -> None:
    """Rows times the first row: (1, -2)² and (3, 4)·(1, -2)."""
    assert run(layers.Lambda(lambda rows: rows * rows[0]), X).tolist() == [[1, 4], [3, -8]]


def test_a_layer_of_ones_own() -> None:
    """`call` and `shape_of_output` are all that a layer without weights needs."""

    class Twice(layers.Layer):
        def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
            return operations.concatenate([inputs[0], inputs[0]])

        def shape_of_output(self, shapes: list[tuple[int | None, ...]]) -> tuple[int | None, ...]:
            return (2 * (shapes[0][0] or 0),)

    x = Input(shape=(1,))
    model = Model(x, Twice()(x))

    assert model.predict(np.ones((3, 1))).tolist() == [[1, 1]] * 3  # type: ignore[union-attr]


def test_weights_are_replaced_all_or_none() -> None:
    """A wrong shape or number is a ValueError, and nothing has changed."""
    model = Sequential([layers.Dense(2, input_shape=(2,))])
    before = model.get_weights()

    with pytest.raises(ValueError, match="weights"):
        model.set_weights([np.zeros((2, 2)), np.zeros(3)])
    with pytest.raises(ValueError, match="weights"):
        model.layers[0].set_weights([np.zeros((2, 2))])

    assert [weight.tolist() for weight in model.get_weights()] == [
        weight.tolist() for weight in before
    ]


def test_weights_that_are_returned_are_copies() -> None:
    """Changing them does not change the model."""
    model = Sequential([layers.Dense(1, kernel_initializer="ones", input_shape=(1,))])

    model.get_weights()[0][:] = 5

    assert model.get_weights()[0].tolist() == [[1]]
