"""What to write instead of a call that changes."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fitspec.conformance.changes.compare import Change


@dataclass(frozen=True)
class Advice:
    """One advice.

    Args:
        clauses: on whose changes.
        absent: the method, or the argument, that is gone, if it is about that.
        after: what the other side does, if it is good for that alone: "pass", "short", or the
            behaviour.
        says: what to do, in a sentence.
        write: it as code, which does the same on both sides; may be empty.
    """

    clauses: tuple[str, ...]
    absent: str
    after: str
    says: str
    write: str

    def suits(self, change: Change | None, absent: str) -> bool:
        """Return whether it is about a change.

        Args:
            change: that a program meets; None if no clause is about it.
            absent: what is gone; empty if it is there, and does something else.
        """
        if absent or change is None or change.clause not in self.clauses:
            return absent != "" and self.absent == absent
        short = "short" if change.after.fell_short else "pass"
        return self.after in ("", change.after.behaviour or short)


@cache
def all_advice() -> tuple[Advice, ...]:
    """Return every advice, as it comes with fitspec."""
    text = (files(__package__) / "advice.toml").read_text(encoding="utf-8")
    return tuple(
        Advice(
            tuple(item.get("clauses", ())),
            item.get("absent", ""),
            item.get("after", ""),
            item["says"],
            item.get("write", ""),
        )
        for item in tomllib.loads(text)["advice"]
    )


def advice_on(change: Change | None, absent: str = "") -> Advice | None:
    """Return the advice on a change; None if there is none.

    Args:
        change: that a program meets; None if no clause is about it.
        absent: the method or argument that is gone.
    """
    return next((item for item in all_advice() if item.suits(change, absent)), None)
