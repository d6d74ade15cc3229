"""Data brought into the form that a model takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from fitspec.reference.tensor.array_library import Array


def to_categorical(
    y: npt.ArrayLike, num_classes: int | None = None, dtype: str = "float32"
) -> Array:
    """Turn class indices into one-hot rows.

    Args:
        y: Whole numbers from 0, of any shape; a last axis of length 1 is left out.
        num_classes: Length of the new last axis; one more than the largest index when left out.
        dtype: Type of the result.

    Raises:
        ValueError: An index is no class, or there is nothing to tell the number of classes by.

    """
    indices = np.asarray(y).astype(int)
    if indices.ndim > 1 and indices.shape[-1] == 1:
        indices = indices[..., 0]
    if num_classes is None:
        if not indices.size:
            raise ValueError("num_classes must be given where y has no elements")
        num_classes = int(indices.max()) + 1
    if indices.size and not 0 <= indices.min() <= indices.max() < num_classes:
        raise ValueError(
            f"y must hold indices from 0 to {num_classes - 1}, "
            f"got {indices.min()} to {indices.max()}"
        )
    rows: Array = (indices[..., None] == np.arange(num_classes)).astype(dtype)
    return rows


def normalize(x: npt.ArrayLike, axis: int = -1, order: int = 2) -> Array:
    """Divide by the norm along an axis; what has the norm 0 stays as it is.

    Args:
        x: The array.
        axis: The axis.
        order: Order of the norm.

    """
    array = np.asarray(x)
    norms = np.atleast_1d(np.linalg.norm(array, order, axis, keepdims=True))
    quotient: Array = array / np.where(norms == 0, 1, norms)
    return quotient
