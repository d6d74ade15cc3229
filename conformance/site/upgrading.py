"""What changes for programs as one page that needs no other file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.conformance.site.templates import environment
from fitspec.conformance.upgrade.telling import MEANINGS, by_file, total

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.conformance.upgrade.findings import Finding


def page(
    findings: Sequence[Finding], read: int, *, before: str, after: str, pages: str | None
) -> str:
    """Return findings as a page of HTML, by file, that with the worst first.

    Args:
        findings: all of them.
        read: how many files were read.
        before: what the first side is called.
        after: what the second side is called.
        pages: where the pages of `fitspec report` are that clauses are linked to; None for no
            links.
    """
    return (
        environment()
        .get_template("upgrading.html")
        .render(
            files=by_file(findings),
            total=total(findings, read),
            meanings=MEANINGS,
            before=before,
            after=after,
            pages=None if pages is None else pages.rstrip("/"),
        )
    )
