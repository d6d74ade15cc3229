"""The argument `shuffle` of R."""

from __future__ import annotations

import numpy as np


def checked(shuffle: object) -> bool | str:
    """Return a logical or "batch" (`r.shuffle.logical-or-batch`).

    Raises:
        ValueError: It is something else.

    """
    if isinstance(shuffle, (bool, np.bool_)):
        return bool(shuffle)
    if isinstance(shuffle, str) and shuffle == "batch":
        return shuffle
    raise ValueError(f"shuffle must be TRUE, FALSE or 'batch', not {shuffle!r}")
