"""Tests of `fitspec.adapters.scalars`: what is a number, of whatever kind."""

from __future__ import annotations

from decimal import Decimal
from enum import IntEnum
from typing import Any

import numpy as np
import pytest

from fitspec.adapters.scalars import number


class Mean(float):
    """A number of a library's own."""


class Level(IntEnum):
    """Another."""

    LOW = 1


class Tensor:
    """What libraries have: a shape, and the values on demand.

    Args:
        values: what it holds.
    """

    def __init__(self, values: Any) -> None:
        self._values = np.asarray(values, np.float32)
        self.shape = list(self._values.shape)

    def __array__(self, *_: Any, **__: Any) -> Any:
        return self._values


class WithItem(Tensor):
    """One that gives no array while gradients are computed."""

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise RuntimeError("detach it first")

    def item(self) -> Any:
        """Return its only value."""
        return self._values.item()


class Symbolic(Tensor):
    """One that has no values yet."""

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise NotImplementedError("no values yet")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Mean(1.5), 1.5),
        (Level.LOW, 1),
        (Tensor(1.5), np.float32(1.5)),
        (WithItem(1.5), 1.5),
        (Decimal("1.5"), 1.5),
    ],
)
def test_a_number_of_whatever_kind_is_one(value: Any, expected: Any) -> None:
    """It is read as a plain one."""
    found = number(value)

    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    "value", [Tensor([1.5]), WithItem([1.5]), Symbolic(1.5), object(), "1.5", None, [1.5], np.add]
)
def test_what_is_no_number_stays_what_it_is(value: Any) -> None:
    """Also a tensor with an axis, though it has a single value, and one that refuses."""
    assert number(value) is None
