"""Metrics by name, which may mean the kind that suits an output."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference import losses
from fitspec.reference.config import lookup
from fitspec.reference.metrics.averages import FunctionMetric
from fitspec.reference.metrics.base import CLASSES, FUNCTIONS, Metric
from fitspec.reference.tensor import array_library
from fitspec.reference.tensor.autodiff import as_tensor

if TYPE_CHECKING:
    from fitspec.reference.losses import Loss
    from fitspec.reference.metrics.averages import MetricFunction
    from fitspec.reference.tensor.array_library import Array
    from fitspec.reference.tensor.autodiff import Tensor


@FUNCTIONS.known()
def binary_accuracy(y_true: Tensor, y_pred: Tensor, threshold: float = 0.5) -> Array:
    """Compare each element, as a whole number, with its target; 1 is what is above the threshold.

    Only a threshold of 0.5 tells predictions apart that are larger than 1.
    """
    rounded = array_library.namespace(y_pred.data).rint(y_pred.data)
    whole = rounded if threshold == 0.5 else y_pred.data > threshold
    equal: Array = (whole == y_true.data).mean(axis=-1)
    return equal


@FUNCTIONS.known()
def categorical_accuracy(y_true: Tensor, y_pred: Tensor) -> Array:
    """Compare the largest position of the last axis with that of a one-hot target."""
    equal: Array = y_pred.data.argmax(axis=-1) == y_true.data.argmax(axis=-1)
    return equal


@FUNCTIONS.known()
def sparse_categorical_accuracy(y_true: Tensor, y_pred: Tensor) -> Array:
    """Compare the largest position of the last axis with a class index."""
    equal: Array = y_pred.data.argmax(axis=-1) == classes_of(y_true, y_pred)
    return equal


def classes_of(y_true: Tensor, y_pred: Tensor) -> Array:
    """Return class indices, one for each prediction of all classes."""
    return y_true.data.reshape(y_pred.shape[:-1])


ACCURACIES = ("accuracy", "acc")
"""Names of the accuracy that suits an output (`compile.metrics.accuracy-resolution`)."""


CROSSENTROPIES = ("crossentropy", "ce")
"""Names of the crossentropy that suits it."""


def accuracy_for(y_true: Tensor, y_pred: Tensor, loss: Loss | None) -> MetricFunction:
    """Choose the accuracy that suits an output (`compile.metrics.accuracy-resolution`)."""
    binary = losses.binary_crossentropy
    is_binary = getattr(loss, "name", "") == binary.__name__
    if y_pred.shape[-1] == 1 or is_binary or getattr(loss, "function", None) is binary:
        return binary_accuracy
    if y_true.shape == y_pred.shape:
        return categorical_accuracy
    return sparse_categorical_accuracy


class SuitedMetric(FunctionMetric, repeats=True):
    """Accuracy or crossentropy, of the kind that suits the output it is attached to."""

    def __init__(self, name: str, loss: Loss | None) -> None:
        super().__init__(binary_accuracy, name)
        self.loss = loss

    def values(self, y_true: Tensor, y_pred: Tensor) -> Array:
        """Return 1 for right and 0 for wrong predictions, or the surprise about targets."""
        function: Any = accuracy_for(y_true, y_pred, self.loss)
        if self.name in CROSSENTROPIES:
            function = losses.FUNCTIONS[function.__name__.replace("accuracy", "crossentropy")]
        values = function(y_true, y_pred)
        array: Array = as_tensor(values).data
        return array


def resolve(identifier: object, loss: Loss | None, what: str = "metrics") -> Metric:
    """Find a metric.

    Args:
        identifier: A name, what was saved of a metric, a function of targets and predictions, or a
            `Metric`.
        loss: The loss of the output the metric is attached to.
        what: The argument's name, for messages.

    Raises:
        ValueError: It is none of these (`compile.metrics.invalid-ValueError`).

    """
    if isinstance(identifier, Metric):
        return identifier
    if isinstance(identifier, str) and identifier in ACCURACIES + CROSSENTROPIES:
        return SuitedMetric(identifier, loss)
    found = lookup.find(what, identifier, {**losses.FUNCTIONS, **FUNCTIONS, **CLASSES})
    if isinstance(found, Metric):
        return found
    return FunctionMetric(found, identifier if isinstance(identifier, str) else None)
