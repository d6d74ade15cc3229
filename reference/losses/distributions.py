"""Losses that compare distributions, counts and directions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.reference.losses.base import EPSILON, FUNCTIONS
from fitspec.reference.tensor import autodiff

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


@FUNCTIONS.known("cosine", "cosine_proximity")
def cosine_similarity(y_true: Tensor, y_pred: Tensor, axis: int = -1) -> Tensor:
    """Give the cosine of the angle between targets and predictions, negated to be a loss."""
    true, predicted = (
        each / autodiff.clip((each**2).sum(axis, keepdims=True), 1e-12) ** 0.5
        for each in (y_true, y_pred)
    )
    return -(true * predicted).sum(axis)


kld = KLD = kullback_leibler_divergence
cosine = cosine_proximity = cosine_similarity
