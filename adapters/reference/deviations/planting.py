"""Changing functions of the reference, inside of the process that is to show it."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Deviation = Callable[[], None]
    Restore = Callable[[], None]

#: Every deviation of the modules that were imported, by id.
DEVIATIONS: dict[str, Deviation] = {}
#: Methods and arguments that are not offered, such as `fit_generator` and `fit.workers`.
ABSENT: set[str] = set()
#: What takes out again what was put in, the first first.
_planted: list[Restore] = []


def deviation(name: str) -> Callable[[Deviation], Deviation]:
    """Enter a function that changes the reference once it is called.

    Args:
        name: the id, as in `adapters/tables/deviations.toml`.

    Raises:
        ValueError: another one has that id.
    """

    def enter(function: Deviation) -> Deviation:
        if DEVIATIONS.setdefault(name, function) is not function:
            raise ValueError("two deviations are called %r" % name)
        return function

    return enter


def instead_of(owner: Any, name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Put a function in the place of one of a module or class.

    It is called with what was there before, perhaps by another deviation, and then with the
    arguments of the call.

    Raises:
        AttributeError: there is no function of that name.
    """
    original = getattr(owner, name)

    def put(changed: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def planted(*args: Any, **kwargs: Any) -> Any:
            return changed(original, *args, **kwargs)

        _planted.append(functools.partial(setattr, owner, name, original))
        setattr(owner, name, planted)
        return changed

    return put


def property_instead_of(
    owner: Any, name: str
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Put a function in the place of what a property of a class calls, as `instead_of` does."""
    original = getattr(owner, name)

    def put(changed: Callable[..., Any]) -> Callable[..., Any]:
        _planted.append(functools.partial(setattr, owner, name, original))
        setattr(owner, name, property(functools.partial(changed, original.fget)))
        return changed

    return put


def take_out() -> None:
    """Take all deviations out again, so that the reference does what it is to do."""
    ABSENT.clear()
    while _planted:
        _planted.pop()()
