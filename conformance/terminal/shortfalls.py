"""What fell short, as a person reads it in a terminal."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from fitspec import spec
from fitspec.conformance.report.verdicts import Verdict, suspected
from fitspec.conformance.terminal.layout import STYLES, indented, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from fitspec.conformance.report.report import Report
    from fitspec.conformance.report.verdicts import Finding

#: Told in full; what is missing, or was not looked at, is told in a list.
_IN_FULL = (Verdict.FAIL, Verdict.ERROR, Verdict.CRASH, Verdict.TIMEOUT)


def render(report: Report, console: Console, *, scripts: bool = False) -> None:
    """Print what fell short: each deviation in full, then what is not offered, by reason.

    Args:
        report: of a run.
        console: where to.
        scripts: whether to print with each deviation the script that shows it.
    """
    fallen = [item for item in report.fell_short if item.verdict is not Verdict.UNAVAILABLE]
    if fallen:
        console.print()
        console.print(Text("What fell short", "bold underline"))
    _print_deviations(
        report, [item for item in fallen if item.verdict in _IN_FULL], console, scripts=scripts
    )
    for verdict in (Verdict.ABSENT, Verdict.BLOCKED):
        _print_by_reason([item for item in fallen if item.verdict is verdict], verdict, console)


def _print_by_reason(findings: Sequence[Finding], verdict: Verdict, console: Console) -> None:
    """Print which clauses share a reason: often one missing argument accounts for many."""
    if not findings:
        return
    clauses: dict[tuple[str, str], list[str]] = defaultdict(list)
    for item in findings:
        clauses[item.implementation, item.observed].append(item.clause)
    names: dict[tuple[str, tuple[str, ...]], list[str]] = defaultdict(list)
    for (name, reason), fallen in clauses.items():
        names[reason, tuple(fallen)].append(name)
    for (reason, of_reason), same in names.items():
        console.print()
        heading = (plain(reason), "bold"), "  ", (verdict, STYLES[verdict]), f"  {', '.join(same)}"
        console.print(Text.assemble(*heading))
        console.print(indented(Text(", ".join(of_reason))))


def _print_deviations(
    report: Report, fallen: Sequence[Finding], console: Console, *, scripts: bool
) -> None:
    for same in _alike(fallen):
        first = same[0]
        assert first.verdict is not None  # noqa: S101  it fell short
        clause = spec.contract().clause(first.clause)
        names = ", ".join(item.implementation for item in same)
        heading = Text.assemble(
            (clause.id, "bold"), "  ", (first.verdict, STYLES[first.verdict]), f"  {names}"
        )
        console.print()
        console.print(heading)
        table = Table(box=None, show_header=False, padding=(0, 1, 0, 0))
        table.add_column(style="dim", no_wrap=True)
        table.add_column(overflow="fold")
        table.add_row("says", Text(clause.statement))
        if first.verdict is Verdict.FAIL:
            table.add_row("expected", Text(plain(first.expected)))
        table.add_row("observed", Text(plain(first.observed)))
        if first.example:
            table.add_row("for", Text(plain(first.example)))
        if first.detail and first.detail not in first.observed:
            label = "as if" if first.verdict is Verdict.FAIL else "because"
            table.add_row(label, Text(plain(first.detail)))
        if suspected(item for item in report.findings if item.clause == first.clause):
            table.add_row("but", Text("every implementation fails here: the check may be wrong"))
        console.print(indented(table))
        if scripts and first.script:
            console.print()
            # As it is: a person copies it.
            console.print(first.script, markup=False, highlight=False, soft_wrap=True, end="")


def _alike(findings: Sequence[Finding]) -> Iterator[list[Finding]]:
    """Group the findings that say the same of different implementations."""
    groups: dict[tuple[object, ...], list[Finding]] = defaultdict(list)
    for item in findings:
        groups[item.clause, item.verdict, item.expected, item.observed].append(item)
    place = spec.contract().places()
    yield from sorted(groups.values(), key=lambda same: place(same[0].clause))
