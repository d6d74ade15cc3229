"""The report of a run: lines of JSON, a header first and a footer last.

A file without its footer is the remains of something and is refused. `report.schema.json` beside
this file is the normative form.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from fitspec.conformance.report.gathered import gathered, of_one
from fitspec.conformance.report.readable import readable
from fitspec.conformance.report.subject import Subject
from fitspec.conformance.report.verdicts import Finding, Verdict
from fitspec.conformance.system import atomic

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

__all__ = ["FORMAT", "Report", "ReportError", "Shortfalls", "Subject", "joined", "merged", "write"]

FORMAT = 1


class ReportError(ValueError):
    """A file is no whole report."""


class Shortfalls(list[Finding]):
    """The findings with a verdict other than pass, of which a failing `assert` says how many."""

    def __repr__(self) -> str:
        ids = [item.clause for item in self]
        more = f" and {len(ids) - 3} more" if len(ids) > 3 else ""
        return f"<{len(ids)} fell short: {', '.join(ids[:3])}{more}; str(report) tells>"


@dataclass(frozen=True, repr=False)
class Report:
    """A whole run. As a text, it says what fell short, and how to go on.

    Args:
        header: when, where and with what; see the schema.
        subjects: the implementations.
        findings: of every check on every implementation.
        faults: what went wrong on the side of the harness; a run with any is no evidence.
    """

    header: Mapping[str, Any]
    subjects: tuple[Subject, ...]
    findings: Sequence[Finding]
    faults: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<report of {', '.join(item.name for item in self.subjects)}>"

    def __str__(self) -> str:
        return readable(self.subjects, self.findings, self.faults)

    def subject(self, name: str) -> Subject:
        """Return an implementation by its name.

        Raises:
            KeyError: the report holds none of it.
        """
        return {item.name: item for item in self.subjects}[name]

    def of(self, implementation: str) -> Sequence[Finding]:
        """Return the findings on one implementation."""
        return of_one(self.findings, implementation)

    def counts(self, implementation: str) -> Counter[Verdict]:
        """Return how many of its clauses got each verdict."""
        return Counter(item.verdict for item in self.of(implementation) if item.verdict)

    @property
    def fell_short(self) -> Shortfalls:
        """The findings with a verdict other than pass."""
        return Shortfalls(item for item in self.findings if item.fell_short)

    @property
    def unavailable(self) -> list[Subject]:
        """The implementations that could not be started."""
        return [item for item in self.subjects if not item.available]

    def lines(self) -> Iterator[dict[str, Any]]:
        """Yield the report as the objects of its lines."""
        header = {"type": "header", "format": FORMAT, **self.header}
        header["implementations"] = [asdict(subject) for subject in self.subjects]
        yield header
        counts: dict[str, Counter[Verdict]] = {item.name: Counter() for item in self.subjects}
        for finding in self.findings:
            # What is of no subject is written as it is, and refused where it is read.
            if finding.verdict is not None and finding.implementation in counts:
                counts[finding.implementation][finding.verdict] += 1
            yield _line_of(finding)
        yield {
            "type": "footer",
            "lines": len(self.findings),
            "counts": {name: dict(verdicts) for name, verdicts in counts.items()},
            "faults": list(self.faults),
        }


def merged(reports: Sequence[Report], faults: Sequence[str] = ()) -> Report:
    """Return one report of several, each of other implementations.

    Args:
        reports: at least one, in the order in which the implementations shall come.
        faults: what else went wrong on the side of the harness.
    """
    findings = gathered(item for one in reports for item in one.findings)
    examined = {item.clause for item in findings if item.verdict is not Verdict.UNAVAILABLE}
    header = {
        **{key: value for key, value in reports[0].header.items() if key != "basis"},
        "started": min(str(one.header["started"]) for one in reports),
        "finished": max(str(one.header["finished"]) for one in reports),
        "checked": len(examined),
    }
    subjects = tuple(item for one in reports for item in one.subjects)
    return Report(
        header, subjects, findings, (*(item for one in reports for item in one.faults), *faults)
    )


def joined(parts: Sequence[Report], order: Sequence[str]) -> Report:
    """Return the report of one implementation whose checks were divided.

    Args:
        parts: at least one, each of other checks.
        order: all clauses, as the findings shall come.

    Raises:
        ReportError: there is no part.
    """
    if not parts:
        raise ReportError("none of its processes found anything")
    places = {clause: place for place, clause in enumerate(order)}
    whole = merged(parts)
    findings = sorted(whole.findings, key=lambda item: places[item.clause])
    # One that could not be started again is known by that.
    known = min(whole.subjects, key=lambda item: item.available)
    left_out = [set(item.not_asked) for item in whole.subjects]
    subject = replace(
        known,
        not_asked=tuple(item for item in known.not_asked if all(item in one for one in left_out)),
        seconds=sum(item.seconds for item in whole.subjects),
        seconds_inside=sum(item.seconds_inside for item in whole.subjects),
    )
    header = {**whole.header, "basis": parts[0].header["basis"]}
    return replace(whole, header=header, subjects=(subject,), findings=tuple(findings))


def _line_of(finding: Finding) -> dict[str, Any]:
    fields = asdict(finding)
    for name in ("example", "script", "tries"):
        if not fields[name]:
            del fields[name]
    if finding.verdict is None:
        del fields["verdict"]
        return {"type": "observed", **fields}
    del fields["behaviour"]
    return {"type": "verdict", **fields}


def write(report: Report, path: Path) -> None:
    """Write `report` to `path`, whole or not at all.

    A pipe or device, such as ``/dev/stdout``, is written to as it is.

    Raises:
        OSError: it cannot be written; what was at `path` before is untouched.
    """
    lines = (f"{json.dumps(line, allow_nan=False)}\n".encode() for line in report.lines())
    atomic.write_pieces(path, lines)
