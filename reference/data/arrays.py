"""What an array is to all that is not arithmetic."""

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Array: TypeAlias = npt.NDArray[Any]
else:
    # What checks types has more to say of it, in a module that takes long to import.
    Array = np.ndarray
Shape: TypeAlias = tuple[int | None, ...]

FLOAT = "float32"
"""The type that data and weights have unless a caller says otherwise."""
