"""Losses of differences that are seen in proportion, or of which large ones count less."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.reference.losses.base import EPSILON, FUNCTIONS
from fitspec.reference.tensor import autodiff, operations

if TYPE_CHECKING:
    from fitspec.reference.tensor.autodiff import Tensor


@FUNCTIONS.known("mape", "MAPE")
def mean_absolute_percentage_error(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Average the differences in percent of the targets along the last axis."""
    share = abs((y_true - y_pred) / autodiff.clip(abs(y_true), EPSILON))
    return share.mean(axis=-1) * 100.0


@FUNCTIONS.known("msle", "MSLE")
def mean_squared_logarithmic_error(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Average the squared differences of `log(x + 1)` along the last axis."""
    predicted, true = (
        autodiff.logarithm(autodiff.clip(each, EPSILON) + 1.0) for each in (y_pred, y_true)
    )
    return ((predicted - true) ** 2).mean(axis=-1)


@FUNCTIONS.known()
def logcosh(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Average the logarithms of hyperbolic cosines of the differences along the last axis."""
    error = y_pred - y_true
    return (error + operations.softplus(error * -2.0) - 0.6931471805599453).mean(axis=-1)


@FUNCTIONS.known("huber")
def huber_loss(y_true: Tensor, y_pred: Tensor, delta: float = 1.0) -> Tensor:
    """Give half the square of each difference, which goes on straight where that exceeds delta."""
    error = abs(y_pred - y_true)
    near = autodiff.clip(error, None, delta)
    return near**2 * 0.5 + (error - near) * delta


mape = MAPE = mean_absolute_percentage_error
msle = MSLE = mean_squared_logarithmic_error
huber = huber_loss
