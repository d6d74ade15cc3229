"""NumPy's functions for arrays that a `Recorder` watches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.recording import Instruction, Recorded, Unrecordable, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.reference._array import Array


class Known(type):
    """Says that what `Library` does not have cannot be recorded."""

    def __getattr__(cls, name: str) -> Any:
        raise Unrecordable(f"numpy.{name}")


class Library(metaclass=Known):
    """NumPy's functions for `Recorded` arrays: those that `autodiff` calls."""

    @staticmethod
    def ones_like(array: Recorded) -> Array:
        """Return ones, which are the same every time."""
        return np.ones_like(array.value)

    @staticmethod
    def zeros_like(array: Recorded) -> Array:
        """Return zeros, which are the same every time."""
        return np.zeros_like(array.value)

    @staticmethod
    def full(shape: tuple[int, ...], value: float, dtype: Any) -> Array:
        """Return an array of one number, which is the same every time."""
        return np.full(shape, value, dtype)

    @staticmethod
    def asarray(value: Any, dtype: Any = None) -> Any:
        """Return an array, of another type if asked."""
        if isinstance(value, Recorded):
            return value if dtype is None else value.astype(dtype)
        return np.asarray(value, dtype)

    @staticmethod
    def exp(array: Recorded) -> Recorded:
        """Raise e to every element."""
        return array.recorder.ufunc(np.exp, (array,))

    @staticmethod
    def log(array: Recorded) -> Recorded:
        """Take the natural logarithm."""
        return array.recorder.ufunc(np.log, (array,))

    @staticmethod
    def log1p(array: Recorded) -> Recorded:
        """Take the natural logarithm of each element plus 1."""
        return array.recorder.ufunc(np.log1p, (array,))

    @staticmethod
    def abs(array: Recorded) -> Recorded:
        """Take the absolute value."""
        return array.recorder.ufunc(np.absolute, (array,))

    @staticmethod
    def sign(array: Recorded) -> Recorded:
        """Return -1, 0 or 1."""
        return array.recorder.ufunc(np.sign, (array,))

    @staticmethod
    def tanh(array: Recorded) -> Recorded:
        """Take the hyperbolic tangent."""
        return array.recorder.ufunc(np.tanh, (array,))

    @staticmethod
    def maximum(first: Any, second: Any) -> Recorded:
        """Return the larger ones of two."""
        recorder = next(each.recorder for each in (first, second) if isinstance(each, Recorded))
        return recorder.ufunc(np.maximum, (first, second))

    @staticmethod
    def clip(array: Recorded, low: float | None, high: float | None) -> Recorded:
        """Limit every element."""
        if low is not None:
            array = array.recorder.ufunc(np.maximum, (array, low))
        return array if high is None else array.recorder.ufunc(np.minimum, (array, high))

    @staticmethod
    def expand_dims(array: Any, axis: Any) -> Any:
        """Return a view with more axes."""
        if isinstance(array, Recorded):
            return array.recorder.view(np.expand_dims(array.value, axis))
        return np.expand_dims(array, axis)

    @staticmethod
    def broadcast_to(array: Any, shape: tuple[int, ...]) -> Any:
        """Return a view in which elements come again."""
        if isinstance(array, Recorded):
            return array.recorder.view(np.broadcast_to(array.value, shape))
        return np.broadcast_to(array, shape)

    @staticmethod
    def moveaxis(array: Any, source: int, destination: int) -> Any:
        """Return a view with its axes in another order."""
        if isinstance(array, Recorded):
            return array.recorder.view(np.moveaxis(array.value, source, destination))
        return np.moveaxis(array, source, destination)

    @staticmethod
    def arange(*limits: int) -> Array:
        """Return whole numbers, which are the same every time."""
        return np.arange(*limits)

    @staticmethod
    def concatenate(arrays: Sequence[Any], axis: int) -> Recorded:
        """Join arrays end to end."""
        recorder = next(each.recorder for each in arrays if isinstance(each, Recorded))
        result = np.empty_like(np.concatenate([plain(each) for each in arrays], axis))

        def join(into: Array, *parts: Array) -> None:
            np.concatenate(parts, axis, into)

        return recorder.add(Instruction("concatenate", join, (result, *map(plain, arrays)), 0))


Recorded.namespace = Library
