"""What does the same array operations for every batch of a kind, and says so of itself.

Functions and classes of the user's own may look at elements, or do something besides computing, so
that they have to be called for each batch. Those from here that need not be are marked; what is
derived from them, or wraps them, is not.
"""

from __future__ import annotations

from typing import ClassVar, TypeVar

_Marked = TypeVar("_Marked")

MARK = "_repeatable"


class Settings:
    """What is done again may depend on settings of any object, and looks when one was changed."""

    changes: ClassVar[int] = 0
    """How often it happened, anywhere: a reason to look, and no more."""


def repeatable(thing: _Marked) -> _Marked:
    """Mark a class or function, which is returned."""
    # With itself, so that what takes over all attributes, as `functools.wraps` does, is not meant.
    setattr(thing, MARK, thing)
    return thing


def is_repeatable(thing: object) -> bool:
    """Whether a class, function or method is marked itself."""
    own = getattr(thing, "__func__", thing)
    return MARK in getattr(own, "__dict__", ()) and vars(own)[MARK] is own
