"""The functions that losses and metrics of one's own are written with."""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import pytest

from fitspec.reference import Sequential, layers, optimizers
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
