"""Tests of `fitspec.conformance.repro.python_source`: values as Python."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from fitspec.conformance.repro.python_source import lay_out, named, source
from fitspec.conformance.vocabulary import probes
from fitspec.conformance.vocabulary.layers import Layer
from fitspec.conformance.vocabulary.probes import SGD, Generator, Recorder


def code(value: Any) -> str:
    """Return the code of a value on one line."""
    return lay_out("", source(value)).replace("\n", " ")


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        -3,
        0.1,
        1e300,
        "plain",
        'with "quotes", \\ and\nmore',
        b"\x00",
        range(1, 9, 2),
        [1, [2, []]],
        (1,),
        (),
        {1, 2},
        set(),
        {"a": [1], ("b", 2): {}},
        np.float32(0.1),
        np.int64(-5),
    ],
    ids=repr,
)
def test_a_value_comes_back(value: object) -> None:
    """What is written means the same value of the same type."""
    again = eval(code(value), {"np": np})  # noqa: S307  the code is the thing examined

    assert again == value
    assert type(again) is type(value)


@pytest.mark.parametrize(
    "array",
    [
        np.asarray([[0.1], [1 / 3], [-0.0], [math.nan], [math.inf]], np.float32),
        np.asarray(0.1, np.float64),
        np.asarray([1e-320, 0.1], np.float64),
        np.eye(3, dtype=np.float32),
        np.full((2, 5), 7, np.int8),
        np.zeros((0, 3), np.float32),
        np.asarray([True, False]),
        np.asarray(["a", "b"]),
        np.asarray([None, "x"], object),
    ],
    ids=repr,
)
def test_an_array_comes_back_bit_by_bit(array: np.ndarray[Any, Any]) -> None:
    """Shape, type and every bit are kept."""
    again = eval(code(array), {"np": np})  # noqa: S307  the code is the thing examined

    assert (again.dtype, again.shape) == (array.dtype, array.shape)
    if array.dtype.hasobject:
        assert again.tolist() == array.tolist()
    else:
        assert again.tobytes() == array.tobytes()


@pytest.mark.parametrize(
    "probe",
    [
        SGD(0.5),
        SGD(0.5, momentum=0.25),
        Recorder(stops_at=("epoch_end", 1)),
        Generator([(np.ones((1, 1)), None)], repeats=False),
        Layer("dense", "y", ["x"], settings={"units": 1}),
    ],
    ids=repr,
)
def test_a_description_comes_back(probe: Any) -> None:
    """A probe or layer is written as the call that makes one like it."""
    again = eval(code(probe), {"np": np, **vars(probes)})  # noqa: S307  the thing examined

    assert type(again) is type(probe)
    assert code(again) == code(probe)


def test_defaults_are_left_out() -> None:
    """What need not be said is not said."""
    assert code(SGD(0.5)) == "SGD(0.5)"
    assert code(Recorder(error="OSError")) == 'Recorder(error="OSError")'


def test_a_long_line_is_broken_where_its_brackets_are() -> None:
    """Each item stands on a line of its own, as far inside as is needed."""
    long = ["a" * 50, ["b" * 30, "c" * 50]]

    assert lay_out("f(", named("x", source(long)), ")") == "\n".join(
        [
            "f(x=[",
            f'    "{"a" * 50}",',
            "    [",
            f'        "{"b" * 30}",',
            f'        "{"c" * 50}",',
            "    ],",
            "])",
        ]
    )


def test_numbers_share_lines() -> None:
    """A long row takes as many lines as it needs, not one for each number."""
    assert len(lay_out("", source(list(range(100)))).splitlines()) == 7


def test_what_has_no_code_is_said() -> None:
    """An object of an unknown class is refused."""
    with pytest.raises(TypeError, match="class object has no code"):
        source(object())
