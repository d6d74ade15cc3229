"""Saboteurs of `compile`: the accuracy, which suits an output."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference import metrics
from fitspec.reference.metrics import suited

from ..planting import saboteur

if TYPE_CHECKING:
    from fitspec.reference.tensor.autodiff import Tensor

    from ..planting import Plant


@saboteur("compile.metrics.accuracy-resolution")
def compares_one_hot_targets_number_by_number(plant: Plant) -> None:
    """Takes each number of a one-hot target for a question of its own."""
    original = suited.accuracy_for

    def accuracy_for(y_true: Tensor, y_pred: Tensor, loss: Any) -> Any:
        alike = y_true.shape == y_pred.shape
        return metrics.binary_accuracy if alike else original(y_true, y_pred, loss)

    plant(suited, "accuracy_for", accuracy_for)


@saboteur("compile.metrics.accuracy-resolution")
def takes_a_column_for_one_class(plant: Plant) -> None:
    """Looks for the largest of each row, also where there is a single column."""
    original = suited.accuracy_for

    def accuracy_for(y_true: Tensor, y_pred: Tensor, loss: Any) -> Any:
        single = y_true.shape == y_pred.shape and y_pred.shape[-1] == 1
        return metrics.categorical_accuracy if single else original(y_true, y_pred, loss)

    plant(suited, "accuracy_for", accuracy_for)


@saboteur("compile.metrics.accuracy-label")
def calls_every_accuracy_acc(plant: Plant) -> None:
    """Labels an accuracy `acc`, however it was asked for."""
    original = metrics.resolve

    def resolve(identifier: object, *args: Any) -> Any:
        return original("acc" if identifier == "accuracy" else identifier, *args)

    plant(metrics, "resolve", resolve)
