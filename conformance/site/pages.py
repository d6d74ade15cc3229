"""The pages of a site: what each one is called, and its text.

Whatever comes from an implementation is escaped: by Jinja where it stands in a page, by JSON where
a page loads it later, and `visible` before both for what HTML would pass on unseen.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from importlib.metadata import version
from itertools import groupby
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from fitspec import spec
from fitspec.conformance.checks.index import index
from fitspec.conformance.history.history import EMPTY
from fitspec.conformance.report.hostile import visible
from fitspec.conformance.report.verdicts import UNSTEADY, UNSTEADY_MEANING, Verdict
from fitspec.conformance.site import picture_files
from fitspec.conformance.site.outcomes import outcomes
from fitspec.conformance.site.overview import totals
from fitspec.conformance.site.pictures import pictures, slowest
from fitspec.conformance.site.templates import environment, source
from fitspec.conformance.site.versions import bars, family, since, turns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from fitspec.conformance.history.history import History
    from fitspec.conformance.site.overview import Cell, Column, Row, Site

    Page = Callable[..., str]

#: What the pages load, as it lies in the package.
_ASSETS = (
    *("site.css", "theme.js", "site.js", "compare.js"),
    *("matrix.js", "matrix_keys.js", "matrix_panel.js"),
)


def pages(
    site: Site, history: History = EMPTY, *, png: bool = False
) -> Iterator[tuple[str, str | bytes]]:
    """Yield the path of each file of the site, and its text.

    Args:
        site: what the pages show.
        history: what is known of versions, beside it.
        png: whether to draw the pictures as PNG as well.
    """
    everywhere = _everywhere(site)
    subjects = {column.address: column.subject for column in site.columns}

    def page(template: str, root: str = "", **given: Any) -> str:
        here = template.removesuffix(".html")
        found = environment().get_template(template)
        return found.render(everywhere, root=root, here=here, **given)

    for name in _ASSETS:
        yield f"assets/{name}", source(name)
    yield "assets/outcomes.js", f"fitspecOutcomes({_json(outcomes(site))});\n"
    yield from _clauses(
        site, history, page, environment().get_template("cell.html").make_module(everywhere)
    )
    for column in site.columns:
        path = f"implementations/{column.address}.html"
        yield path, page("implementation.html", "../", **_of_column(site, history, column))
    yield from _pictures(site, history, page, png=png)
    yield "compare.html", page("compare.html")
    yield (
        "index.html",
        page(
            "matrix.html",
            families=[family(history, column.subject) for column in site.columns],
            turns=lambda clause: turns(history, clause, subjects),
        ),
    )


@dataclass(frozen=True)
class _Found:
    """What was found on one implementation, and how a page shows it."""

    column: Column
    cell: Cell
    text: Markup


@dataclass(frozen=True)
class _Line:
    """What an implementation did in one method."""

    method: str
    counts: Mapping[Verdict, int]
    seconds: float


def _everywhere(site: Site) -> dict[str, Any]:
    contract = spec.contract()
    return {
        "site": site,
        "version": version("fitspec"),
        "made": _made(site),
        "contract_size": len(contract.clauses),
        "documents": contract.documents,
        "profiles": contract.profiles,
        "levels": list(spec.Level),
        "legend": list(Verdict),
        "unsteady": UNSTEADY,
        "unsteady_meaning": UNSTEADY_MEANING,
        "verdicts": _seen(site),
        "totals": totals,
        "examined": {row.clause.id for row in site.rows},
    }


def _made(site: Site) -> str:
    days = sorted({str(column.header.get("started", ""))[:10] for column in site.columns})
    return days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"


def _seen(site: Site) -> list[Verdict]:
    seen = {verdict for column in site.columns for verdict in column.counts}
    return [item for item in Verdict if item in seen]


def _clauses(site: Site, history: History, page: Page, macros: Any) -> Iterator[tuple[str, str]]:
    """Yield the page of each clause, and what the matrix loads to show one of its cells."""
    for row in site.rows:
        found = [
            _Found(column, cell, macros.finding(cell))
            for column, cell in zip(site.columns, row.cells, strict=True)
            if cell is not None
        ]
        clause_id = row.clause.id
        yield (
            f"clauses/{clause_id}.html",
            page(
                "clause.html",
                "../",
                bars=bars(history, clause_id, row.behaviours),
                **_of_clause(row, found),
            ),
        )
        content = {
            "facts": macros.clause_facts(row.clause, ""),
            "cells": {
                item.column.address: {
                    "name": visible(item.column.name),
                    "verdict": macros.verdict(item.cell),
                    "text": item.text,
                }
                for item in found
            },
        }
        yield f"cells/{clause_id}.js", f"fitspecCell({_json(clause_id)}, {_json(content)});\n"


def _of_clause(row: Row, found: Sequence[_Found]) -> dict[str, Any]:
    return {
        "row": row,
        "found": found,
        "contradictions": spec.contract().contradictions_of(row.clause.id),
        "check": index().get(row.clause.id),
    }


def _of_column(site: Site, history: History, column: Column) -> dict[str, Any]:
    place = site.columns.index(column)
    pairs = [(row, cell) for row in site.rows if (cell := row.cells[place]) is not None]
    fallen = [pair for pair in pairs if pair[1].finding.fell_short]
    left_open = [pair for pair in pairs if pair[1].finding.verdict is None]
    return {
        "column": column,
        "since": lambda clause: since(history, clause, column.subject),
        "open": left_open,
        "short": [
            (method, list(lines))
            for method, lines in groupby(fallen, key=lambda pair: pair[0].clause.method)
        ],
        "by_method": [
            _line(method, [cell for _, cell in of_method])
            for method, of_method in groupby(pairs, key=lambda pair: pair[0].clause.method)
        ],
    }


def _line(method: str, cells: Sequence[Cell]) -> _Line:
    verdicts = (cell.finding.verdict for cell in cells)
    return _Line(
        method,
        Counter(item for item in verdicts if item is not None),
        sum(cell.finding.seconds for cell in cells),
    )


def _pictures(
    site: Site, history: History, page: Page, *, png: bool
) -> Iterator[tuple[str, str | bytes]]:
    drawings = []
    for picture in pictures(site, history):
        drawing = picture_files.in_page(picture)
        drawings.append((picture, Markup(drawing)))  # noqa: S704  a template made it, and escapes
        alone = picture_files.standing_alone(picture)
        yield f"pictures/{picture.name}.svg", alone
        if png:
            yield f"pictures/{picture.name}.png", picture_files.png(alone)
    longest = slowest(site)
    yield "pictures.html", page("pictures.html", drawings=drawings, slowest=longest, png=png)


def _json(content: Any) -> str:
    # Pure ASCII, so that no script is broken by what a file or a server takes its letters for.
    return json.dumps(content, separators=(",", ":"))
