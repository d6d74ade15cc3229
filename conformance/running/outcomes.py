"""Verdicts as pytest's own outcomes, with what a file of expectations says of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from fitspec.conformance.gate import expected
from fitspec.conformance.gate.entry_faults import entry_faults
from fitspec.conformance.report.telling import heading, told
from fitspec.conformance.report.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Container, Mapping
    from pathlib import Path

    import pytest

    from fitspec.conformance.gate.expected import Entry
    from fitspec.conformance.report.verdicts import Finding


@dataclass(frozen=True)
class Expectations:
    """The verdicts that are known to be no pass; of all others a pass is expected."""

    entries: tuple[Entry, ...] = ()

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a file of expectations.

        Raises:
            ValueError: it is none, or an entry is of no clause, expired or without a reason.
            OSError: it cannot be read.
        """
        entries = expected.read(path)
        faults = entry_faults(entries, datetime.now(UTC).date())
        if faults:
            first = faults[0]
            place = "" if first.entry is None else f"{first.entry.place}: "
            raise ValueError(f"{place}{first.clause}: {first.kind}: {first.words}")
        return cls(entries)

    def of(self, clause: str, name: str, versions: Mapping[str, str]) -> Entry | None:
        """Return what is expected of a clause on an implementation; None if it is a pass."""
        return expected.find(self.entries, clause, name, versions)

    def apply(
        self,
        report: pytest.TestReport,
        finding: Finding,
        versions: Mapping[str, str],
        not_asked: Container[str] = (),
    ) -> None:
        """Make the outcome of a check what it is against the expectation.

        An expected verdict is xfailed. A pass where another verdict is expected fails, as strictly
        as pytest's `xfail_strict`, and so does a verdict other than the expected one. What was to
        be blocked by a clause that was not asked is skipped.

        Args:
            report: of the check, which is changed.
            finding: of the check.
            versions: of the implementation's packages.
            not_asked: the clauses that the run leaves out.
        """
        entry = self.of(finding.clause, finding.implementation, versions)
        if entry is None or finding.verdict is None or finding.verdict is Verdict.UNAVAILABLE:
            return
        if finding.verdict is entry.verdict:
            report.outcome = "skipped"
            report.wasxfail = f"{entry.verdict}: {entry.reason}"
        elif needed := expected.left_open(entry, finding.clause, finding.verdict, not_asked):
            report.outcome = "skipped"
            skipped = f"Skipped: {not_judged(finding, needed)}"
            report.longrepr = (entry.file, entry.line, skipped)
        elif not entry.allows(finding.verdict):
            report.outcome = "failed"
            report.longrepr = unexpected(finding, entry, str(report.longrepr or ""))


def not_judged(finding: Finding, needed: str) -> str:
    """Return why a verdict is not held against the one that is expected.

    Args:
        finding: with the verdict.
        needed: the clause that was to fall, and was not asked.
    """
    return (
        f"{finding.clause}: {finding.verdict}; it was to be blocked by {needed}, which was not"
        " asked"
    )


def unexpected(finding: Finding, entry: Entry, explained: str = "") -> str:
    """Return what a reader needs of a verdict that is not the expected one.

    Args:
        finding: with the verdict.
        entry: that expects another.
        explained: what is said of the finding itself, if it is no pass.
    """
    lines = [explained] if explained else []
    if finding.verdict is Verdict.PASS:
        lines.append(
            f"[XPASS(strict)] {finding.clause} passes on {finding.implementation}; "
            f"{entry.verdict} was expected: remove the entry at {entry.place}"
        )
    else:
        lines.append(
            f"{finding.clause}: {entry.verdict} was expected on {finding.implementation} "
            f"({entry.place}), not {finding.verdict}"
        )
    return "\n".join([*lines, f"  because  {entry.reason}"])


def explained(finding: Finding) -> str:
    """Return what a reader of pytest's output needs of a clause that fell."""
    (_, says), *rest = told(finding)
    lines = [heading(finding), f"  {says}", *(f"  {label:<8}  {text}" for label, text in rest)]
    return "\n".join(lines)
