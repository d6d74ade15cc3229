"""Losses that are means of differences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.reference.losses.base import FUNCTIONS

if TYPE_CHECKING:
    from fitspec.reference.tensor.autodiff import Tensor


@FUNCTIONS.known("mse", "MSE")
def mean_squared_error(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Average the squared differences along the last axis."""
    return ((y_pred - y_true) ** 2).mean(axis=-1)


@FUNCTIONS.known("mae", "MAE")
def mean_absolute_error(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Average the absolute differences along the last axis."""
    return abs(y_pred - y_true).mean(axis=-1)


mse = MSE = mean_squared_error
mae = MAE = mean_absolute_error
