"""What is known of the two sides: versions of the history, or reports that are given."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from fitspec.conformance.changes import sides as changes_sides
from fitspec.conformance.changes.compare import compare
from fitspec.conformance.history import storing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.conformance.changes.compare import Comparison, Side


def comparison(before: str, after: str) -> Comparison:
    """Return what differs between two sides.

    Args:
        before: the name of an implementation of which a version is in the history that comes with
            fitspec, a version there, such as keras@2.3, a report file, or ``FILE:NAME`` where that
            holds several.
        after: likewise.

    Raises:
        ValueError: there is no such implementation, version or file.
        ReportError: a file is no report.
    """
    return compare(*changes_sides.sides(before, after, _refused, _known))


def _known(text: str) -> Side | None:
    history = storing.shipped()
    held = history.find(text)
    return None if held is None else history.side(held, called=text)


def _refused(names: Sequence[str]) -> NoReturn:
    name = names[0]
    there = dict.fromkeys(item.name for item in storing.shipped().versions)
    raise ValueError(
        f"{name}: the history that comes with fitspec does not have it, as it has "
        f"{', '.join(there)}; `fitspec run {name} --report found.ndjson` makes a report, and "
        "found.ndjson can be given in place of the name"
    )
