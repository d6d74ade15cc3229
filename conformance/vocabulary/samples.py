"""The data of the checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    Array = np.ndarray[Any, np.dtype[np.float32]]

#: The learning rate of tallies: a power of two, so that it adds no rounding of its own.
TALLY_RATE = 2.0**-10


def column(*values: float) -> Array:
    """Return `values` as the only feature of as many samples, shape (samples, 1)."""
    return np.asarray(values, np.float32).reshape(-1, 1)


def ascending(samples: int) -> Array:
    """Return 1, 2, … as the only feature, shape (samples, 1)."""
    return column(*range(1, samples + 1))


def constant(samples: int, value: float) -> Array:
    """Return `value` for every sample, shape (samples, 1)."""
    return column(*[value] * samples)


def identity(samples: int) -> Array:
    """Return the samples of a tally: sample i is row i of the identity matrix."""
    return np.eye(samples, dtype=np.float32)


def far_below(samples: int) -> Array:
    """Return the targets of a tally: -1, -2, -4, … , all below any prediction it reaches.

    Their mean over any set of samples tells the set, as bits tell a number.
    """
    return column(*(-(2.0**place) for place in range(samples)))
