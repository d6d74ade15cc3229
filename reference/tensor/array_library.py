"""The array library that carries every computation.

A model computes with the library of its device: NumPy, or CuPy, which has NumPy's interface. Data
stay with NumPy, wherever they come from, until the engine of a model puts a batch on its device.
"""

import importlib
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, Final

import numpy as np

from fitspec.reference.data.arrays import FLOAT, Array, Shape
from fitspec.reference.data.devices import is_array, is_on_device, namespace, off_device, to_host

__all__ = [
    "CPU",
    "FLOAT",
    "LIBRARIES",
    "Array",
    "Shape",
    "current",
    "in_force",
    "is_array",
    "is_on_device",
    "library",
    "made",
    "namespace",
    "numbers",
    "off_device",
    "to_host",
]

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


def numbers(value: object, what: str) -> Array:
    """Return values of weights, or of what an optimizer remembers, on the CPU.

    Raises:
        ValueError: They are no real numbers, or some of them are masked.

    """
    if isinstance(value, np.ma.MaskedArray):
        # As for all else that weights cannot be.
        raise ValueError(  # noqa: TRY004
            f"{what}: the array is masked; numbers without a mask were expected"
        )
    array: Array = to_host(value)
    if array.dtype.kind not in "biuf":
        raise ValueError(f"{what}: real numbers were expected, not an array of {array.dtype}")
    return array.astype(FLOAT)


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
