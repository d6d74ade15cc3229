"""Asking a person at a terminal why something falls short."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from fitspec.conformance.report.telling import SAYS, SIDES, lines, statement, told
from fitspec.conformance.terminal.layout import heading, indented

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from rich.console import Console

    from fitspec.conformance.gate.expected import Entry
    from fitspec.conformance.report.telling import Line
    from fitspec.conformance.report.verdicts import Finding

#: More than that of what was observed is not needed for remembering the reason.
_LONGEST = 300


class Asker:
    """Asks for the reason of one entry after the other, until the person has enough.

    Args:
        console: where the questions are printed.
        answer: returns the next line that the person writes; raises EOFError at the end.
    """

    def __init__(self, console: Console, answer: Callable[[str], str] = input) -> None:
        self._console = console
        self._answer = answer
        self._enough = False

    def __call__(self, entry: Entry, findings: Sequence[Finding]) -> str:
        """Return the reason, or nothing if the person does not say."""
        if self._enough:
            return ""
        for clause in entry.clauses:
            self._console.print()
            self._console.print(heading(clause, entry.verdict, ", ".join(entry.of) or "any"))
            self._print(lines((SAYS, statement(clause))))
        for said in dict.fromkeys(map(_sides, findings)):
            self._print(said)
        try:
            return " ".join(self._answer("  reason (Enter for later, Ctrl-D to end)> ").split())
        except EOFError:
            self._enough = True
            self._console.print()
            return ""

    def _print(self, found: Iterable[Line]) -> None:
        for label, text in found:
            self._console.print(indented(Text(f"{label:<8} {text[:_LONGEST]}")))


def _sides(finding: Finding) -> tuple[Line, ...]:
    return tuple(item for item in told(finding) if item[0] in SIDES)
