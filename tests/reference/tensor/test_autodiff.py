"""Gradients against differences of function values, in double precision."""

from collections.abc import Callable

import numpy as np
import pytest

from fitspec.reference.tensor import autodiff, operations
from fitspec.reference.tensor.array_library import Array
from fitspec.reference.tensor.autodiff import Tensor

# Away from 0 and 1, where absolute value, clip and relu have kinks.
A = np.array([[0.3, -1.2, 2.5], [-0.7, 0.9, -2.1]])
POSITIVE = np.abs(A) + 0.1


def numerical_gradient(function: Callable[[Tensor], Tensor], at: Array) -> Array:
    """Differentiate by central differences; the error is of the order of step**2 = 1e-10."""
    step = 1e-5
    gradient = np.zeros_like(at)
    for index in np.ndindex(at.shape):
        shift = np.zeros_like(at)
        shift[index] = step
        above, below = float(function(Tensor(at + shift))), float(function(Tensor(at - shift)))
        gradient[index] = (above - below) / (2 * step)
    return gradient


@pytest.mark.parametrize(
    "function",
    [
        lambda x: (x + A * 2).sum(),
        lambda x: (x - A[0]).sum() * 3,
        lambda x: (A - x).mean(),
        lambda x: (x * x).sum(),
        lambda x: (2 / (x * x + 1)).sum(),
        lambda x: (x / (x * x + 1)).sum(),
        lambda x: (x**3).sum(),
        lambda x: (-x).sum(),
        lambda x: autodiff.exponential(x).sum(),
        lambda x: abs(x).mean(),
        lambda x: autodiff.tanh(x).sum(),
        lambda x: autodiff.sigmoid(x).sum(),
        lambda x: autodiff.rectify(x).sum(),
        lambda x: (autodiff.clip(x, -1, 1) * A).sum(),
        lambda x: (autodiff.softmax(x) * A).sum(),
        lambda x: (x.sum(axis=0) ** 2).sum(),
        lambda x: (x.sum(axis=-1, keepdims=True) * x).sum(),
        lambda x: (x.mean(axis=(0, 1)) ** 2).sum(),
        lambda x: (x.reshape(3, 2) @ Tensor(A)).sum() ** 2,
        lambda x: (x[:, 1] * x[0, 0]).sum(),
        lambda x: (operations.concatenate([x, x * 2], axis=0) ** 2).sum(),
        lambda x: (operations.concatenate([x * x, x], axis=-1) * np.arange(6)).sum(),
    ],
)
def test_gradients_agree_with_differences(function: Callable[[Tensor], Tensor]) -> None:
    """Every operation's gradient is the slope of its values."""
    x = Tensor(A, requires_gradient=True)

    (gradient,) = autodiff.gradients(function(x), [x])

    assert gradient.shape == A.shape
    assert gradient == pytest.approx(numerical_gradient(function, A), abs=1e-8)


def test_gradient_of_logarithm_agrees_with_differences() -> None:
    """The logarithm, defined for positive numbers only, has the slope of its values."""
    x = Tensor(POSITIVE, requires_gradient=True)

    (gradient,) = autodiff.gradients(autodiff.logarithm(x).sum(), [x])

    assert gradient == pytest.approx(
        numerical_gradient(lambda t: autodiff.logarithm(t).sum(), POSITIVE), abs=1e-6
    )


def test_gradient_of_both_factors_of_a_product_of_matrices() -> None:
    """Rows of several leading axes and the matrix both get their gradient."""
    rows = Tensor(np.arange(12.0).reshape(2, 2, 3) / 7, requires_gradient=True)
    matrix = Tensor(A.T, requires_gradient=True)

    def of_rows(t: Tensor) -> Tensor:
        return ((t @ matrix) ** 2).sum()

    def of_matrix(t: Tensor) -> Tensor:
        return ((rows @ t) ** 2).sum()

    gradients = autodiff.gradients(of_rows(rows), [rows, matrix])

    assert gradients[0] == pytest.approx(numerical_gradient(of_rows, rows.data), abs=1e-6)
    assert gradients[1] == pytest.approx(numerical_gradient(of_matrix, matrix.data), abs=1e-6)


def test_gradients_of_a_tensor_that_is_used_twice_add_up() -> None:
    """For x = 3, d(x*x + 2x)/dx = 2*3 + 2 = 8."""
    x = Tensor(np.array(3.0), requires_gradient=True)

    (gradient,) = autodiff.gradients(x * x + x * 2, [x])

    assert gradient == 8


def test_gradient_is_zero_without_dependence() -> None:
    """What the result does not depend on gets zeros of its shape."""
    x = Tensor(np.array(3.0), requires_gradient=True)
    other = Tensor(A, requires_gradient=True)

    gradients = autodiff.gradients(x * x, [x, other])

    assert gradients[1].tolist() == np.zeros_like(A).tolist()


def test_nothing_is_remembered_while_paused() -> None:
    """Inside the block results carry no links; after it they do again."""
    x = Tensor(A, requires_gradient=True)

    with autodiff.paused():
        inside = x * 2
    after = x * 2

    assert (inside.links, inside.requires_gradient) == ((), False)
    assert after.requires_gradient


def test_numbers_take_the_type_of_the_tensor() -> None:
    """A Python number does not turn single into double precision."""
    x = Tensor(A.astype("float32"))

    assert (2.5 * x + A).data.dtype == np.float32


def test_extreme_elements_do_not_overflow() -> None:
    """Softmax and sigmoid of huge elements are finite, without warnings."""
    x = Tensor(np.array([[1e4, -1e4]]))

    assert autodiff.softmax(x).data.tolist() == [[1, 0]]
    assert autodiff.sigmoid(x).data.tolist() == [[1, 0]]


def test_tensors_are_compared_element_by_element() -> None:
    """With tensors, arrays and numbers; nothing flows through the result."""
    x = Tensor(np.array([1.0, 2.0, 3.0]), requires_gradient=True)

    compared = [x > 2, x >= 2, x < np.array([2.0, 2, 2]), x <= Tensor(np.array(2.0)), 2 > x]  # noqa: SIM300 - the other side

    assert [each.data.tolist() for each in compared] == [
        [False, False, True],
        [False, True, True],
        [True, False, False],
        [True, True, False],
        [True, False, False],
    ]
    assert not any(each.requires_gradient for each in compared)
