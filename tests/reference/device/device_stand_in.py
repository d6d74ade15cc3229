"""An array library with the manners of CuPy, for machines without a GPU.

Its arrays are NumPy's inside, so that the numbers are the same, but it is as strict as memory that
the CPU does not see: NumPy's functions do not take its arrays, its own do not take NumPy's unless
they are made to convert, and what comes back to the CPU comes back by `get`.

What takes part in a graph is not computed but written down, and computed when the graph is
launched. As with CuPy, products of matrices take part in none, and whatever has to wait for the
device is an error there.
"""

from __future__ import annotations

import importlib
import operator
from types import SimpleNamespace
from typing import Any

import numpy as np

cuda: Any = importlib.import_module("device_stand_in_streams")

CONVERTING = ("array", "asarray")
"""The functions that take arrays of NumPy, as those of CuPy do."""


class DeviceArray:
    """An array that only this library can read."""

    __array_ufunc__ = None
    __hash__ = None  # type: ignore[assignment]  # as arrays

    waits = 0
    """How often the CPU waited for a result."""

    def __init__(self, held: Any, *, is_by_address: bool = False) -> None:
        self.held = np.asarray(held)
        self._is_by_address = is_by_address

    @property
    def __cuda_array_interface__(self) -> dict[str, object]:
        return {"shape": self.held.shape, "typestr": self.held.dtype.str, "version": 3}

    def __array__(self, *_: object, **__: object) -> Any:
        raise TypeError("an array on the device is not converted by the way: call get()")

    @property
    def base(self) -> Any:
        """The array that owns the memory, if it is another one and known as such."""
        owner = owner_of(self.held)
        return None if owner is self.held or self._is_by_address else DeviceArray(owner)

    @property
    def data(self) -> Any:
        """Where the first element is."""
        return cuda.Pointer(owner_of(self.held), self.held.ctypes.data)

    def get(self) -> Any:
        """Return a copy in the memory of the CPU."""
        return self._waited_for().copy()

    def set(self, array: Any, stream: Any) -> None:
        """Take over the elements of an array of the CPU."""
        assert type(array) is np.ndarray
        assert (array.shape, array.dtype) == (self.held.shape, self.held.dtype)
        stream.does(lambda: np.copyto(self.held, array))

    def _waited_for(self) -> Any:
        if cuda.captured() is not None:
            raise RuntimeError("nobody can wait for what is captured")
        DeviceArray.waits += 1
        return self.held

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = getattr(self.held, name)
        return computing(found) if callable(found) else wrapped(found)

    def __getitem__(self, key: Any) -> Any:
        return wrapped(self.held[unwrapped(key)])

    def __setitem__(self, key: Any, value: Any) -> None:
        assert isinstance(value, DeviceArray) or np.ndim(value) == 0, "CuPy fills with one number"
        key, value = unwrapped(key), unwrapped(value)
        cuda.computing(lambda: self.held.__setitem__(key, value))

    def __len__(self) -> int:
        return len(self.held)

    def __float__(self) -> float:
        return float(self._waited_for())

    def __int__(self) -> int:
        return int(self._waited_for())

    def __bool__(self) -> bool:
        return bool(self._waited_for())

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
        on_device = {isinstance(each, DeviceArray) for each in value}
        assert len(on_device) < 2, "CuPy makes no array of arrays and numbers"
        return type(value)(unwrapped(each) for each in value)
    return value


def owner_of(array: Any) -> Any:
    """Return the array that owns the memory."""
    return array if not isinstance(array.base, np.ndarray) else owner_of(array.base)


def ndarray(shape: Any, dtype: Any, pointer: Any, strides: Any) -> DeviceArray:
    """Return the array that begins at an address."""
    memory = pointer.owner.reshape(-1).view(np.uint8)
    offset = pointer.ptr - pointer.mem.ptr
    return DeviceArray(np.ndarray(shape, dtype, memory, offset, strides), is_by_address=True)


def computing(function: Any, *, converting: bool = False) -> Any:
    """Return a function that computes on the device."""

    def compute(*args: Any, **kwargs: Any) -> Any:
        if converting and isinstance(args[0], np.ndarray):
            args = (wrapped(args[0].copy()), *args[1:])
        taken = [unwrapped(each) for each in args]
        named = {key: unwrapped(one) for key, one in kwargs.items()}
        if cuda.captured() is None:
            return wrapped(function(*taken, **named))
        return wrapped(cuda.captured_result(function, taken, named))

    return compute


def unless_others_do(function: Any) -> Any:
    """Return an operator that leaves operands to do it that say how to do it to any array."""

    def compute(one: Any, other: Any) -> Any:
        does_it = getattr(type(other), "__array_ufunc__", None) is not None
        if does_it and not isinstance(other, (np.ndarray, np.generic)):
            return NotImplemented
        return function(one, other)

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
        setattr(DeviceArray, f"__{name.rstrip('_')}__", unless_others_do(function))
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
