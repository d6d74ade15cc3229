"""Numbers of R, where 5 is no integer but 5L is."""

from __future__ import annotations

import numbers
from typing import Any

import numpy as np


def whole(value: Any) -> Any:
    """Return a number without a fractional part as an integer, and all else as it is.

    What is no whole number is left to be refused where its meaning is known.
    """
    if isinstance(value, np.ndarray) and value.size == 1:
        # A vector of one number is how R spells a number.
        value = value.item()
    if isinstance(value, numbers.Real) and not isinstance(value, numbers.Integral):
        number = float(value)
        return int(number) if number.is_integer() else value
    return value
