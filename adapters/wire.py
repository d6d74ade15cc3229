"""How values travel between the harness and a worker: JSON without losing type or bits.

A value that JSON has no word for becomes an object with the key ``$``, which names its kind:

========== =============================================================================
``$``       other keys
========== =============================================================================
float       ``value``: ``"nan"``, ``"inf"`` or ``"-inf"``
array       ``dtype`` (NumPy's ``dtype.str``), ``shape``, ``data`` (C order, base64)
objects     ``shape``, ``items``: an array of Python objects, flat
scalar      ``dtype``, ``data``: a NumPy scalar
tuple, set  ``items``
dict        ``items``: pairs, in order; only for dicts that are no plain JSON object
range       ``start``, ``stop``, ``step``
bytes       ``data`` (base64)
ref         ``ref``: an object that lives in the worker
probe       ``key``, ``kind``, ``fields``: an object the worker shall build
object      ``ref``, ``classes``, ``attributes``, ``repr`` and, where it is one, ``array`` or
            ``number``
========== =============================================================================

`protocol.schema.json` beside this file is the normative form.
"""

from __future__ import annotations

import base64
import json
import math
from typing import TYPE_CHECKING, Any, Callable

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

VERSION = 1


class WireError(ValueError):
    """A value cannot travel, or a message is not of the protocol's form."""


def _refuse(value: Any) -> Any:
    raise WireError("a value of type %s cannot be sent" % type(value).__name__)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def encode(value: Any, foreign: Callable[[Any], Any] = _refuse) -> Any:
    """Return the JSON form of `value`.

    Args:
        value: what to send.
        foreign: gives the JSON form of an object of any other class.

    Raises:
        WireError: by the default of `foreign`, for an object of any other class.
    """
    # NumPy's float64 is a subclass of float: what an implementation returned must stay visible.
    # Kind V is a record, or a number that only its own package knows: NumPy's name of it is "void".
    if isinstance(value, np.generic) and value.dtype.kind != "V":
        # An empty text has a size of 0 as a scalar, and of one character as an array.
        array = np.asarray(value)
        return {"$": "scalar", "dtype": array.dtype.str, "data": _text(array.tobytes())}
    if value is None or type(value) in (bool, int, str):
        return value
    if type(value) is float:
        return value if math.isfinite(value) else {"$": "float", "value": repr(value)}
    if type(value) is np.ndarray and value.dtype.kind != "V":
        return _encode_array(value, foreign)
    return _encode_container(value, foreign)


def _encode_array(value: np.ndarray[Any, Any], foreign: Callable[[Any], Any]) -> Any:
    shape = list(value.shape)
    if value.dtype.hasobject:
        items = [encode(item, foreign) for item in value.ravel().tolist()]
        return {"$": "objects", "shape": shape, "items": items}
    return {"$": "array", "dtype": value.dtype.str, "shape": shape, "data": _text(value.tobytes())}


def _encode_container(value: Any, foreign: Callable[[Any], Any]) -> Any:
    if type(value) is list:
        return [encode(item, foreign) for item in value]
    if type(value) is tuple:
        return {"$": "tuple", "items": [encode(item, foreign) for item in value]}
    if type(value) in (set, frozenset):
        return {"$": "set", "items": [encode(item, foreign) for item in sorted(value, key=repr)]}
    if isinstance(value, dict):
        if all(type(key) is str for key in value) and "$" not in value:
            return {key: encode(item, foreign) for key, item in value.items()}
        pairs = [[encode(key, foreign), encode(item, foreign)] for key, item in value.items()]
        return {"$": "dict", "items": pairs}
    if type(value) is range:
        return {"$": "range", "start": value.start, "stop": value.stop, "step": value.step}
    if type(value) is bytes:
        return {"$": "bytes", "data": _text(value)}
    return foreign(value)


def _unexpected(form: Mapping[str, Any]) -> Any:
    raise WireError("a value of kind %r was not expected here" % (form.get("$"),))


def decode(form: Any, resolve: Callable[[Mapping[str, Any]], Any] = _unexpected) -> Any:
    """Return the value whose JSON form is `form`.

    Args:
        form: what arrived, as `json.loads` gives it.
        resolve: gives the value of a ``ref``, ``probe`` or ``object``, whose nested values it has
            to decode itself.

    Raises:
        WireError: the form is not one of the table above.
    """
    if isinstance(form, list):
        return [decode(item, resolve) for item in form]
    if not isinstance(form, dict):
        return form
    if "$" not in form:
        return {key: decode(item, resolve) for key, item in form.items()}
    if form["$"] in ("ref", "probe", "object"):
        return resolve(form)
    try:
        return _decode_kind(form["$"], form, resolve)
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, WireError):
            raise
        raise WireError("a value of kind %r is malformed: %s" % (form["$"], error)) from error


def _decode_kind(kind: Any, form: Any, resolve: Callable[[Mapping[str, Any]], Any]) -> Any:
    if kind == "float":
        return {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}[form["value"]]
    if kind == "array":
        return _decode_array(form, _decode_shape(form["shape"]))
    if kind == "scalar":
        return _decode_array(form, ())[()]
    if kind == "range":
        return range(form["start"], form["stop"], form["step"])
    if kind == "bytes":
        return base64.b64decode(form["data"], validate=True)
    if kind == "dict":
        return {decode(key, resolve): decode(item, resolve) for key, item in form["items"]}
    items = [decode(item, resolve) for item in form["items"]]
    if kind == "objects":
        return _decode_objects(items, _decode_shape(form["shape"]))
    return {"tuple": tuple, "set": set}[kind](items)


def _decode_shape(shape: Any) -> tuple[int, ...]:
    if not all(type(size) is int and size >= 0 for size in shape):
        raise WireError("a shape is a list of sizes, not %r" % (shape,))
    return tuple(shape)


def _decode_array(form: Any, shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
    data = base64.b64decode(form["data"], validate=True)
    dtype = np.dtype(form["dtype"])
    size = dtype.itemsize
    for length in shape:
        size *= length
    # Compared before anything is allocated: sizes may be absurd.
    if dtype.hasobject or dtype.kind == "V" or size != len(data):
        raise WireError("%d bytes are no %s of shape %s" % (len(data), dtype, shape))
    if not data:
        return np.zeros(shape, dtype)
    # A copy, because the buffer is read-only: data are their receiver's own to keep.
    return np.ndarray(shape, dtype, data).copy()


def _decode_objects(items: list[Any], shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
    array = np.empty(len(items), dtype=object)
    for place, item in enumerate(items):
        # In one assignment NumPy would take items of one length for rows.
        array[place] = item
    return array.reshape(shape)


def dump(message: Mapping[str, Any]) -> bytes:
    """Return `message`, already encoded, as one line of the protocol."""
    text = json.dumps(dict(message, fitspec=VERSION), allow_nan=False, separators=(",", ":"))
    return text.encode("ascii") + b"\n"


def _refuse_constant(name: str) -> Any:
    raise ValueError("%s is no JSON" % name)


def load(line: bytes) -> dict[str, Any]:
    """Return the message on `line`, its values still encoded.

    Raises:
        WireError: the line is no JSON object, or of another version of the protocol.
    """
    try:
        message = json.loads(line.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise WireError("not a message but %r" % line[:80]) from error
    if not isinstance(message, dict):
        raise WireError("a message is a JSON object, not %r" % line[:80])
    if message.get("fitspec") != VERSION:
        raise WireError(
            "a message of protocol version %r; this side speaks %d"
            % (message.get("fitspec"), VERSION)
        )
    return message
