"""Saboteurs of `compile`: the accuracy, which suits an output."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference import metrics
from fitspec.reference.metrics import suited
from fitspec.reference.tensor.autodiff import as_tensor

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


@saboteur(
    "compile.metrics.accuracy-resolution",
    also=["compile.metrics.accuracy-label", "compile.metrics.accuracy-of-numbers"],
)
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


@saboteur("compile.metrics.accuracy-of-columns")
def goes_by_the_shapes_alone(plant: Plant) -> None:
    """Looks for the largest of each row of several columns, whatever the loss is."""
    original = suited.accuracy_for
    plant(suited, "accuracy_for", lambda y_true, y_pred, _: original(y_true, y_pred, None))


@saboteur("compile.metrics.accuracy-of-numbers")
def takes_what_is_above_a_half_for_1(plant: Plant) -> None:
    """Compares targets with 1 where the prediction is above a half, else with 0."""
    original = metrics.binary_accuracy

    def binary_accuracy(y_true: Tensor, y_pred: Tensor) -> Any:
        return original(y_true, as_tensor((y_pred.data > 0.5).astype("float32"), like=y_pred))

    plant(suited, "binary_accuracy", binary_accuracy)


@saboteur("compile.metrics.accuracy-by-own-loss")
def takes_integers_for_one_hot_unless_the_loss_says_it(plant: Plant) -> None:
    """Takes targets for one-hot classes but with the loss for integers."""
    original = suited.accuracy_for

    def accuracy_for(y_true: Tensor, y_pred: Tensor, loss: Any) -> Any:
        found = original(y_true, y_pred, loss)
        own = loss.name != "sparse_categorical_crossentropy"
        return metrics.categorical_accuracy if own and found in sparse else found

    sparse = [metrics.sparse_categorical_accuracy]
    plant(suited, "accuracy_for", accuracy_for)
