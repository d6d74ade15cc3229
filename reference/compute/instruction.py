"""What a computation that is written down is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.reference.tensor.array_library import Array


@dataclass(frozen=True)
class Instruction:
    """One call that puts a result into an array which is there already.

    Attributes:
        name: What a reader knows the operation by.
        function: Called with `arguments`, of which `arguments[into]` takes the result.
        arguments: Arrays, numbers and settings.
        into: The position of the result among the arguments.
        elementwise: Whether each element of the result depends on the same element of the operands,
            so that it may take the place of one of them.
        alone: Whether a device is given it by itself: what takes part in no graph.

    """

    name: str
    function: Callable[..., object]
    arguments: tuple[Any, ...]
    into: int
    elementwise: bool = False
    alone: bool = False

    @property
    def result(self) -> Array:
        """The array that takes the result."""
        array: Array = self.arguments[self.into]
        return array

    @property
    def operands(self) -> list[Any]:
        """Arrays and numbers that go in."""
        return [each for at, each in enumerate(self.arguments) if at != self.into]

    def run(self) -> None:
        """Do it."""
        self.function(*self.arguments)
