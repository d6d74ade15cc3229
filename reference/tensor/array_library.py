"""The array library that carries every computation.

A model computes with the library of its device: NumPy, or CuPy, which has NumPy's interface. Data
stay with NumPy, wherever they come from, until the engine of a model puts a batch on its device.
"""

import importlib
import sys
from collections.abc import Callable
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final, TypeAlias

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

CPU: Final = "cpu"

LIBRARIES: Final = {CPU: "numpy", "cuda": "cupy"}
"""Every device, with the library that computes on it."""

in_force: ContextVar[str] = ContextVar("in_force", default=CPU)
"""The device of models that are made now."""


def library(device: str) -> Any:
    """Return the array library that computes on a device."""
    return np if device == CPU else importlib.import_module(LIBRARIES[device])


def current() -> Any:
    """Return the array library of models that are made now."""
    return library(in_force.get())


def namespace(array: object) -> Any:
    """Return the library that `array` belongs to (`numpy`, `cupy`)."""
    own = getattr(array, "namespace", None)
    return own if own is not None else sys.modules[type(array).__module__.partition(".")[0]]


def is_array(value: object) -> bool:
    """Whether `value` is an array in memory, of the CPU or of a GPU."""
    return isinstance(value, np.ndarray) or is_on_device(value)


def made(name: str, make: Callable[..., object], shape: Any, *operands: Any) -> Any:
    """Return a new array of the type of the first operand, which `make(into, *operands)` fills.

    Where operations are written down, it is one of them, whatever `make` does with the arrays: it
    is called again with others in their place.
    """
    recorder = next((each.recorder for each in operands if hasattr(each, "recorder")), None)
    if recorder is not None:
        return recorder.made(name, make, shape, operands)
    into = namespace(operands[0]).empty(shape, operands[0].dtype)
    make(into, *operands)
    return into


def is_on_device(value: object) -> bool:
    """Whether `value` is an array in the memory of a GPU."""
    return hasattr(value, "__cuda_array_interface__")


def off_device(value: Any) -> Any:
    """Return an array in the memory of a GPU as a NumPy array, and anything else as it is."""
    return value.get() if is_on_device(value) else value


def to_host(array: Any) -> Array:
    """Return `array` as a NumPy array of its own, so that a caller may keep or change it."""
    return array.get() if is_on_device(array) else np.array(array)
