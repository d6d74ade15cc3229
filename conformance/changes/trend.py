"""How implementations fared over time, from reports of several days."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from fitspec.conformance.changes.compare import Comparison, Side, compare, side_of
from fitspec.conformance.report import reading
from fitspec.conformance.report.report import ReportError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fitspec.conformance.report.verdicts import Verdict


@dataclass(frozen=True)
class Standing:
    """How one implementation stood in one report.

    Args:
        file: the report's.
        finished: when the run ended, as the report has it.
        fitspec: the version that ran it.
        side: what was found; None if nothing was, as `reason` says.
        reason: why nothing was found.
    """

    file: Path
    finished: str
    fitspec: str
    side: Side | None
    reason: str = ""

    @cached_property
    def counts(self) -> Counter[Verdict]:
        """How many clauses got each verdict."""
        findings = () if self.side is None else self.side.findings.values()
        return Counter(item.verdict for item in findings if item.verdict is not None)


def read_folder(folder: Path) -> dict[str, list[Standing]]:
    """Return each implementation in the reports of a folder and of those in it, oldest first.

    Raises:
        ValueError: there is no such folder, or no report in it.
        ReportError: a file in it is no whole report.
    """
    if not folder.is_dir():
        raise ValueError(f"{folder}: there is no such folder; one with reports was expected")
    files = sorted(folder.rglob("*.ndjson"))
    if not files:
        raise ValueError(f"{folder}: no report; files NAME.ndjson of `fitspec run` were expected")
    standings: dict[str, list[Standing]] = defaultdict(list)
    for file in files:
        found = reading.read(file)
        when, by = str(found.header["finished"]), str(found.header["fitspec"])
        for subject in found.subjects:
            try:
                standing = Standing(file, when, by, side_of(found, subject.name))
            except ReportError as error:
                standing = Standing(
                    file, when, by, None, str(error).removeprefix(f"{subject.name}: ")
                )
            standings[subject.name].append(standing)
    return {
        name: sorted(standings[name], key=lambda item: (item.finished, item.file))
        for name in sorted(standings)
    }


def steps(standings: Sequence[Standing]) -> list[tuple[Standing, Comparison | None]]:
    """Return each standing with what changed since the last one before it that found something."""
    found: list[tuple[Standing, Comparison | None]] = []
    last: Side | None = None
    for standing in standings:
        both = last is not None and standing.side is not None
        found.append(
            (standing, compare(last, standing.side) if both and last and standing.side else None)
        )
        last = standing.side or last
    return found
