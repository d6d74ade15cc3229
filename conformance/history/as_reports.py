"""A history as reports, for what shows those."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

from fitspec import spec
from fitspec.conformance.report.report import Report

if TYPE_CHECKING:
    from fitspec.conformance.history.history import History


def as_reports(history: History) -> list[Report]:
    """Return a report of each version, in order; without times and scripts, which are not kept."""
    found = []
    for held in history.versions:
        findings = tuple(history.side(held).findings.values())
        header = {
            "fitspec": version("fitspec"),
            "started": held.finished,
            "finished": held.finished,
            "python": held.subject.python,
            "platform": "",
            "clauses": len(spec.contract().clauses),
            "checked": len(findings),
        }
        found.append(Report(header, (held.subject,), findings))
    return found
