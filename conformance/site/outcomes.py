"""What a comparison of any two columns needs, in little: of each clause, what came and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.conformance.report.hostile import visible
from fitspec.conformance.report.telling import expected
from fitspec.conformance.report.verdicts import Verdict

if TYPE_CHECKING:
    from fitspec.conformance.site.overview import Cell, Row, Site

#: Of one text, as much as is shown there; the rest is a click away.
_SIDE = 400


def outcomes(site: Site) -> dict[str, Any]:
    """Return the columns, and of each clause its distinct outcomes and which column has which."""
    return {
        "columns": [{"name": visible(item.name), "address": item.address} for item in site.columns],
        "clauses": [_outcomes_of(row) for row in site.rows],
    }


def _outcomes_of(row: Row) -> dict[str, Any]:
    places: dict[tuple[str, ...], int] = {}
    at = [
        None if cell is None else places.setdefault(_outcome(cell), len(places))
        for cell in row.cells
    ]
    same: dict[str, int] = {}
    return {
        "id": row.clause.id,
        "statement": row.clause.statement,
        # The number tells apart what is cut off where it is still the same.
        "outcomes": [
            (kind, mark, _cut(wanted), _cut(observed), same.setdefault(observed, len(same)))
            for kind, mark, wanted, observed in places
        ],
        "at": at,
    }


def _outcome(cell: Cell) -> tuple[str, ...]:
    """Return its kind, its sign, and what was expected and observed, in words."""
    found = cell.finding
    if found.verdict is None:
        return (cell.kind, cell.mark, "", found.behaviour or "")
    if found.verdict is Verdict.PASS:
        # Passes differ in nothing that a comparison would show.
        return (cell.kind, cell.mark, "", "")
    return (cell.kind, cell.mark, expected(found), found.observed)


def _cut(text: str) -> str:
    text = visible(text)
    return text if len(text) <= _SIDE else f"{text[:_SIDE]}…"
