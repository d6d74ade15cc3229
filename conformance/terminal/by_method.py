"""How many clauses of each method are passed, as a person reads it in a terminal."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from fitspec import spec
from fitspec.conformance.report.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

    from fitspec.conformance.report.report import Report

#: How wide the names of methods and a column with numbers are.
_NAMES, _NUMBERS = 21, 9


def render(report: Report, headings: Mapping[str, str], console: Console) -> None:
    """Print a row for each method; nothing where so many columns have no room.

    Args:
        report: of a run.
        headings: what stands above the column of each implementation.
        console: where to.
    """
    decided = [item for item in report.findings if item.verdict is not None]
    widths = (max(len(item) + 2, _NUMBERS) for item in headings.values())
    if not any(item.available for item in report.subjects):
        return
    if not decided or _NAMES + sum(widths) > console.width:
        return
    method_of = {clause: record.method for clause, record in spec.contract().clauses.items()}
    totals = Counter((method_of[item.clause], item.implementation) for item in decided)
    passed = Counter(
        (method_of[item.clause], item.implementation)
        for item in decided
        if item.verdict is Verdict.PASS
    )
    unavailable = {item.name for item in report.unavailable}
    table = Table(box=None, padding=(0, 1), header_style="bold")
    table.add_column("clauses passed")
    for name in headings:
        table.add_column(Text(headings[name]), justify="right")
    for method in spec.contract().methods:
        if not any(totals[method, name] for name in headings):
            continue
        cells = [
            Text("?", "dim")
            if name in unavailable
            else _cell(passed[method, name], totals[method, name])
            for name in headings
        ]
        table.add_row(Text(method), *cells)
    console.print()
    console.print(table)


def _cell(passed: int, total: int) -> Text:
    if not total:
        return Text("")
    return Text(f"{passed}/{total}", "green" if passed == total else "bold red")
