"""Why implementations fall short: the causes that were found in their sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.conformance.gate import expected

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fitspec.conformance.changes.compare import Side
    from fitspec.conformance.gate.expected import Entry
    from fitspec.conformance.report.verdicts import Finding


def causes_in(sides: Iterable[Side], entries: Iterable[Entry]) -> Mapping[Finding, Entry]:
    """Return what is known of why findings fell short.

    Args:
        sides: with the findings.
        entries: known causes.
    """
    known = tuple(entries)
    return {
        item: cause
        for side in sides
        for item in side.findings.values()
        if (cause := expected.cause_of(item, side.subject.versions, known)) is not None
    }
