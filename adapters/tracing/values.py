"""What goes into a call and comes out of it, as JSON and arrays."""

from __future__ import annotations

import hashlib
import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Arrays of no more numbers, and texts of no more characters, are told as they are.
SMALL, LONG = 12, 200
#: How many entries of a container are told, and how deep.
MANY, DEEP = 24, 6
#: Of an array so many bytes are looked at together.
PIECE = 2**24


def described(value: Any, depth: int = 0) -> Any:
    """Return what is handed over, as JSON: what it is, and how to tell it from another one."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else repr(float(value))
    if isinstance(value, str):
        return value[:LONG]
    if isinstance(value, (np.ndarray, np.generic)):
        return described_array(np.asarray(value))
    if depth < DEEP and isinstance(value, (list, tuple)):
        if _is_plain(value):
            return described_array(np.asarray(value)) if len(value) > SMALL else list(value)
        return [described(each, depth + 1) for each in value[:MANY]]
    if depth < DEEP and isinstance(value, dict):
        return {str(key): described(each, depth + 1) for key, each in list(value.items())[:MANY]}
    return {"object": _called(value)}


def _is_plain(value: Any) -> bool:
    return bool(value) and all(type(each) in (int, float) for each in value)


def described_array(array: Any) -> dict[str, Any]:
    """Return the shape, type, digest, mean and spread of an array, and its numbers if few."""
    found: dict[str, Any] = {"shape": list(array.shape), "dtype": str(array.dtype)}
    if array.dtype.hasobject:
        return dict(found, objects=True)
    digest = hashlib.sha256()
    for piece in _pieces(array):
        digest.update(piece.tobytes())
    found["digest"] = digest.hexdigest()[:16]
    if array.dtype.kind not in "biuf" or not array.size:
        return found
    mean = sum(float(piece.sum(dtype=float)) for piece in _pieces(array)) / array.size
    squares = sum(
        float(np.square(np.subtract(piece, mean, dtype=float)).sum()) for piece in _pieces(array)
    )
    found["mean"], found["spread"] = plain([mean, math.sqrt(squares / array.size)])
    if array.size <= SMALL:
        found["values"] = plain(array)
    return found


def _pieces(array: Any) -> Iterator[Any]:
    """Yield an array in pieces, in the order of its numbers: a copy of all may find no room."""
    if array.nbytes <= PIECE or not array.ndim:
        yield array
        return
    rows = PIECE * len(array) // array.nbytes
    for first in range(0, len(array), max(rows, 1)):
        yield from _pieces(array[first : first + rows] if rows else array[first])


def _called(value: Any) -> str:
    """Return the name of a function or class, or of the class of an object."""
    name = getattr(value, "__name__", None)
    return str(name if callable(value) and isinstance(name, str) else type(value).__name__)


def returned(value: Any, arrays: dict[str, Any]) -> Any:
    """Return what a call returned, as JSON.

    Args:
        value: what it is.
        arrays: where arrays are put, by the name that stands in their place.
    """
    history = getattr(value, "history", None)
    if isinstance(history, dict):
        return {"epoch": plain(list(getattr(value, "epoch", []))), **plain(history)}
    if isinstance(value, (list, tuple)):
        return [returned(each, arrays) for each in value]
    if isinstance(value, dict):
        return {str(key): returned(each, arrays) for key, each in value.items()}
    array = _array_of(value)
    if array is None:
        return plain(value)
    if not array.ndim:
        return plain(array)
    name = "value/%d" % len(arrays)
    arrays[name] = array
    return {"array": name}


def _array_of(value: Any) -> Any:
    """Return the array that a value is, or what a tensor of some library holds; None if neither."""
    if isinstance(value, (np.ndarray, np.generic)):
        return np.asarray(value)
    if not (hasattr(value, "shape") and hasattr(value, "__array__")):
        return None
    array = np.asarray(value)
    return None if array.dtype.hasobject else array


def plain(value: Any) -> Any:
    """Return numbers, texts and containers of them as JSON has them; of an object its class."""
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return {"number": repr(float(value))} if not math.isfinite(value) else float(value)
    array = _array_of(value)
    if array is not None:
        return plain(array.tolist())
    return {"object": _called(value)}
