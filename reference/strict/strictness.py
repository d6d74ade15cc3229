"""Refusing what works here but is promised by no document.

A program that runs in strict mode uses nothing but what the documents say, so that it runs on every
implementation that keeps to them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from fitspec.reference.api import arguments

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType


class strict:  # noqa: N801 - used like a function
    """Refuse what no document promises: from now on, or inside of a block.

    strict()  # switches the mode on
    with strict(): ...  # only inside
    strict(False)  # switches it off

    Args:
        on: Whether to be strict.

    """

    def __init__(self, on: bool = True) -> None:
        self._before = check in arguments.inspectors
        switch(on)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        switch(self._before)


def switch(on: bool) -> None:
    """Have the arguments of documented methods looked at by `check`, or no longer."""
    if check in arguments.inspectors:
        arguments.inspectors.remove(check)
    if on:
        arguments.inspectors.append(check)


def check(method: str, given: Mapping[str, Any]) -> None:
    """Refuse arguments that no document promises to work.

    Args:
        method: The documented method that was called.
        given: Its `locals()`: the model as `self`, and the arguments.

    Raises:
        ValueError: A rule is broken.

    """
    # Only who is strict waits for this import.
    from fitspec.reference.strict.rules import RULES  # noqa: PLC0415

    for rule in RULES:
        if method in rule.methods and rule.is_broken(given):
            raise ValueError(
                f"{method}: {rule.what} works here, but no document promises it "
                f"({rule.clause}); {rule.instead}"
            )
