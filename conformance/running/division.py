"""Which check is made next, where several processes share those of one implementation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec import spec

if TYPE_CHECKING:
    from collections.abc import Sequence


class Division:
    """The checks of an implementation, each handed out once, to whoever is free first.

    A check waits until those are decided on which its clause depends, wherever they are made, so
    that what blocks it is known.

    Args:
        plan: the clauses, in the order in which one process would take them.
    """

    def __init__(self, plan: Sequence[str]) -> None:
        self.plan = tuple(plan)
        self._waiting = list(plan)
        self._open = set(plan)
        self._fallen: set[str] = set()

    @property
    def is_begun(self) -> bool:
        """Whether any was handed out."""
        return len(self._waiting) < len(self.plan)

    @property
    def is_handed_out(self) -> bool:
        """Whether nothing is left to be begun."""
        return not self._waiting

    def take(self) -> str | None:
        """Hand out the next check; None if all that are left wait for others."""
        for place, clause in enumerate(self._waiting):
            if self._open.isdisjoint(spec.contract().clause(clause).depends):
                return self._waiting.pop(place)
        return None

    def fell(self, clause: str) -> None:
        """Learn that the implementation falls short of a clause."""
        self._fallen.add(clause)

    def done(self, clause: str) -> None:
        """Learn that a check is through, whatever came of it."""
        self._open.discard(clause)

    def fallen_below(self, clause: str) -> list[str]:
        """Return those on which a clause depends that fell."""
        return [item for item in spec.contract().clause(clause).depends if item in self._fallen]
