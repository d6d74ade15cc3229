"""What a check found on an implementation."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Verdict(StrEnum):
    """The outcomes of a check. Only an executed claim is a pass."""

    PASS = "pass"  # noqa: S105  no password
    FAIL = "fail"
    ABSENT = "absent"
    ERROR = "error"
    CRASH = "crash"
    TIMEOUT = "timeout"
    UNAVAILABLE = "unavailable"
    BLOCKED = "blocked"

    @property
    def meaning(self) -> str:
        """One line for a legend."""
        return _MEANINGS[self]

    @property
    def mark(self) -> str:
        """The sign of a cell in the matrix."""
        return _MARKS[self]


_MEANINGS = {
    Verdict.PASS: "did what the clause says",
    Verdict.FAIL: "did something else",
    Verdict.ABSENT: "does not offer the method or argument",
    Verdict.ERROR: "raised an exception that the clause does not allow",
    Verdict.CRASH: "its process died",
    Verdict.TIMEOUT: "gave no answer in time",
    Verdict.UNAVAILABLE: "could not be started here",
    Verdict.BLOCKED: "a clause that this one depends on fell",
}

_MARKS = {
    Verdict.PASS: "✓",
    Verdict.FAIL: "✗",
    Verdict.ABSENT: "-",
    Verdict.ERROR: "E",
    Verdict.CRASH: "C",
    Verdict.TIMEOUT: "T",
    Verdict.UNAVAILABLE: "?",
    Verdict.BLOCKED: "b",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found on one implementation.

    Args:
        clause: id of the clause.
        implementation: its name.
        verdict: None for a clause of level `observed`, which gets none.
        behaviour: for such a clause, which behaviour was seen, in words.
        expected, observed: both sides of the claim, as text.
        detail: which known deviation it is, or what went wrong; may be empty.
        seconds: the whole check took.
        seconds_inside: of them inside the implementation.
        check: node id of the check.
        example: of a law that fell, the arguments at which it did, as Python: ``samples=3``.
        script: of a check that fell, a Python script that makes the same calls and prints what
            comes; may be empty.
        tries: what each try came to, a verdict or a behaviour, where they did not all come to the
            same: only a timeout or a crash is tried again, and the most frequent one counts.
    """

    clause: str
    implementation: str
    verdict: Verdict | None
    behaviour: str | None
    expected: str
    observed: str
    detail: str
    seconds: float
    seconds_inside: float
    check: str
    example: str = ""
    script: str = ""
    tries: tuple[str, ...] = ()

    @property
    def unsteady(self) -> bool:
        """Whether it came out otherwise when it was tried again."""
        return bool(self.tries)

    @property
    def counts(self) -> str:
        """How often each outcome came, if it is unsteady: "timeout in 2 of 3 tries, pass in 1"."""
        if not self.unsteady:
            return ""
        (first, times), *rest = Counter(self.tries).most_common()
        others = "".join(f", {word} in {count}" for word, count in rest)
        return f"{first} in {times} of {len(self.tries)} tries{others}"

    @property
    def fell_short(self) -> bool:
        """Whether there is a verdict, and it is no pass."""
        return self.verdict not in (None, Verdict.PASS)


#: Stands beside the mark of what is unsteady.
UNSTEADY = "~"
#: What a legend says of it.
UNSTEADY_MEANING = "not the same each time it was tried; what came most often counts"


def suspected(findings: Iterable[Finding]) -> bool:
    """Return whether a clause is shown as a suspected fault of the suite: all of several fail it.

    Those count on which it was examined: what was not started, or not asked, speaks neither for
    the check nor against it. Any other verdict than a failure does speak for it.

    Args:
        findings: all that there are of the clause.
    """
    verdicts = [item.verdict for item in findings if item.verdict is not Verdict.UNAVAILABLE]
    return len(verdicts) > 1 and set(verdicts) == {Verdict.FAIL}
