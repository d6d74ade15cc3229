"""Losses that are the surprise about targets, given probabilities.

Those of what softmax (of matrices) or sigmoid gave are computed by way of the logits: that has a
gradient even where a probability is rounded to 0 or 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.reference.losses.base import EPSILON, FUNCTIONS
from fitspec.reference.tensor import array_library, autodiff, operations
from fitspec.reference.tensor.autodiff import as_tensor

if TYPE_CHECKING:
    from fitspec.reference.tensor.array_library import Array
    from fitspec.reference.tensor.autodiff import Tensor


@FUNCTIONS.known()
def categorical_crossentropy(
    y_true: Tensor, y_pred: Tensor, from_logits: bool = False, label_smoothing: float = 0.0
) -> Tensor:
    """Give the surprise about one-hot targets, given a probability per class on the last axis.

    Args:
        y_true: Targets.
        y_pred: Predictions.
        from_logits: Whether predictions are logits in place of probabilities.
        label_smoothing: Part of a target that is spread evenly over all classes.

    """
    if label_smoothing:
        y_true = y_true * (1 - label_smoothing) + label_smoothing / y_pred.shape[-1]
    logits = _logits(y_pred, "softmax", given=from_logits)
    if logits is not None:
        return -(y_true * operations.log_softmax(logits)).sum(axis=-1)
    normalized = y_pred / y_pred.sum(axis=-1, keepdims=True)
    return -(y_true * autodiff.logarithm(_probability(normalized))).sum(axis=-1)


@FUNCTIONS.known()
def sparse_categorical_crossentropy(
    y_true: Tensor, y_pred: Tensor, from_logits: bool = False
) -> Tensor:
    """Give the surprise about class indices, given a probability per class on the last axis.

    Raises:
        ValueError: There is no such class.

    """
    library = array_library.namespace(y_pred.data)
    number = y_pred.shape[-1]

    def take_over(into: Array, labels: Array) -> None:
        # Not so with NaN, either.
        if labels.size and not 0 <= labels.min() <= labels.max() < number:
            strange = labels[~((labels >= 0) & (labels < number))][0]
            raise ValueError(f"y: label {strange} is none of the {number} classes from 0")
        into[...] = labels

    labels = y_true.data.reshape(y_pred.shape[:-1])
    classes = array_library.made("classes", take_over, labels.shape, labels).astype(int)
    one_hot = as_tensor(library.arange(number) == classes[..., None], like=y_pred)
    logits = _logits(y_pred, "softmax", given=from_logits)
    if logits is not None:
        return categorical_crossentropy(one_hot, logits, from_logits=True)
    # Other than of one-hot targets, probabilities are limited before they are normalized.
    return categorical_crossentropy(one_hot, _probability(y_pred))


@FUNCTIONS.known()
def binary_crossentropy(
    y_true: Tensor, y_pred: Tensor, from_logits: bool = False, label_smoothing: float = 0.0
) -> Tensor:
    """Average, along the last axis, the surprise about targets 0 or 1 given probabilities of 1.

    Args:
        y_true: Targets.
        y_pred: Predictions.
        from_logits: Whether predictions are logits in place of probabilities.
        label_smoothing: Part of a target that is replaced by 1/2.

    """
    if label_smoothing:
        y_true = y_true * (1 - label_smoothing) + 0.5 * label_smoothing
    logits = _logits(y_pred, "sigmoid", given=from_logits)
    if logits is not None:
        return (operations.softplus(logits) - logits * y_true).mean(axis=-1)
    one = _probability(y_pred)
    surprise = y_true * autodiff.logarithm(one + EPSILON)
    surprise = surprise + (1 - y_true) * autodiff.logarithm(1 - one + EPSILON)
    return -surprise.mean(axis=-1)


def _logits(y_pred: Tensor, kind: str, *, given: bool) -> Tensor | None:
    if given:
        return y_pred
    return y_pred.logits[1] if y_pred.logits is not None and y_pred.logits[0] == kind else None


def _probability(x: Tensor) -> Tensor:
    return autodiff.clip(x, EPSILON, 1 - EPSILON)
