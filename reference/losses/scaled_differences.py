"""Losses of differences that are seen in proportion, or of which large ones count less."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.reference.losses.base import CLASSES, EPSILON, FUNCTIONS, MEAN, NamedLoss
from fitspec.reference.tensor import autodiff, operations

if TYPE_CHECKING:
    from fitspec.reference.losses.base import Reduction
    from fitspec.reference.tensor.autodiff import Tensor

__all__ = [
    "MAPE",
    "MSLE",
    "huber",
    "huber_loss",
    "logcosh",
    "mape",
    "mean_absolute_percentage_error",
    "mean_squared_logarithmic_error",
    "msle",
]


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


@CLASSES.known()
class MeanAbsolutePercentageError(NamedLoss):
    """Mean of differences in percent of the targets."""

    of = staticmethod(mean_absolute_percentage_error)


@CLASSES.known()
class MeanSquaredLogarithmicError(NamedLoss):
    """Mean of squared differences of logarithms."""

    of = staticmethod(mean_squared_logarithmic_error)


@CLASSES.known()
class LogCosh(NamedLoss):
    """Logarithms of hyperbolic cosines of differences."""

    of = staticmethod(logcosh)


@CLASSES.known()
class Huber(NamedLoss):
    """Half the squares of differences up to delta, and straight on from there."""

    of = staticmethod(huber_loss)
    parameters = ("delta",)

    def __init__(
        self, delta: float = 1.0, reduction: Reduction = MEAN, name: str | None = None
    ) -> None:
        super().__init__(reduction, name)
        self.delta = delta
