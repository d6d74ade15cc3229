"""The session-wide options of R, by which a user sets other defaults."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_OPTIONS: dict[str, object] = {}


def options(changes: Mapping[str, object] | None = None) -> dict[str, object]:
    """Set options and return what they were, which can be given back later.

    Args:
        changes: New values by name, such as ``{"keras.fit_verbose": 2}``; None removes an option.

    Returns:
        The old values of the options that were changed, None where there was none. Without
        changes, all options.

    Raises:
        TypeError: A name is no text.

    """
    if changes is None:
        return dict(_OPTIONS)
    if unnamed := [name for name in changes if type(name) is not str]:
        raise TypeError(f"options: a name must be a text, not {unnamed[0]!r}")
    before = {name: _OPTIONS.get(name) for name in changes}
    for name, value in changes.items():
        if value is None:
            _OPTIONS.pop(name, None)
        else:
            _OPTIONS[name] = value
    return before


def get_option(name: str, default: object = None) -> object:
    """Return the value of an option, or `default` where it is not set."""
    return _OPTIONS.get(name, default)


class FromOption:
    """A default that is looked up when the function is called.

    Args:
        name: The option.
        default: The value where it is not set.

    """

    def __init__(self, name: str, default: object) -> None:
        self.name = name
        self.default = default

    def __repr__(self) -> str:
        return f'getOption("{self.name}", default = {self.default!r})'


def resolved(value: object) -> object:
    """Return the value of an argument, looking up the option where that is its default."""
    return get_option(value.name, value.default) if isinstance(value, FromOption) else value
