"""The processes that share the checks of one implementation, and who makes which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.conformance.running.division import Division

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fitspec.conformance.running.child import Child


class Team:
    """Gives each process that is free the next check.

    One in which the implementation does not start is let go where it starts in others, as the
    machine may have room for fewer. Where it starts in none, one of them says so of each check.
    """

    def __init__(self) -> None:
        self._division: Division | None = None
        self._unheard: set[Child] = set()
        self._refused: list[Child] = []
        self._idle: list[Child] = []

    @property
    def plan(self) -> tuple[str, ...]:
        """The clauses, in the order in which one process would take them; none where all do so."""
        return () if self._division is None else self._division.plan

    def add(self, child: Child) -> None:
        """Take in a process that has been started."""
        self._unheard.add(child)

    def hear(self, child: Child, told: Mapping[str, Any]) -> None:
        """Learn what a process told; what is none of a team's concern is passed over."""
        match told:
            case {"plan": list(clauses)} if self._division is None:
                self._division = Division(clauses)
            case {"ready": bool(ready)}:
                self._unheard.discard(child)
                (self._idle if ready else self._refused).append(child)
                self._settle()
            case {"decided": str(clause), "fell": True} if self._division is not None:
                self._division.fell(clause)
            case {"free": _} if self._division is not None:
                self._division.done(child.check)
                self._idle.append(child)
                self._give()

    def left(self, child: Child) -> None:
        """Learn that a process is no more."""
        self._unheard.discard(child)
        self._settle()

    def _settle(self) -> None:
        if self._refused and not self._unheard and not self._idle and self._is_untouched():
            self._idle.append(self._refused.pop())
        if not self._unheard:
            for child in self._refused:
                child.release()
            self._refused.clear()
        self._give()

    def _is_untouched(self) -> bool:
        return self._division is not None and not self._division.is_begun

    def _give(self) -> None:
        division = self._division
        while division is not None and self._idle:
            if division.is_handed_out:
                self._idle.pop().release()
                continue
            clause = division.take()
            if clause is None:
                return
            self._idle.pop(0).order(clause, division.fallen_below(clause))
