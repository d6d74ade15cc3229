"""Values that are in force inside of a block."""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from typing import TypeVar

_Value = TypeVar("_Value")


@contextlib.contextmanager
def during(variable: ContextVar[_Value], value: _Value) -> Iterator[None]:
    """Give a variable a value inside of a block, in this thread alone."""
    before = variable.set(value)
    try:
        yield
    finally:
        variable.reset(before)
