"""What a terminal shows of reports of several days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from fitspec.conformance.changes.compare import Kind
from fitspec.conformance.changes.trend import steps
from fitspec.conformance.report.hostile import visible
from fitspec.conformance.report.telling import counted
from fitspec.conformance.report.verdicts import Verdict
from fitspec.conformance.terminal.layout import indented, told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console

    from fitspec.conformance.changes.compare import Comparison
    from fitspec.conformance.changes.trend import Standing


def render(trends: Mapping[str, Sequence[Standing]], console: Console) -> None:
    """Print a table of counts for each implementation, and below it what changed when."""
    for place, (name, standings) in enumerate(trends.items()):
        if place:
            console.print()
        console.print(Text(name, "bold"))
        console.print(indented(_table(standings)))
        for standing, comparison in steps(standings):
            _print_changes(standing, comparison, console)


def _table(standings: Sequence[Standing]) -> Table:
    seen = [
        verdict for verdict in Verdict if any(standing.counts[verdict] for standing in standings)
    ]
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("finished", no_wrap=True)
    for verdict in seen:
        table.add_column(str(verdict), justify="right")
    table.add_column("versions")
    for standing in standings:
        if standing.side is None:
            blanks = ["" for _ in seen]
            table.add_row(_minute(standing), *blanks, Text(visible(standing.reason), "dim"))
            continue
        counts = [str(standing.counts[verdict] or "") for verdict in seen]
        versions = f"{standing.side.versions}; fitspec {standing.fitspec}"
        table.add_row(_minute(standing), *counts, Text(versions, "dim"))
    return table


def _minute(standing: Standing) -> str:
    return standing.finished.replace("T", " ")[:16]


_VERBS = {
    Kind.STARTS_TO_FAIL: "fails since then",
    Kind.STARTS_TO_PASS: "passes since then",
    Kind.FAILS_OTHERWISE: "fails otherwise",
    Kind.BEHAVES_OTHERWISE: "behaves otherwise",
}


def _print_changes(standing: Standing, comparison: Comparison | None, console: Console) -> None:
    if comparison is None or not (
        comparison.changes or comparison.only_before or comparison.only_after
    ):
        return
    console.print(indented(Text(_minute(standing), "bold")))
    changed = [
        (verb, ", ".join(item.clause for item in comparison.of(kind)))
        for kind, verb in _VERBS.items()
    ]
    examined = [
        (comparison.only_after, "looked at for the first time"),
        (comparison.only_before, "not looked at any more"),
    ]
    lines = [
        *(line for line in changed if line[1]),
        *((counted(len(clauses), "clause"), what) for clauses, what in examined if clauses),
    ]
    console.print(indented(indented(told(lines, gap=2))))
