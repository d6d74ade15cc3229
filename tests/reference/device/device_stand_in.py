"""An array library with the manners of CuPy, for machines without a GPU.

Its arrays are NumPy's inside, so that the numbers are the same, but it is as strict as memory that
the CPU does not see: NumPy's functions do not take its arrays, its own do not take NumPy's unless
they are made to convert, and what comes back to the CPU comes back by `get`.
"""

from __future__ import annotations

import operator
from types import SimpleNamespace
from typing import Any

import numpy as np

CONVERTING = ("array", "asarray")
"""The functions that take arrays of NumPy, as those of CuPy do."""


class DeviceArray:
    """An array that only this library can read."""

    __array_ufunc__ = None
    __hash__ = None  # type: ignore[assignment]  # as arrays

    def __init__(self, held: Any) -> None:
        self.held = np.asarray(held)

    @property
    def __cuda_array_interface__(self) -> dict[str, object]:
        return {"shape": self.held.shape, "typestr": self.held.dtype.str, "version": 3}

    def __array__(self, *_: object, **__: object) -> Any:
        raise TypeError("an array on the device is not converted by the way: call get()")

    def get(self) -> Any:
        """Return a copy in the memory of the CPU."""
        return self.held.copy()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = getattr(self.held, name)
        return computing(found) if callable(found) else wrapped(found)

    def __getitem__(self, key: Any) -> Any:
        return wrapped(self.held[unwrapped(key)])

    def __setitem__(self, key: Any, value: Any) -> None:
        self.held[unwrapped(key)] = unwrapped(value)

    def __len__(self) -> int:
        return len(self.held)

    def __float__(self) -> float:
        return float(self.held)

    def __int__(self) -> int:
        return int(self.held)

    def __bool__(self) -> bool:
        return bool(self.held)

    def __repr__(self) -> str:
        return f"DeviceArray({self.held!r})"


def wrapped(value: Any) -> Any:
    """Put what NumPy computed on the device; single numbers too, as CuPy does."""
    return DeviceArray(value) if isinstance(value, (np.ndarray, np.generic)) else value


def unwrapped(value: Any) -> Any:
    """Return what NumPy takes, and refuse what was never put on the device."""
    if isinstance(value, DeviceArray):
        return value.held
    if isinstance(value, np.ndarray):
        raise TypeError("an array of NumPy came where one on the device was due")
    if isinstance(value, (list, tuple)):
        return type(value)(unwrapped(each) for each in value)
    return value


def computing(function: Any, *, converting: bool = False) -> Any:
    """Return a function that computes on the device."""

    def compute(*args: Any, **kwargs: Any) -> Any:
        if converting and isinstance(args[0], np.ndarray):
            args = (wrapped(args[0].copy()), *args[1:])
        taken = [unwrapped(each) for each in args]
        return wrapped(function(*taken, **{key: unwrapped(one) for key, one in kwargs.items()}))

    return compute


def in_place(function: Any) -> Any:
    """Return an operator that changes the array on its left."""

    def change(one: DeviceArray, other: Any) -> DeviceArray:
        function(one.held, unwrapped(other))
        return one

    return change


def _add_operators() -> None:
    for name in (
        "add",
        "sub",
        "mul",
        "truediv",
        "matmul",
        "pow",
        "eq",
        "ne",
        "lt",
        "le",
        "gt",
        "ge",
        "and_",
    ):
        function = computing(getattr(operator, name))
        setattr(DeviceArray, f"__{name.rstrip('_')}__", function)
        if name in {"add", "sub", "mul", "truediv", "matmul", "pow"}:
            setattr(DeviceArray, f"__r{name}__", lambda one, other, f=function: f(other, one))
    for name in ("iadd", "isub", "imul", "iand", "ixor"):
        setattr(DeviceArray, f"__{name}__", in_place(getattr(operator, name)))
    for name in ("neg", "abs", "invert"):
        setattr(DeviceArray, f"__{name}__", computing(getattr(operator, name)))


_add_operators()


class Ufunc:
    """A function of NumPy that also changes arrays in place."""

    def __init__(self, function: np.ufunc) -> None:
        self.at = computing(function.at)
        self._function = computing(function)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Compute on the device."""
        return self._function(*args, **kwargs)


lib = SimpleNamespace(
    stride_tricks=SimpleNamespace(as_strided=computing(np.lib.stride_tricks.as_strided))
)


def __getattr__(name: str) -> Any:
    found = getattr(np, name)
    if isinstance(found, np.ufunc):
        return Ufunc(found)
    return computing(found, converting=name in CONVERTING)
