"""Losses that compare distributions, counts, directions and classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.reference.losses.base import EPSILON, FUNCTIONS
from fitspec.reference.tensor import array_library, autodiff, more_operations
from fitspec.reference.tensor.autodiff import as_tensor

if TYPE_CHECKING:
    from fitspec.reference.tensor.autodiff import Tensor


@FUNCTIONS.known("kld", "KLD")
def kullback_leibler_divergence(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Add up `y_true * log(y_true / y_pred)` along the last axis."""
    true, predicted = (autodiff.clip(each, EPSILON, 1) for each in (y_true, y_pred))
    return (true * autodiff.logarithm(true / predicted)).sum(axis=-1)


@FUNCTIONS.known()
def poisson(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Average `y_pred - y_true * log(y_pred)` along the last axis."""
    return (y_pred - y_true * autodiff.logarithm(y_pred + EPSILON)).mean(axis=-1)


@FUNCTIONS.known("cosine", "cosine_similarity")
def cosine_proximity(y_true: Tensor, y_pred: Tensor, axis: int = -1) -> Tensor:
    """Give the cosine of the angle between targets and predictions, negated to be a loss."""
    true, predicted = (
        each / autodiff.clip((each**2).sum(axis, keepdims=True), 1e-12) ** 0.5
        for each in (y_true, y_pred)
    )
    return -(true * predicted).sum(axis)


kld = KLD = kullback_leibler_divergence
cosine = cosine_similarity = cosine_proximity


@FUNCTIONS.known()
def hinge(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Average what is missing to a margin of 1; targets are -1 or 1, or all are 0 or 1."""
    return _missing_to_margin(y_true, y_pred).mean(axis=-1)


@FUNCTIONS.known()
def squared_hinge(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Average the squares of what is missing to a margin of 1."""
    return (_missing_to_margin(y_true, y_pred) ** 2).mean(axis=-1)


def _missing_to_margin(y_true: Tensor, y_pred: Tensor) -> Tensor:
    library = array_library.namespace(y_true.data)
    neither_0_nor_1 = library.abs(y_true.data * (y_true.data - 1)).max() > 0
    all_are = 1 - as_tensor(neither_0_nor_1, like=y_true)
    signs = y_true + all_are * (y_true - 1)
    return autodiff.clip(1 - signs * y_pred, 0)


@FUNCTIONS.known()
def categorical_hinge(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Give what is missing to a margin of 1 between the right class and the best wrong one."""
    right = (y_true * y_pred).sum(axis=-1)
    wrong = more_operations.largest((1 - y_true) * y_pred)
    return autodiff.rectify(wrong - right + 1)
