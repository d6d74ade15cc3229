"""Checks of arguments that are whole numbers."""

from __future__ import annotations

import numbers
import operator


def whole_number(value: object, what: str, minimum: int | None = None) -> int:
    """Return an integer of any integer type.

    Raises:
        TypeError: It is no integer.
        ValueError: It is less than `minimum`.

    """
    if not isinstance(value, numbers.Integral):
        raise TypeError(f"{what} must be an integer, not {value!r}")
    number = operator.index(value)
    if minimum is not None and number < minimum:
        raise ValueError(f"{what} must be at least {minimum}, not {number}")
    return number
