"""Tests of `fitspec.adapters.wire`."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from fitspec.adapters import wire

DTYPES = st.one_of(
    arrays.boolean_dtypes(),
    arrays.integer_dtypes(endianness="?"),
    arrays.floating_dtypes(endianness="?"),
    arrays.complex_number_dtypes(endianness="?"),
    arrays.byte_string_dtypes(),
    arrays.unicode_string_dtypes(),
    arrays.datetime64_dtypes(),
    arrays.timedelta64_dtypes(),
)
ARRAYS = arrays.arrays(DTYPES, arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3))
ATOMS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.binary(),
    ARRAYS,
    DTYPES.flatmap(lambda dtype: arrays.from_dtype(np.dtype(dtype))),
    st.builds(range, st.integers(-9, 9), st.integers(-9, 9), st.integers(1, 3)),
)
KEYS = st.one_of(st.integers(), st.text(), st.booleans(), st.tuples(st.integers(), st.text()))


def _collections(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.sets(KEYS, max_size=4),
        st.dictionaries(st.one_of(st.text(), st.just("$")), inner, max_size=4),
        st.dictionaries(KEYS, inner, max_size=4),
        st.lists(inner, max_size=4).map(_objects),
    )


def _objects(items: list[Any]) -> np.ndarray[Any, Any]:
    array = np.empty(len(items), object)
    for place, item in enumerate(items):
        array[place] = item
    return array


VALUES = st.recursive(ATOMS, _collections, max_leaves=12)


def _travel(value: Any) -> Any:
    """Return what arrives at the other side, all the way through bytes."""
    return wire.decode(wire.load(wire.dump({"value": wire.encode(value)}))["value"])


def _same(left: Any, right: Any) -> bool:
    """Return whether two values are alike in type and in every bit."""
    if type(left) is not type(right):
        return False
    if isinstance(left, (np.ndarray, np.generic)):
        if (left.dtype, left.shape) != (right.dtype, right.shape):
            return False
        if left.dtype.hasobject:
            return _same(left.ravel().tolist(), right.ravel().tolist())
        return bool(left.tobytes() == right.tobytes())
    if isinstance(left, float):
        return np.float64(left).tobytes() == np.float64(right).tobytes() or (
            math.isnan(left) and math.isnan(right)
        )
    if isinstance(left, dict):
        return _same(list(left.items()), list(right.items()))
    if isinstance(left, (list, tuple)):
        return len(left) == len(right) and all(map(_same, left, right))
    return bool(left == right)


@settings(max_examples=300)
@given(VALUES)
def test_every_value_arrives_as_it_was_sent(value: Any) -> None:
    """Type, shape, order and bits of any value survive the way."""
    assert _same(_travel(value), value)


@given(ARRAYS)
def test_an_array_that_arrived_can_be_changed(array: np.ndarray[Any, Any]) -> None:
    """What an implementation is given is its own, whatever it does with it."""
    assert _travel(array).flags.writeable


def test_an_array_in_another_order_arrives_with_its_values() -> None:
    """Rows and columns of an array in Fortran's order, or of a view, keep their places."""
    array = np.asfortranarray(np.arange(6.0).reshape(2, 3))[:, ::-1]

    np.testing.assert_array_equal(_travel(array), array)


def test_items_of_one_length_stay_items() -> None:
    """An array of lists does not become an array of their elements."""
    array = _objects([[1, 2], [3, 4]])

    assert _same(_travel(array), array)


@pytest.mark.parametrize(
    "value",
    [object(), np.zeros(2, "i4,f8"), np.zeros(1, "V4")[0], 1j, lambda: None],
    ids=["object", "record", "void", "complex", "function"],
)
def test_what_has_no_form_is_refused(value: Any) -> None:
    """A value that would not arrive as it is is not sent."""
    with pytest.raises(wire.WireError, match="cannot be sent"):
        wire.encode([value])


def test_foreign_values_get_the_form_they_are_given() -> None:
    """The caller says what becomes of objects of other classes, however deep they lie."""
    assert wire.encode({"a": (object,)}, lambda value: value.__name__) == {
        "a": {"$": "tuple", "items": ["object"]}
    }


def test_objects_are_resolved_by_the_caller() -> None:
    """References are looked up by who decodes, and refused where none is expected."""
    form = [{"$": "ref", "ref": "o1"}]

    assert wire.decode(form, lambda item: item["ref"]) == ["o1"]
    with pytest.raises(wire.WireError, match="kind 'ref' was not expected"):
        wire.decode(form)


F4 = {"$": "array", "dtype": "<f4", "shape": [1], "data": "AAAAAA=="}

MALFORMED: dict[str, Any] = {
    "kind unknown": {"$": "secret"},
    "kind no text": {"$": ["array"]},
    "kind none": {"$": None},
    "float of no name": {"$": "float", "value": "1.0"},
    "float without value": {"$": "float"},
    "array without data": {key: item for key, item in F4.items() if key != "data"},
    "array of other size": {**F4, "shape": [2]},
    "array with rest": {**F4, "shape": [0]},
    "array of size minus one": {**F4, "shape": [-1]},
    "array of shape true": {**F4, "shape": [True]},
    "array of huge size": {**F4, "shape": [2**40, 2**40]},
    "array of shape three": {**F4, "shape": 3},
    "array of unknown dtype": {**F4, "dtype": "nonsense"},
    "array of objects": {**F4, "dtype": "|O", "data": "AAAAAAAAAAA="},
    "array of records": {**F4, "dtype": "V4"},
    "array of no base64": {**F4, "data": "a!b"},
    "array of text as number": {**F4, "data": 7},
    "scalar of two": {"$": "scalar", "dtype": "<f4", "data": "AAAAAAAAAAA="},
    "objects of other size": {"$": "objects", "shape": [2], "items": [1]},
    "range without end": {"$": "range", "start": 1},
    "range of step zero": {"$": "range", "start": 1, "stop": 2, "step": 0},
    "set of lists": {"$": "set", "items": [[]]},
    "dict of triples": {"$": "dict", "items": [[1, 2, 3]]},
    "dict with list as key": {"$": "dict", "items": [[[], 1]]},
    "tuple of nothing": {"$": "tuple", "items": None},
    "tuple with a malformed item": {"$": "tuple", "items": [{"$": "bytes"}]},
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_forms_are_refused(name: str) -> None:
    """What is not of the table's form is a WireError and nothing else."""
    with pytest.raises(wire.WireError):
        wire.decode({"nested": [MALFORMED[name]]})


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["$", "items", "shape", "dtype", "data", "value", "start", "x"]),
            st.one_of(inner, st.sampled_from(["array", "dict", "set", "objects", "<f4", "range"])),
        ),
    ),
    max_leaves=15,
)


@settings(max_examples=300)
@given(JSON)
def test_any_json_is_decoded_or_refused(form: Any) -> None:
    """Whatever arrives is a value or a WireError."""
    try:
        value = wire.decode(form)
    except wire.WireError:
        return
    assert isinstance(
        value, (type(None), bool, int, str, list, dict, tuple, set, range, bytes, np.ndarray)
    )


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"\xff\n", "not a message"),
        (b"{\n", "not a message"),
        (b"\n", "not a message"),
        (b"[" * 100_000 + b"\n", "not a message"),
        (b'{"fitspec":1,"seconds":NaN}\n', "not a message"),
        (b"[1]\n", "a JSON object"),
        (b'{"fitspec":2}\n', "protocol version 2"),
        (b"{}\n", "protocol version None"),
    ],
)
def test_lines_that_are_no_message_are_refused(line: bytes, words: str) -> None:
    """A line that is no message of this version is a WireError."""
    with pytest.raises(wire.WireError, match=words):
        wire.load(line)


@given(st.text(st.characters(codec=None)))
def test_a_message_is_one_line_of_ascii(text: str) -> None:
    """Whatever a text holds, the message is one line, and so its end is known."""
    line = wire.dump({"value": text})

    assert line.isascii()
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert json.loads(line) == {"value": text, "fitspec": wire.VERSION}
