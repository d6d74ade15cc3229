"""Losses on numbers worked out by hand."""

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from fitspec.reference import losses
from fitspec.reference.autodiff import Tensor

if TYPE_CHECKING:
    from fitspec.reference._array import Array

T = Tensor(np.array([[1.0, 0.0], [0.0, 1.0]]))
P = Tensor(np.array([[0.8, 0.2], [0.5, 0.5]]))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("mse", [(0.04 + 0.04) / 2, 0.25]),
        ("mae", [0.2, 0.5]),
        ("binary_crossentropy", [-math.log(0.8), -math.log(0.5)]),
        ("categorical_crossentropy", [-math.log(0.8), -math.log(0.5)]),
    ],
)
def test_values_per_sample(name: str, expected: list[float]) -> None:
    """Every named loss gives one value per sample."""
    assert losses.resolve(name).call(T, P).data == pytest.approx(expected)


def test_sparse_crossentropy_takes_class_indices() -> None:
    """Indices 0 and 1 stand for the one-hot targets (1, 0) and (0, 1)."""
    indices = Tensor(np.array([[0.0], [1.0]]))

    values = losses.sparse_categorical_crossentropy(indices, P)

    assert values.data == pytest.approx([-math.log(0.8), -math.log(0.5)])


@pytest.mark.parametrize("name", ["binary_crossentropy", "categorical_crossentropy"])
def test_certain_and_wrong_is_finite(name: str) -> None:
    """Probabilities 0 and 1 are kept away from the logarithm's pole."""
    wrong = Tensor(np.array([[0.0, 1.0]]))

    values = losses.resolve(name).call(Tensor(np.array([[1.0, 0.0]])), wrong)

    assert np.isfinite(values.data).all()


@pytest.mark.parametrize(
    ("values", "weights", "expected"),
    [
        ([9.0, 4.0], None, 6.5),
        # the divisor is the number of samples: (9 * 1 + 4 * 3) / 2
        ([9.0, 4.0], [1.0, 3.0], 10.5),
        # inner axes are averaged first: (3 * 1 + 6 * 2) / 2
        ([[2.0, 4.0], [6.0, 6.0]], [1.0, 2.0], 7.5),
        # per step it is (2*1 + 4*0 + 6*0 + 6*2) / 4
        ([[2.0, 4.0], [6.0, 6.0]], [[1.0, 0.0], [0.0, 2.0]], 3.5),
        # one value stands for the whole batch: 5 * (1 + 3) / 2
        (5.0, [1.0, 3.0], 10.0),
    ],
)
def test_batch_mean_weights_then_averages(values: object, weights: object, expected: float) -> None:
    """The loss of a batch is the mean of weighted values."""
    factors: Array | None = None if weights is None else np.array(weights)

    assert float(losses.batch_mean(Tensor(np.array(values)), factors)) == expected


def test_function_gets_targets_first() -> None:
    """A user's function is called as f(targets, predictions): 3 - 2 * 1 = 1."""
    loss = losses.resolve(lambda y_true, y_pred: (y_pred - 2 * y_true).mean())

    assert float(loss(Tensor(np.ones((1, 1))), Tensor(np.full((1, 1), 3.0)))) == 1


@pytest.mark.parametrize("identifier", ["nope", 3, None, losses.MeanSquaredError])
def test_unknown_losses_are_refused(identifier: object) -> None:
    """What is neither name, function nor instance is a ValueError."""
    with pytest.raises(ValueError, match="loss must be"):
        losses.resolve(identifier)


def test_instances_are_taken_as_they_are() -> None:
    """A Loss object stands for itself, and one's own needs only `call`."""

    class Twice(losses.Loss):
        def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
            return (y_pred - y_true) * 2

    loss = Twice()

    assert losses.resolve(loss) is loss
    # (2 * (0.8 - 1) + 2 * 0.2 + 2 * 0.5 - 2 * 0.5) / 4 = 0
    assert float(loss(T, P)) == pytest.approx(0)
