"""In which versions a clause holds, and where that changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fitspec.conformance.changes.compare import kind_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.conformance.history.history import Held, History
    from fitspec.conformance.report.verdicts import Finding


#: What is said of a difference that the check may have made.
OTHER_CHECK = "by another check than the version before, which may be why they differ"


@dataclass(frozen=True)
class Stretch:
    """Versions, one after the other, on which a clause came to the same.

    Args:
        versions: from the oldest to the newest.
        finding: of the newest.
        other_check: whether another check decided it than the stretch before, or one of both is not
            known, so that this may be why they differ.
    """

    versions: tuple[Held, ...]
    finding: Finding
    other_check: bool = False

    @property
    def told(self) -> str:
        """Its versions, in words: `3.0.5 to 3.15.1`."""
        first, last = self.versions[0].version, self.versions[-1].version
        return first if first == last else f"{first} to {last}"


@dataclass(frozen=True)
class Line:
    """What a clause came to on the versions of one implementation.

    Args:
        name: of the implementation, and what computes for it: `keras on jax`.
        findings: of each version on which the clause was examined, from the oldest to the newest.
        stretches: the same, where it came to the same together.
    """

    name: str
    findings: tuple[tuple[Held, Finding], ...]
    stretches: tuple[Stretch, ...]


def lines(history: History, clause: str) -> list[Line]:
    """Return what a clause came to, by implementation; without those that were never examined."""
    found = []
    for versions in history.lines():
        both = ((item, history.finding(clause, item)) for item in versions)
        examined = tuple((item, finding) for item, finding in both if finding is not None)
        if examined:
            name = line_name(*versions[0].line)
            found.append(Line(name, examined, tuple(_stretches(history, clause, examined))))
    return found


def line_name(family: str, on: str) -> str:
    """Return what the versions of a line are of, in words."""
    return f"{family} on {on}" if on else family


def _stretches(
    history: History, clause: str, findings: Sequence[tuple[Held, Finding]]
) -> list[Stretch]:
    found: list[Stretch] = []
    before = None
    for held, finding in findings:
        check = history.check(clause, held)
        if found and kind_of(found[-1].finding, finding) is None:
            last = found.pop()
            found.append(Stretch((*last.versions, held), finding, last.other_check))
        else:
            found.append(Stretch((held,), finding, bool(found) and check != before))
        before = check
    return found
