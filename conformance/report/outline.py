"""What of a report decides whether a gate opens: every verdict, and in full only what fell short.

A report is read a line at a time, so that one of a million findings takes no more memory than
their verdicts do.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fitspec.conformance.report.reading import Reading
from fitspec.conformance.report.verdicts import Finding, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from fitspec.conformance.report.report import Subject

#: What is told of a finding is kept of so many that fell short; nobody reads more.
KEPT: Final = 10_000

#: By implementation and clause; None where a clause gets no verdict.
Verdicts = dict[str, dict[str, Verdict | None]]


@dataclass(frozen=True)
class Outline:
    """A report, with its verdicts alone.

    Args:
        header: when, where and with what.
        subjects: the implementations.
        verdicts: of each of them.
        told: of what fell short, by implementation and clause, what is told of it.
        unsteady: how much did not come out the same each time it was tried.
        faults: what went wrong on the side of the harness.
    """

    header: Mapping[str, Any]
    subjects: tuple[Subject, ...]
    verdicts: Verdicts
    told: Mapping[tuple[str, str], Finding]
    unsteady: int = 0
    faults: tuple[str, ...] = ()

    @property
    def unavailable(self) -> list[Subject]:
        """The implementations that could not be started."""
        return [item for item in self.subjects if not item.available]

    def counts(self, implementation: str) -> Counter[Verdict]:
        """Return how many of its clauses got each verdict."""
        return Counter(item for item in self.verdicts[implementation].values() if item is not None)

    def finding(self, clause: str, implementation: str, verdict: Verdict) -> Finding:
        """Return a finding: with what is told of it, where that was kept."""
        known = self.told.get((implementation, clause))
        if known is not None:
            return known
        return Finding(clause, implementation, verdict, None, "", "", "", 0.0, 0.0, "")


def read(path: Path) -> Outline:
    """Read the outline of the report at `path`.

    Raises:
        ReportError, OSError: as `reading.read`.
    """
    with path.open("rb") as file:
        reading = Reading(path, file)
        told: dict[tuple[str, str], Finding] = {}
        unsteady = 0
        for item in reading:
            unsteady += item.unsteady
            if item.fell_short and len(told) < KEPT:
                told[item.implementation, item.clause] = item
    return Outline(
        reading.header, reading.subjects, reading.verdicts, told, unsteady, reading.faults
    )


def merged(outlines: Sequence[Outline]) -> Outline:
    """Return one outline of several, each of other implementations; its header is the first's."""
    return Outline(
        outlines[0].header,
        tuple(item for one in outlines for item in one.subjects),
        {name: verdicts for one in outlines for name, verdicts in one.verdicts.items()},
        {place: item for one in outlines for place, item in one.told.items()},
        sum(one.unsteady for one in outlines),
        tuple(item for one in outlines for item in one.faults),
    )
