"""Functions of targets and predictions that are reported, and need no gradient.

They take batches as tensors, and return an array of a value per sample, or per element.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.losses import functions as loss_functions
from fitspec.reference.losses.functions import *  # noqa: F403 - losses can be reported, too
from fitspec.reference.tensor import array_library

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.reference.tensor.array_library import Array
    from fitspec.reference.tensor.autodiff import Tensor

_OWN = [
    "accuracy",
    "binary_accuracy",
    "categorical_accuracy",
    "cosine",
    "cosine_proximity",
    "cosine_similarity",
    "sparse_categorical_accuracy",
    "sparse_top_k_categorical_accuracy",
    "top_k_categorical_accuracy",
]


def accuracy(y_true: Tensor, y_pred: Tensor) -> Array:
    """Compare each element with its target."""
    equal: Array = y_pred.data == y_true.data
    return equal


def binary_accuracy(y_true: Tensor, y_pred: Tensor, threshold: float = 0.5) -> Array:
    """Compare each element, as a whole number, with its target; 1 is what is above the threshold.

    Only a threshold of 0.5 tells predictions apart that are larger than 1.
    """
    predicted = y_pred.data
    whole = (
        array_library.namespace(predicted).rint(predicted)
        if threshold == 0.5
        else predicted > threshold
    )
    equal: Array = (whole == y_true.data).mean(axis=-1)
    return equal


def categorical_accuracy(y_true: Tensor, y_pred: Tensor) -> Array:
    """Compare the largest position of the last axis with that of a one-hot target."""
    equal: Array = y_pred.data.argmax(axis=-1) == y_true.data.argmax(axis=-1)
    return equal


def sparse_categorical_accuracy(y_true: Tensor, y_pred: Tensor) -> Array:
    """Compare the largest position of the last axis with a class index."""
    equal: Array = y_pred.data.argmax(axis=-1) == _classes(y_true, y_pred)
    return equal


def top_k_categorical_accuracy(y_true: Tensor, y_pred: Tensor, k: int = 5) -> Array:
    """Tell whether less than k predictions are larger than that for a one-hot target."""
    return _among_largest(y_pred.data, y_true.data.argmax(axis=-1), k)


def sparse_top_k_categorical_accuracy(y_true: Tensor, y_pred: Tensor, k: int = 5) -> Array:
    """Tell whether less than k predictions are larger than that for a class index."""
    return _among_largest(y_pred.data, _classes(y_true, y_pred).astype(int), k)


def _classes(y_true: Tensor, y_pred: Tensor) -> Array:
    return y_true.data.reshape(y_pred.shape[:-1])


def _among_largest(predicted: Array, classes: Array, k: int) -> Array:
    own = array_library.namespace(predicted).take_along_axis(predicted, classes[..., None], axis=-1)
    among: Array = (predicted > own).sum(axis=-1) < k
    return among


def cosine_similarity(y_true: Tensor, y_pred: Tensor, axis: int = -1) -> Tensor:  # type: ignore[no-redef]  # other than the loss
    """Give the cosine of the angle between targets and predictions."""
    return -loss_functions.cosine_similarity(y_true, y_pred, axis)


cosine = cosine_proximity = cosine_similarity

FUNCTIONS: dict[str, Callable[..., Any]] = {
    **loss_functions.FUNCTIONS,
    **{name: globals()[name] for name in _OWN},
}
"""Every accepted name, with the function it stands for."""
