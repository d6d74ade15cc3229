"""What is wrong between a report and a file of expectations, or with the file alone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fitspec.conformance.gate.expected import Entry
    from fitspec.conformance.report.verdicts import Finding


class ProblemKind(StrEnum):
    """The kinds of problems, in the order in which a person wants to know of them."""

    REGRESSION = "regressed: it passed before"
    UNEXPECTED = "fell short, which is not expected"
    OTHERWISE = "fell short in another way than expected"
    LOST = "has no verdict any more"
    PASSED = "passes, which is not expected"
    NOT_EXAMINED = "expected, but the report has no verdict on it"
    UNKNOWN = "names no clause that gets a verdict"
    EXPIRED = "expired"
    UNREASONED = "has no reason"
    TWICE = "expected twice"

    @property
    def remedy(self) -> str:
        """What a person does about it."""
        return _REMEDIES[self]


_UPDATE = "fitspec expect --update {expectations} {reports}"
#: With the names of the files to be filled in.
_REMEDIES = {
    ProblemKind.REGRESSION: (
        f"Mend it. If it shall stay so, run\n    {_UPDATE}\nand write down the reason."
    ),
    ProblemKind.UNEXPECTED: (
        f"Mend it, or, if it shall stay so, run\n    {_UPDATE}\nand write down the reason."
    ),
    ProblemKind.OTHERWISE: f"Mend it, or run\n    {_UPDATE}\nand write down the reason anew.",
    ProblemKind.LOST: "Run all clauses, or say with --clause which ones the gate is for.",
    ProblemKind.PASSED: (
        f"Good: take the entry away, so that it is noticed when it falls again:\n    {_UPDATE}\n"
        "If a race in the implementation decides, add `at_times = true` to the entry instead."
    ),
    ProblemKind.NOT_EXAMINED: (
        "Run all clauses, or say with --clause which ones the gate is for. If the clause is\n"
        "not for this implementation, take the entry away."
    ),
    ProblemKind.UNKNOWN: (
        f"Take the entry away, or give it the new id; this does both:\n    {_UPDATE}"
    ),
    ProblemKind.EXPIRED: "Mend what the entry excuses, or set a new day in `expires`, by hand.",
    ProblemKind.UNREASONED: "Write in `reason` why it falls short, in one line.",
    ProblemKind.TWICE: (
        "Leave one entry of those that hold for the same implementation and versions."
    ),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to be settled.

    Args:
        kind: what it is.
        clause: id that it is about.
        implementation: name of the one that it is about; empty for the file of expectations.
        words: what is known beyond that: since when, with which versions, what took its place.
        finding: of the report, if it is about one.
        entry: of the file of expectations, if it is about one.
    """

    kind: ProblemKind
    clause: str
    implementation: str = ""
    words: str = ""
    finding: Finding | None = None
    entry: Entry | None = None
