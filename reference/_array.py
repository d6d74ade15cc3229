"""The array library that carries every computation.

Everything else asks here for the library (`current`) or for the one an array belongs to
(`namespace`), so that the same code runs on NumPy and on libraries with NumPy's interface.
"""

import sys
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]
Shape: TypeAlias = tuple[int | None, ...]

FLOAT = "float32"
"""The type that data and weights have unless a caller says otherwise."""

_library: Any = np


def current() -> Any:
    """Return the array library in which new arrays are made."""
    return _library


def namespace(array: object) -> Any:
    """Return the library that `array` belongs to (`numpy`, `cupy`)."""
    return sys.modules[type(array).__module__.partition(".")[0]]


def to_host(array: Array) -> Array:
    """Return `array` as a NumPy array of its own, so that a caller may keep or change it."""
    on_device: Any = array
    return on_device.get() if hasattr(on_device, "get") else np.array(array)
