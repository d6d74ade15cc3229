"""The report of a run: lines of JSON, a header first and a footer last.

A file without its footer is the remains of something and is refused. `report.schema.json` beside
this file is the normative form.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from fitspec.conformance.report.hostile import shortened, visible
from fitspec.conformance.report.verdicts import Finding, Verdict
from fitspec.conformance.system import atomic

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

FORMAT = 1
#: More than that of versions are not told on a line, in characters.
_LONGEST_LINE: Final = 500


class ReportError(ValueError):
    """A file is no whole report."""


@dataclass(frozen=True)
class Subject:
    """An implementation as the report knows it.

    Args:
        name, title: how it is called.
        available: whether it could be started; else `reason` says why not and `remedy` what helps.
        versions, python, platform, renames: as its worker said; empty when it did not start.
        seconds, seconds_inside: wall time of its checks, and of that inside the implementation.
        dialect: the one of Keras in which programs for it are written, as its worker said; empty if
            it has none, and in reports of before it was kept.
        unpinned: whether pip chose versions of what it depends on when its environment was built.
        adapter: the file of its adapter, as seen from where the run was started; never a path that
            begins at the root. Empty in reports of before it was kept.
        profiles: the documented versions that it is held against; none in reports of before they
            were kept.
        not_asked: the clauses of these that the run left out, as a pattern or a person said.
    """

    name: str
    title: str
    available: bool
    reason: str
    remedy: str
    versions: Mapping[str, str]
    python: str
    platform: str
    renames: Mapping[str, str]
    seconds: float
    seconds_inside: float
    unpinned: bool = False
    adapter: str = ""
    dialect: str = ""
    profiles: tuple[str, ...] = ()
    not_asked: tuple[str, ...] = ()

    @property
    def made_of(self) -> str:
        """Its versions on one line; empty if it did not start."""
        return version_line(self.versions)


def version_line(versions: Mapping[str, str]) -> str:
    """Return versions, by the name of what they are of, on one line."""
    line = " ".join(", ".join(f"{name} {version}" for name, version in versions.items()).split())
    return shortened(visible(line), _LONGEST_LINE)


@dataclass(frozen=True)
class Report:
    """A whole run.

    Args:
        header: when, where and with what; see the schema.
        subjects: the implementations.
        findings: of every check on every implementation.
        faults: what went wrong on the side of the harness; a run with any is no evidence.
    """

    header: Mapping[str, Any]
    subjects: tuple[Subject, ...]
    findings: tuple[Finding, ...]
    faults: tuple[str, ...] = ()

    def subject(self, name: str) -> Subject:
        """Return an implementation by its name.

        Raises:
            KeyError: the report holds none of it.
        """
        return {item.name: item for item in self.subjects}[name]

    def of(self, implementation: str) -> list[Finding]:
        """Return the findings on one implementation."""
        return [item for item in self.findings if item.implementation == implementation]

    def counts(self, implementation: str) -> Counter[Verdict]:
        """Return how many of its clauses got each verdict."""
        return Counter(item.verdict for item in self.of(implementation) if item.verdict)

    @property
    def fell_short(self) -> list[Finding]:
        """The findings with a verdict other than pass."""
        return [item for item in self.findings if item.fell_short]

    @property
    def unavailable(self) -> list[Subject]:
        """The implementations that could not be started."""
        return [item for item in self.subjects if not item.available]

    def lines(self) -> list[dict[str, Any]]:
        """Return the report as the objects of its lines."""
        header = {"type": "header", "format": FORMAT, **self.header}
        header["implementations"] = [asdict(subject) for subject in self.subjects]
        footer = {
            "type": "footer",
            "lines": len(self.findings),
            "counts": {subject.name: dict(self.counts(subject.name)) for subject in self.subjects},
            "faults": list(self.faults),
        }
        return [header, *(_line_of(finding) for finding in self.findings), footer]


def merged(reports: Sequence[Report], faults: Sequence[str] = ()) -> Report:
    """Return one report of several, each of other implementations.

    Args:
        reports: at least one, in the order in which the implementations shall come.
        faults: what else went wrong on the side of the harness.
    """
    findings = tuple(item for one in reports for item in one.findings)
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
    text = "".join(json.dumps(line, allow_nan=False) + "\n" for line in report.lines())
    atomic.write_text(path, text)
