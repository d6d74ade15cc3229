"""Planting a defect in the reference, inside the process that is to show it."""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    Sabotage: TypeAlias = Callable[["Plant"], None]

#: Every saboteur of the modules that were imported, by name.
SABOTEURS: dict[str, Sabotage] = {}


class PlantingError(Exception):
    """A defect has no place in the reference: a name is gone, or was never there."""


def saboteur(
    clause: str, *, also: Sequence[str] = (), hangs: bool = False
) -> Callable[[Sabotage], Sabotage]:
    """Register a function that plants one defect.

    Args:
        clause: the one that the defect breaks.
        also: the related clauses whose checks see the same behaviour and so rightly fall too.
        hangs: whether checks wait for it until their time is up.

    Raises:
        PlantingError: another saboteur has the name.
    """
    del clause, also, hangs  # read from the source, by `roster`: only a worker imports saboteurs

    def register(function: Sabotage) -> Sabotage:
        if SABOTEURS.setdefault(function.__name__, function) is not function:
            raise PlantingError(f"two saboteurs are called {function.__name__}")
        return function

    return register


class Plant:
    """Puts defects in the place of functions, and notes which of them were reached.

    Args:
        trace: file for a line `planted NAME` as a function is planted, and a line `reached NAME`
            when it is first called; None for no notes.
    """

    def __init__(self, trace: Path | None = None) -> None:
        self._trace = trace

    def __call__(self, owner: Any, name: str, defect: Callable[..., Any]) -> None:
        """Replace a function, method or property of a module or class.

        The replacement keeps the signature that others see.

        Raises:
            PlantingError: there is no function of that name.
        """
        label = _label(owner, name)
        original = _original(owner, name)
        function = original
        if isinstance(original, property):
            function = original.fget
        elif isinstance(original, functools.cached_property):
            function = original.func
        if not callable(function):
            raise PlantingError(f"{label} is no function; `value` plants values")
        self._note("planted", label)
        reached = False

        @functools.wraps(function)
        def planted(*args: Any, **kwargs: Any) -> Any:
            nonlocal reached
            if not reached:
                reached = True
                self._note("reached", label)
            return defect(*args, **kwargs)

        # What is computed once an object stays a property: the defect is asked every time.
        setattr(owner, name, planted if function is original else property(planted))

    def value(self, owner: Any, name: str, value: object) -> None:
        """Replace a constant of a module or class.

        Raises:
            PlantingError: there is none of that name, or it has that value already.
        """
        if _original(owner, name) == value:
            raise PlantingError(f"{_label(owner, name)} is {value!r} already")
        setattr(owner, name, value)

    def default(self, owner: Any, name: str, parameter: str, value: object) -> None:
        """Replace the default of a parameter of a function or method.

        Raises:
            PlantingError: it has no such parameter, or none with another default.
        """
        function = _original(owner, name)
        positional = [
            item.name
            for item in inspect.signature(function).parameters.values()
            if item.default is not item.empty and item.kind is item.POSITIONAL_OR_KEYWORD
        ]
        if parameter not in positional:
            raise PlantingError(f"{_label(owner, name)} has no default of {parameter}")
        defaults = list(function.__defaults__)
        if defaults[positional.index(parameter)] == value:
            raise PlantingError(f"{_label(owner, name)}({parameter}) is {value!r} already")
        defaults[positional.index(parameter)] = value
        function.__defaults__ = tuple(defaults)

    def during(self, owner: Any, name: str) -> During:
        """Return whether a function is at work, at any time, for defects that only it shall show.

        Raises:
            PlantingError: there is no function of that name.
        """
        original = _original(owner, name)
        during = During()

        @functools.wraps(original)
        def watched(*args: Any, **kwargs: Any) -> Any:
            during.calls.append((args, kwargs))
            try:
                return original(*args, **kwargs)
            finally:
                during.calls.pop()

        setattr(owner, name, watched)
        return during

    def _note(self, what: str, label: str) -> None:
        if self._trace is not None:
            with self._trace.open("a", encoding="utf-8") as file:
                file.write(f"{what} {label}\n")


class During:
    """The calls of a function that have begun and not ended; true while there are any."""

    def __init__(self) -> None:
        self.calls: list[tuple[tuple[Any, ...], dict[str, Any]]] = []

    def __bool__(self) -> bool:
        return bool(self.calls)


def _original(owner: Any, name: str) -> Any:
    try:
        return inspect.getattr_static(owner, name)
    except AttributeError as error:
        raise PlantingError(f"there is no {_label(owner, name)}") from error


def _label(owner: Any, name: str) -> str:
    return f"{getattr(owner, '__qualname__', owner.__name__).rpartition('.')[2]}.{name}"
