"""Numbers that can be set from outside while something works with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

if TYPE_CHECKING:
    from collections.abc import Callable


class Setting(float):
    """A number that knows whose it is, so that `backend.set_value` can change it there."""

    __slots__ = ("assign",)

    assign: Callable[[float], None]

    def __new__(cls, value: float, assign: Callable[[float], None]) -> Setting:  # noqa: PYI034 - of float
        """Make a number.

        Args:
            value: The number.
            assign: Puts another one in its place.

        """
        setting = super().__new__(cls, value)
        setting.assign = assign
        return setting

    def __reduce__(self) -> tuple[type[float], tuple[float]]:
        """Have a copy be a mere number: what it belongs to is not copied with it."""
        return float, (float(self),)

    def numpy(self) -> float:
        """Return the mere number."""
        return float(self)


class Settable:
    """Makes an attribute a `Setting`.

    Args:
        attribute: The attribute that this one is another name of; its own name when left out.

    """

    def __init__(self, attribute: str = "") -> None:
        self._attribute = attribute

    def __set_name__(self, owner: type, name: str) -> None:
        self._attribute = self._attribute or name

    @overload
    def __get__(self, instance: None, owner: type) -> Settable: ...

    @overload
    def __get__(self, instance: object, owner: type | None = None) -> Setting: ...

    def __get__(self, instance: object, owner: type | None = None) -> Settable | Setting:
        if instance is None:
            return self
        return Setting(vars(instance)[self._attribute], lambda value: self.__set__(instance, value))

    def __set__(self, instance: Any, value: float) -> None:
        vars(instance)[self._attribute] = float(value)
