"""The functions that losses and metrics of one's own are written with."""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import pytest

from fitspec.reference import Input, Sequential, layers, optimizers
from fitspec.reference import backend as K  # noqa: N812 - as everybody calls it
from fitspec.reference.tensor import autodiff
from fitspec.reference.tensor.array_library import Array
from fitspec.reference.tensor.autodiff import Tensor

Function: TypeAlias = Callable[[Tensor], Tensor]

X: Array = np.random.default_rng(3).uniform(0.1, 0.9, (2, 3, 2)) * [1, -1]
P: Array = np.random.default_rng(4).uniform(0.1, 0.9, (2, 3))
ONE_HOT: Array = np.array([[0.0, 1, 0], [1, 0, 0]])

DIFFERENTIABLE: dict[str, tuple[Function, Array]] = {
    "abs": (K.abs, X),
    "square": (K.square, X),
    "sqrt": (K.sqrt, abs(X)),
    "exp": (K.exp, X),
    "log": (K.log, abs(X)),
    "sin": (K.sin, X),
    "cos": (K.cos, X),
    "pow": (lambda x: K.pow(x, 3.0), X),
    "clip": (lambda x: K.clip(x, -0.4, 0.4), X),
    "cast": (lambda x: K.cast(x, "float64"), X),
    "switch": (lambda x: K.switch(K.greater(x, 0), x * 2, lambda: x * 3), X),
    "switch by sample": (lambda x: K.switch(np.array([True, False]), x * 2, x), X),
    "switch broadcast": (lambda x: K.switch(np.array([True, False]), x[0, 0], x), X),
    "maximum": (lambda x: K.maximum(x, 0.3), X),
    "minimum": (lambda x: K.minimum(-0.2, x), X),
    "relu": (K.relu, X),
    "leaky relu": (lambda x: K.relu(x, alpha=0.2, max_value=0.5), X),
    "sigmoid": (K.sigmoid, X),
    "tanh": (K.tanh, X),
    "softplus": (K.softplus, X * 5),
    "sum": (lambda x: K.sum(x, axis=[0, 2]), X),
    "mean": (lambda x: K.mean(x, axis=1, keepdims=True), X),
    "var": (lambda x: K.var(x, axis=1), X),
    "std": (lambda x: K.std(x, axis=-1), X),
    "max": (K.max, X),
    "max along axes": (lambda x: K.max(x, axis=(1, 2)), X),
    "max with axis kept": (lambda x: K.max(x, axis=1, keepdims=True), X),
    "min": (lambda x: K.min(x, axis=-1), X),
    "softmax": (K.softmax, X),
    "softmax along an axis": (lambda x: K.softmax(x, axis=1), X),
    "l2_normalize": (lambda x: K.l2_normalize(x, axis=-1), X),
    "reshape": (lambda x: K.reshape(x, (3, 4)), X),
    "flatten": (K.flatten, X),
    "batch_flatten": (K.batch_flatten, X),
    "expand_dims": (lambda x: K.expand_dims(x, 1), X),
    "squeeze": (lambda x: K.squeeze(x[:1], 0), X),
    "permute_dimensions": (lambda x: K.permute_dimensions(x, (2, 0, 1)), X),
    "transpose": (K.transpose, X),
    "concatenate": (lambda x: K.concatenate([x, x * 2], axis=1), X),
    "stack": (lambda x: K.stack([x, x * 2], axis=1), X),
    "stack at the end": (lambda x: K.stack([x, x * 2], axis=-1), X),
    "gather": (lambda x: K.gather(x, [1, 0, 1]), X),
    "dot": (lambda x: K.dot(x, X[0, :2]), X),
    "dot with the other": (lambda x: K.dot(X, x[0, :2]), X),
    "dot with a vector": (lambda x: K.dot(X, x[0, 0]), X),
    "binary_crossentropy": (lambda x: K.binary_crossentropy(ONE_HOT, x), P),
    "binary_crossentropy of logits": (
        lambda x: K.binary_crossentropy(ONE_HOT, x, from_logits=True),
        P,
    ),
    "categorical_crossentropy": (lambda x: K.categorical_crossentropy(ONE_HOT, x), P),
    "categorical_crossentropy of logits": (
        lambda x: K.categorical_crossentropy(ONE_HOT, x, from_logits=True),
        P,
    ),
    "sparse_categorical_crossentropy": (
        lambda x: K.sparse_categorical_crossentropy([1, 0], x),
        P,
    ),
    "identity": (K.identity, X),
    "elu": (K.elu, X),
    "hard_sigmoid": (K.hard_sigmoid, X),
    "softsign": (K.softsign, X),
    "dropout": (lambda x: K.dropout(x, 0.5, noise_shape=(2, 1, 2), seed=3), X),
    "bias_add": (lambda x: K.bias_add(X, x[0, 0]), X),
    "in_train_phase": (lambda x: K.in_train_phase(lambda: x * 2, x, training=True), X),
    "in_test_phase": (lambda x: K.in_test_phase(lambda: x * 2, x, training=True), X),
    "prod": (K.prod, X),
    "prod along an axis": (lambda x: K.prod(x, axis=1, keepdims=True), X),
    "cumsum": (lambda x: K.cumsum(x, axis=1), X),
    "logsumexp": (lambda x: K.logsumexp(x, axis=[1, 2]), X),
    "logsumexp of all": (K.logsumexp, X),
    "reverse": (lambda x: K.reverse(x, axes=-1), X),
    "slice": (lambda x: K.slice(x, (0, 1, 0), (-1, 2, 1)), X),
    "repeat": (lambda x: K.repeat(x[0], 3), X),
    "repeat_elements": (lambda x: K.repeat_elements(x, 2, axis=-1), X),
    "tile": (lambda x: K.tile(x, (1, 2, 3)), X),
    "batch_dot": (lambda x: K.batch_dot(x, x, axes=2), X),
    "batch_dot with the axes of matrices": (lambda x: K.batch_dot(x, X.swapaxes(1, 2)), X),
    "batch_dot with vectors": (lambda x: K.batch_dot(x, P, axes=1), X),
    "map_fn": (lambda x: K.map_fn(lambda one: one * one, x), X),
}


@pytest.mark.parametrize("name", DIFFERENTIABLE)
def test_gradients_are_those_of_finite_differences(name: str) -> None:
    """Moving each element a little changes a weighted sum as the gradient says."""
    function, at = DIFFERENTIABLE[name]
    factors = np.random.default_rng(5).normal(size=function(Tensor(at)).shape)
    x = Tensor(at, requires_gradient=True)
    step = 1e-6

    (gradient,) = autodiff.gradients(K.sum(function(x) * factors), [x])
    expected = np.empty_like(at)
    for index in np.ndindex(at.shape):
        change = np.zeros_like(at)
        change[index] = step
        above, below = (function(Tensor(at + sign * change)).data for sign in (1, -1))
        expected[index] = ((above - below) * factors).sum() / (2 * step)

    assert gradient == pytest.approx(expected, rel=1e-6, abs=1e-8)


VALUES: dict[str, tuple[Any, Any]] = {
    "equal": (lambda: K.equal([1, 2], [1, 3]), [True, False]),
    "not_equal": (lambda: K.not_equal([1, 2], 1), [False, True]),
    "greater": (lambda: K.greater([1, 2, 3], 2), [False, False, True]),
    "greater_equal": (lambda: K.greater_equal([1, 2, 3], 2), [False, True, True]),
    "less": (lambda: K.less([1, 2, 3], 2), [True, False, False]),
    "less_equal": (lambda: K.less_equal([1, 2, 3], 2), [True, True, False]),
    "argmax": (lambda: K.argmax([[1, 3], [5, 2]]), [1, 0]),
    "argmin": (lambda: K.argmin([[1, 3], [5, 2]], axis=0, keepdims=True), [[0, 1]]),
    "any": (lambda: K.any([[0, 1], [0, 0]], axis=1), [True, False]),
    "all": (lambda: K.all([[1, 1], [0, 1]], axis=1), [True, False]),
    "round": (lambda: K.round([0.5, 1.5, -0.6]), [0.0, 2.0, -1.0]),
    "sign": (lambda: K.sign([-2.0, 0.0, 3.0]), [-1.0, 0.0, 1.0]),
    "mean of truths": (lambda: K.mean(K.equal([1, 2], [1, 3])), 0.5),
    "sum": (lambda: K.sum([[1, 2], [3, 4]], axis=0, keepdims=True), [[4, 6]]),
    "max": (lambda: K.max([[1.0, 4.0], [3.0, 2.0]], axis=0), [3.0, 4.0]),
    "sqrt of negatives": (lambda: K.sqrt([-1.0, 4.0]), [0.0, 2.0]),
    "ones_like": (lambda: K.ones_like([[2, 3]], dtype="float32"), [[1.0, 1.0]]),
    "zeros_like": (lambda: K.zeros_like([2.0]), [0.0]),
    "one_hot": (lambda: K.one_hot([2, 0], 3), [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]),
    "constant": (lambda: K.constant(2, shape=(2,)), [2.0, 2.0]),
    "cast": (lambda: K.cast([0.0, 2.5], "bool"), [False, True]),
    "zeros": (lambda: K.zeros((2, 1)), [[0], [0]]),
    "ones": (lambda: K.ones((2,)), [1, 1]),
    "eye": (lambda: K.eye(2), [[1, 0], [0, 1]]),
    "arange": (lambda: K.arange(3), [0, 1, 2]),
    "arange in steps": (lambda: K.arange(1, 6, 2, dtype="float32"), [1, 3, 5]),
    "elu": (lambda: K.elu([2.0, -np.log(2)], alpha=2.0), [2, -1]),
    "hard_sigmoid": (lambda: K.hard_sigmoid([-3.0, 0.0, 3.0]), [0, 0.5, 1]),
    "softsign": (lambda: K.softsign([1.0, -3.0]), [0.5, -0.75]),
    "bias_add": (lambda: K.bias_add([[1, 2]], [10, 20]), [[11, 22]]),
    "prod": (lambda: K.prod([[2, 3], [4, 5]]), 120),
    "prod along an axis": (lambda: K.prod([[2, 3], [4, 5]], axis=-1), [6, 20]),
    "prod with all axes kept": (lambda: K.prod([[2, 3]], keepdims=True), [[6]]),
    "cumsum": (lambda: K.cumsum([[1, 2], [3, 4]], axis=1), [[1, 3], [3, 7]]),
    "logsumexp": (lambda: K.logsumexp([[1e4, -1e4]], axis=1), [1e4]),
    # The highest two are classes 1 and 2.
    "in_top_k": (lambda: K.in_top_k([[0.1, 0.6, 0.3]] * 2, [0, 2], 2), [False, True]),
    "reverse": (lambda: K.reverse([[1, 2], [3, 4]], axes=(0, 1)), [[4, 3], [2, 1]]),
    "slice": (lambda: K.slice([[1, 2], [3, 4]], (0, 1), (-1, 1)), [[2], [4]]),
    "repeat": (lambda: K.repeat([[1, 2]], 2), [[[1, 2], [1, 2]]]),
    "repeat_elements": (lambda: K.repeat_elements([[1, 2]], 2, axis=1), [[1, 1, 2, 2]]),
    "tile": (lambda: K.tile([[1, 2]], (2, 2)), [[1, 2, 1, 2]] * 2),
    "tile of a vector": (lambda: K.tile([1, 2], 2), [1, 2, 1, 2]),
    "batch_dot": (lambda: K.batch_dot([[1, 2], [3, 4]], [[5, 6], [7, 8]], axes=1), [[17], [53]]),
    "map_fn": (lambda: K.map_fn(lambda x: x * 2, [1, 2]), [2, 4]),
    "print_tensor": (lambda: K.print_tensor([1, 2]), [1, 2]),
    "in_train_phase": (lambda: K.in_train_phase(3, lambda: K.ones((1,)), training=False), [1]),
}


@pytest.mark.parametrize("name", VALUES)
def test_values_are_as_expected(name: str) -> None:
    """The value is that worked out by hand."""
    compute, expected = VALUES[name]

    assert K.get_value(compute()).tolist() == expected


def test_equal_elements_share_what_flows_back_through_max() -> None:
    """Two largest elements get a half each."""
    x = Tensor(np.array([2.0, 1.0, 2.0]), requires_gradient=True)

    (gradient,) = autodiff.gradients(K.max(x), [x])

    assert gradient.tolist() == [0.5, 0, 0.5]


def test_nothing_flows_through_what_is_stopped() -> None:
    """The gradient of x * stop(x) is that of the first factor."""
    x = Tensor(np.array(3.0), requires_gradient=True)

    (gradient,) = autodiff.gradients(x * K.stop_gradient(x), [x])

    assert float(gradient) == 3


def test_softplus_does_not_overflow() -> None:
    """Large elements stay as they are, and the type stays."""
    result = K.softplus(np.array([1000.0, -1000.0], "float32"))

    assert result.numpy().tolist() == [1000, 0]
    assert result.dtype == np.float32


def test_a_loss_and_a_metric_are_written_with_the_backend() -> None:
    """A loss of mean squares and an accuracy of rounded predictions give their numbers."""
    model = Sequential(
        [layers.Dense(1, input_shape=(1,), kernel_initializer="ones", use_bias=False)]
    )

    def loss(y_true: Tensor, y_pred: Tensor) -> Tensor:
        return K.mean(K.square(y_pred - y_true), axis=-1)

    def hits(y_true: Tensor, y_pred: Tensor) -> Tensor:
        return K.mean(K.equal(y_true, K.round(y_pred)), axis=-1)

    model.compile(optimizers.SGD(0.5), loss, metrics=[hits])
    results = model.train_on_batch(np.array([[1.0], [2.0]]), np.array([[1.0], [0.0]]))

    assert results == [2, 0.5]
    assert model.get_weights()[0].tolist() == [[-1]]


def test_a_cleared_session_counts_names_from_one() -> None:
    """The next layer is number 1 of its kind."""
    layers.Dense(1)

    K.clear_session()

    assert layers.Dense(1).name == "dense_1"
    with pytest.raises(ValueError, match="axis must be the last"):
        K.sparse_categorical_crossentropy([0], np.ones((2, 1)), axis=0)


@pytest.mark.parametrize(
    ("left", "right"),
    [((2, 3), (3,)), ((2, 3), (3, 4)), ((2, 3), (4, 3, 2)), ((5, 2, 3), (4, 3, 2))],
)
def test_dot_sums_along_the_last_axis_but_one(
    left: tuple[int, ...], right: tuple[int, ...]
) -> None:
    """As NumPy's `dot` does."""
    x = np.arange(np.prod(left), dtype=np.float32).reshape(left)
    y = np.arange(np.prod(right), dtype=np.float32).reshape(right)

    product = K.dot(K.constant(x), K.constant(y))

    np.testing.assert_array_equal(product.data, np.dot(x, y))


def test_variables_are_updated() -> None:
    """By new values, by what is added, and by what is taken away."""
    x = K.variable([1.0, 2.0])

    K.update_add(x, [1.0, 1.0])
    K.update_sub(x, 0.5)
    assert K.get_value(x).tolist() == [1.5, 2.5]
    K.batch_set_value([(x, np.array([3.0, 4.0]))])
    assert K.batch_get_value([x, x])[1].tolist() == [3, 4]


def test_what_is_known_of_tensors_and_symbols() -> None:
    """Types, sizes, and which of them layers return."""
    symbol = Input((3,))

    assert K.dtype(K.arange(3)) == "int32"
    assert K.dtype(symbol) == "float32"
    assert K.size(K.zeros((3, 2))) == 6
    assert K.is_keras_tensor(symbol)
    assert not K.is_keras_tensor(K.zeros((2,)))
    with pytest.raises(ValueError, match="x must be a tensor"):
        K.is_keras_tensor([1])


def test_what_is_drawn_is_within_two_standard_deviations() -> None:
    """The mean of 10,000 has a standard deviation of less than 0.03."""
    drawn = K.truncated_normal((10_000,), mean=5.0, stddev=3.0).numpy()

    assert abs(drawn - 5).max() <= 6
    assert abs(drawn.mean() - 5) < 0.2


@pytest.mark.parametrize(
    ("compute", "message"),
    [
        (lambda: K.set_floatx("float64"), "floatx is always 'float32'"),
        (lambda: K.set_epsilon(0.1), "epsilon is always"),
        (lambda: K.set_image_data_format("channels_first"), "layers take data_format"),
        (lambda: K.dropout([1.0], 1.0), "level must be"),
        (lambda: K.batch_dot(np.ones((2, 3)), np.ones((2, 4)), axes=1), "axes"),
    ],
)
def test_what_is_not_possible_is_refused(compute: Callable[[], object], message: str) -> None:
    """With the argument's name."""
    with pytest.raises(ValueError, match=message):
        compute()


def test_settings_that_are_in_use_are_accepted() -> None:
    """As programs set them at their beginning."""
    K.set_floatx("float32")
    K.set_epsilon(1e-7)
    K.set_image_data_format("channels_last")


def test_the_phase_is_that_of_the_layer_around() -> None:
    """A `Lambda` that drops in training alone."""
    layer = layers.Lambda(lambda x: K.in_train_phase(K.dropout(x, 0.5), x))
    ones = Tensor(np.ones((20, 20)))

    assert set(layer.run([ones], training=True)[0].data.ravel()) == {0, 2}
    assert set(layer.run([ones], training=False)[0].data.ravel()) == {1}
