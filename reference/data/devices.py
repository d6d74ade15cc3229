"""Arrays in the memory of a GPU, told from those of the CPU without any library for them."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.reference.data.arrays import Array

_Source = TypeVar("_Source")


def namespace(array: object) -> Any:
    """Return the library that `array` belongs to (`numpy`, `cupy`)."""
    own = getattr(array, "namespace", None)
    return own if own is not None else sys.modules[type(array).__module__.partition(".")[0]]


def is_array(value: object) -> bool:
    """Whether `value` is an array in memory, of the CPU or of a GPU."""
    return isinstance(value, np.ndarray) or is_on_device(value)


def is_on_device(value: object) -> bool:
    """Whether `value` is an array in the memory of a GPU."""
    return hasattr(value, "__cuda_array_interface__")


def off_device(value: Any) -> Any:
    """Return an array in the memory of a GPU as a NumPy array, and anything else as it is."""
    return value.get() if is_on_device(value) else value


def library_of(columns: Sequence[Any], weights: Sequence[Any | None]) -> Any:
    """Return the library of a device, if all data are there; None otherwise."""
    given = [*columns, *(weight for weight in weights if weight is not None)]
    on_device = bool(columns) and all(map(is_on_device, given))
    return namespace(columns[0]) if on_device else None


def typed(array: Any, dtype: str | None) -> Array:
    """Return what was read as an array of a type, on the device if it is there."""
    library = namespace(array) if is_on_device(array) else np
    found: Array = library.asarray(array, dtype=dtype)
    return found


def beside(column: Any, rows: Array) -> Array:
    """Return indices of rows where the column is."""
    if not is_on_device(column) or is_on_device(rows):
        return rows
    there: Array = namespace(column).asarray(rows)
    return there


def placed(source: _Source, model: Any) -> _Source:
    """Return a source with its arrays, if it has all of them, where they are best taken from.

    Only then is the model asked for its engine, which settles what data decide about a model:
    arrays were accepted before, items will be looked at one by one.
    """
    if not hasattr(source, "arrays"):
        return source
    # A source of arrays is a dataclass.
    return replace(source, arrays=model.engine.placed(source.arrays))  # type: ignore[type-var]


def to_host(array: Any) -> Array:
    """Return `array` as a NumPy array of its own, so that a caller may keep or change it."""
    return array.get() if is_on_device(array) else np.array(array)
