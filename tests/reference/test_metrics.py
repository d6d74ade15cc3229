"""Metrics on numbers worked out by hand."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

from fitspec.reference import losses, metrics
from fitspec.reference.autodiff import Tensor

if TYPE_CHECKING:
    from fitspec.reference._array import Array


def tensor(*rows: list[float]) -> Tensor:
    """Return rows as a tensor."""
    return Tensor(np.array(rows))


@pytest.mark.parametrize(
    ("targets", "predictions"),
    [
        # two of three are right in every form
        (tensor([1, 0], [0, 1], [0, 1]), tensor([0.9, 0.1], [0.2, 0.8], [0.7, 0.3])),
        (tensor([0], [1], [1]), tensor([0.9, 0.1], [0.2, 0.8], [0.7, 0.3])),
        (tensor([1], [0], [1]), tensor([0.9], [0.1], [0.2])),
    ],
)
def test_accuracy_suits_the_output(targets: Tensor, predictions: Tensor) -> None:
    """One-hot, index and binary targets give the fraction of right predictions."""
    metric = metrics.resolve("accuracy", None)

    metric.update_state(targets, predictions)

    assert metric.result() == pytest.approx(2 / 3)


def test_accuracy_is_binary_with_binary_crossentropy() -> None:
    """With several independent probabilities every element counts: 3 of 4 are right."""
    metric = metrics.resolve("acc", losses.resolve("binary_crossentropy"))

    metric.update_state(tensor([1, 0], [1, 1]), tensor([0.9, 0.1], [0.2, 0.8]))

    assert metric.result() == 0.75


def test_value_covers_all_batches_since_the_reset() -> None:
    """Errors 1, 1, 1 and then 5 average to 2, whatever the batches' sizes."""
    metric = metrics.resolve("mae", None)

    first = metric.update_state(tensor([1], [1], [1]), tensor([0], [0], [0]))
    second = metric.update_state(tensor([5]), tensor([0]))

    assert (first, second, metric.result()) == (1, 5, 2)
    metric.reset_states()
    assert metric.result() == 0


def test_weights_make_a_weighted_mean() -> None:
    """Errors 3 and 2 with weights 1 and 3 give (3 * 1 + 2 * 3) / 4."""
    metric = metrics.resolve("mae", None)

    metric.update_state(tensor([0], [1]), tensor([3], [3]), np.array([1.0, 3.0]))

    assert metric.result() == 2.25


@pytest.mark.parametrize("cut", [1, 2, 3, 4])
def test_precision_does_not_depend_on_batches(cut: int) -> None:
    """Three are predicted positive and two of them rightly, however the four are batched."""
    targets: Array = np.array([[1.0], [0.0], [1.0], [1.0]])
    predictions: Array = np.array([[0.9], [0.9], [0.9], [0.1]])
    metric = metrics.Precision()

    for start in range(0, 4, cut):
        rows = slice(start, start + cut)
        metric.update_state(Tensor(targets[rows]), Tensor(predictions[rows]))

    assert metric.result() == pytest.approx(2 / 3)


def test_recall_counts_positive_targets() -> None:
    """Two of three positive targets are found; weights 1, 1, 1, 3 make that 2 of 5."""
    targets, predictions = tensor([1], [0], [1], [1]), tensor([0.9], [0.9], [0.9], [0.1])
    plain, weighted = metrics.Recall(), metrics.Recall()

    plain.update_state(targets, predictions)
    weighted.update_state(targets, predictions, np.array([1.0, 1.0, 1.0, 3.0]))

    assert (plain.result(), weighted.result()) == pytest.approx((2 / 3, 2 / 5))


def test_functions_may_give_one_value_per_batch() -> None:
    """Batch values 1 (3 rows) and 5 (1 row) average to (3 * 1 + 5) / 4 over samples."""
    metric = metrics.resolve(lambda t, p: abs(t - p).mean(), None)

    metric.update_state(tensor([1], [1], [1]), tensor([0], [0], [0]))
    metric.update_state(tensor([5]), tensor([0]))

    assert metric.result() == 2


@pytest.mark.parametrize("identifier", ["nope", 3, None, metrics.Precision])
def test_unknown_metrics_are_refused(identifier: object) -> None:
    """What is neither name, function nor instance is a ValueError."""
    with pytest.raises(ValueError, match="metrics must be"):
        metrics.resolve(identifier, None)
