"""Losses of what is missing to a margin between classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.reference.losses.base import FUNCTIONS
from fitspec.reference.tensor import array_library, autodiff, more_operations
from fitspec.reference.tensor.autodiff import as_tensor

if TYPE_CHECKING:
    from fitspec.reference.tensor.autodiff import Tensor


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
