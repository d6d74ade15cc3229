"""What is known of the two sides: reports that come with fitspec, or are given."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from fitspec.conformance.changes import sides as changes_sides
from fitspec.conformance.changes.compare import compare
from fitspec.conformance.report import reading, report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.conformance.changes.compare import Comparison
    from fitspec.conformance.report.report import Report

_FOLDER = Path(str(files("fitspec.conformance.upgrade") / "reports"))


def known() -> list[str]:
    """Return the implementations of which a report comes with fitspec."""
    return sorted(item.stem for item in _FOLDER.glob("*.ndjson"))


def comparison(before: str, after: str) -> Comparison:
    """Return what differs between two sides.

    Args:
        before: the name of an implementation of which a report comes with fitspec, a report file,
            or ``FILE:NAME`` where that holds several.
        after: likewise.

    Raises:
        ValueError: there is no such implementation or file, or no report of it.
        ReportError: a file is no report.
    """
    return compare(*changes_sides.sides(before, after, _shipped))


def _shipped(names: Sequence[str]) -> Report:
    for name in names:
        if name not in known():
            raise ValueError(
                f"{name}: no report of it comes with fitspec, as do those of {', '.join(known())};"
                f" `fitspec run {name} --report found.ndjson` makes one, and found.ndjson can be "
                "given in place of the name"
            )
    return report.merged([reading.read(_FOLDER / f"{name}.ndjson") for name in names])
