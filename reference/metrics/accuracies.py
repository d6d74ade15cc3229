"""Metrics that tell which part of the predictions is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.reference.metrics.averages import NamedMetric
from fitspec.reference.metrics.base import FUNCTIONS
from fitspec.reference.metrics.suited import (
    binary_accuracy,
    categorical_accuracy,
    classes_of,
    sparse_categorical_accuracy,
)
from fitspec.reference.tensor import array_library
from fitspec.reference.tensor.repeatable import repeatable

if TYPE_CHECKING:
    from fitspec.reference.tensor.array_library import Array
    from fitspec.reference.tensor.autodiff import Tensor


@repeatable
def accuracy(y_true: Tensor, y_pred: Tensor) -> Array:
    """Compare each element with its target."""
    equal: Array = y_pred.data == y_true.data
    return equal


@FUNCTIONS.known()
def top_k_categorical_accuracy(y_true: Tensor, y_pred: Tensor, k: int = 5) -> Array:
    """Tell whether less than k predictions are larger than that for a one-hot target."""
    return _among_largest(y_pred.data, y_true.data.argmax(axis=-1), k)


@FUNCTIONS.known()
def sparse_top_k_categorical_accuracy(y_true: Tensor, y_pred: Tensor, k: int = 5) -> Array:
    """Tell whether less than k predictions are larger than that for a class index."""
    return _among_largest(y_pred.data, classes_of(y_true, y_pred).astype(int), k)


def _among_largest(predicted: Array, classes: Array, k: int) -> Array:
    own = array_library.namespace(predicted).take_along_axis(predicted, classes[..., None], axis=-1)
    among: Array = (predicted > own).sum(axis=-1) < k
    return among


class Accuracy(NamedMetric, of=accuracy):
    """The part of the elements that equal their targets."""


class CategoricalAccuracy(NamedMetric, of=categorical_accuracy):
    """The part of one-hot targets whose class is predicted."""


class SparseCategoricalAccuracy(NamedMetric, of=sparse_categorical_accuracy):
    """The part of class indices that are predicted."""


class BinaryAccuracy(NamedMetric, of=binary_accuracy):
    """The part of the elements that lie on their target's side of a threshold."""

    def __init__(
        self, name: str | None = None, dtype: object = None, threshold: float = 0.5
    ) -> None:
        super().__init__(name, dtype)
        self.threshold = threshold


class TopKCategoricalAccuracy(NamedMetric, of=top_k_categorical_accuracy):
    """The part of one-hot targets whose class is among the k with the largest predictions."""

    def __init__(self, k: int = 5, name: str | None = None, dtype: object = None) -> None:
        super().__init__(name, dtype)
        self.k = k


class SparseTopKCategoricalAccuracy(TopKCategoricalAccuracy, of=sparse_top_k_categorical_accuracy):
    """The part of class indices that are among the k with the largest predictions."""
