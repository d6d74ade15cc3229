"""The array library's functions for arrays that an `InstructionRecorder` watches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.compute.instruction import Instruction
from fitspec.reference.compute.recorded.recorder import RecordedArray, Unrecordable, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.reference.tensor.array_library import Array


def _elementwise(function: np.ufunc) -> Any:
    return staticmethod(lambda array: array.recorder.ufunc(function, (array,)))


class Library:
    """Functions for recorded arrays: those that `autodiff` calls.

    Args:
        library: NumPy, or the library of a device.

    """

    def __init__(self, library: Any) -> None:
        self._library = library

    def __getattr__(self, name: str) -> Any:
        raise Unrecordable(f"the library's {name}")

    def ones_like(self, array: RecordedArray) -> Any:
        """Return ones, which are the same every time."""
        return self._library.ones_like(array.value)

    def zeros_like(self, array: RecordedArray) -> Any:
        """Return zeros, which are the same every time."""
        return self._library.zeros_like(array.value)

    def full(self, shape: tuple[int, ...], value: float, dtype: Any) -> Any:
        """Return an array of one number, which is the same every time."""
        return self._library.full(shape, value, dtype)

    def asarray(self, value: Any, dtype: Any = None) -> Any:
        """Return an array, of another type if asked."""
        if isinstance(value, RecordedArray):
            return value if dtype is None else value.astype(dtype)
        return self._library.asarray(value, dtype)

    exp, log, log1p, sqrt = map(_elementwise, (np.exp, np.log, np.log1p, np.sqrt))
    abs, sign, tanh = map(_elementwise, (np.absolute, np.sign, np.tanh))

    def maximum(self, first: Any, second: Any) -> RecordedArray:
        """Return the larger ones of two."""
        recorder = next(
            each.recorder for each in (first, second) if isinstance(each, RecordedArray)
        )
        return recorder.ufunc(np.maximum, (first, second))

    def clip(self, array: RecordedArray, low: float | None, high: float | None) -> RecordedArray:
        """Limit every element."""
        if low is not None:
            array = array.recorder.ufunc(np.maximum, (array, low))
        return array if high is None else array.recorder.ufunc(np.minimum, (array, high))

    def expand_dims(self, array: Any, axis: Any) -> Any:
        """Return a view with more axes."""
        if isinstance(array, RecordedArray):
            return array.recorder.view(self._library.expand_dims(array.value, axis))
        return self._library.expand_dims(array, axis)

    def broadcast_to(self, array: Any, shape: tuple[int, ...]) -> Any:
        """Return a view in which elements come again."""
        if isinstance(array, RecordedArray):
            return array.recorder.view(self._library.broadcast_to(array.value, shape))
        return self._library.broadcast_to(array, shape)

    def moveaxis(self, array: Any, source: int, destination: int) -> Any:
        """Return a view with its axes in another order."""
        if isinstance(array, RecordedArray):
            return array.recorder.view(self._library.moveaxis(array.value, source, destination))
        return self._library.moveaxis(array, source, destination)

    def arange(self, *limits: int) -> Any:
        """Return whole numbers, which are the same every time."""
        return self._library.arange(*limits)

    def concatenate(self, arrays: Sequence[Any], axis: int) -> RecordedArray:
        """Join arrays end to end."""
        recorder = next(each.recorder for each in arrays if isinstance(each, RecordedArray))
        result = self._library.concatenate([plain(each) for each in arrays], axis)

        def join(into: Array, *parts: Array) -> None:
            self._library.concatenate(parts, axis, into)

        return recorder.add(Instruction("concatenate", join, (result, *map(plain, arrays)), 0))


RecordedArray.functions = Library
