"""A comparison as one page that needs no other file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.conformance.changes.sections import SEE, not_compared, sections, totals
from fitspec.conformance.report.telling import counted
from fitspec.conformance.site.templates import environment

if TYPE_CHECKING:
    from fitspec.conformance.changes.compare import Comparison
    from fitspec.conformance.changes.sections import Causes


def page(comparison: Comparison, causes: Causes) -> str:
    """Return a comparison as a page of HTML.

    Args:
        comparison: of two sides.
        causes: why implementations fall short, as far as that is known.
    """
    return (
        environment()
        .get_template("differences.html")
        .render(
            sides=[("from", comparison.before), ("to", comparison.after)],
            totals=totals(comparison).capitalize(),
            sections=sections(comparison, causes),
            alone=not_compared(comparison),
            counted=counted,
            see=SEE,
        )
    )
