"""What a comparison of any two columns needs, in little: of each clause, what came and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.conformance.changes.compare import kind_of
from fitspec.conformance.report.hostile import visible
from fitspec.conformance.report.telling import expected
from fitspec.conformance.report.verdicts import Verdict

if TYPE_CHECKING:
    from typing import TypeGuard

    from fitspec.conformance.report.verdicts import Finding
    from fitspec.conformance.site.overview import Cell, Row, Site

#: Of one text, as much as is shown there; the rest is a click away.
_SIDE = 400


def outcomes(site: Site) -> dict[str, Any]:
    """Return the columns, and of each clause its distinct outcomes and which column has which.

    Of each pair of outcomes the kind of change from the first to the second is given.
    """
    return {
        "columns": [{"name": visible(item.name), "address": item.address} for item in site.columns],
        "clauses": [_outcomes_of(row) for row in site.rows],
    }


def _outcomes_of(row: Row) -> dict[str, Any]:
    found: dict[tuple[str, ...], Finding] = {}
    for cell in row.cells:
        if _examined(cell):
            found.setdefault(_outcome(cell), cell.finding)
    places = {outcome: place for place, outcome in enumerate(found)}
    return {
        "id": row.clause.id,
        "statement": row.clause.statement,
        "outcomes": [
            (kind, mark, _cut(wanted), _cut(observed)) for kind, mark, wanted, observed in found
        ],
        "changes": [[kind_of(one, other) for other in found.values()] for one in found.values()],
        "at": [places[_outcome(cell)] if _examined(cell) else None for cell in row.cells],
    }


def _examined(cell: Cell | None) -> TypeGuard[Cell]:
    return cell is not None and cell.finding.verdict is not Verdict.UNAVAILABLE


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
