"""Numbers of a library's own kind, which are read as the numbers that they are."""

from __future__ import annotations

from typing import Any

import numpy as np


def number(value: Any) -> Any:
    """Return the number that an object stands for, of Python's or NumPy's kind; None if none.

    It does where it is of a subclass of Python's numbers, a tensor without axes of whatever
    library, or something else that Python's `float` takes.
    """
    try:
        found = _converted(value)
    except Exception:  # noqa: BLE001  an implementation's object may raise anything here
        # A symbolic tensor has the methods and refuses.
        return None
    return found if isinstance(found, (bool, int, float, np.number, np.bool_)) else None


def _converted(value: Any) -> Any:
    for kind in (int, float):
        if isinstance(value, kind):
            return kind(value)
    if tuple(getattr(value, "shape", ())):
        return None
    if hasattr(value, "item"):
        return value.item()
    if hasattr(value, "__array__"):
        return np.asarray(value.__array__())[()]
    return float(value) if hasattr(value, "__float__") else None
