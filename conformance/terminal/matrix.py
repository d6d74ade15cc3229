"""The report as a person reads it in a terminal."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from fitspec import spec
from fitspec.conformance.report import telling
from fitspec.conformance.report.verdicts import UNSTEADY, UNSTEADY_MEANING, Verdict
from fitspec.conformance.terminal import behaviours, by_method, shortfalls
from fitspec.conformance.terminal.layout import STYLES, indented

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from fitspec.conformance.report.report import Report, Subject
    from fitspec.conformance.report.verdicts import Finding


def render(report: Report, console: Console, *, verbose: bool = False) -> None:
    """Print the whole report: who, the matrix, what fell short, what is left open, the totals.

    What passes everywhere is only counted, unless everything is asked for.

    Args:
        report: of a run.
        console: where to.
        verbose: whether to print every clause, what is left open, and with each deviation the
            script that shows it.
    """
    headings = _headings(report.subjects, console)
    _print_subjects(report, headings, console)
    if not verbose:
        by_method.render(report, headings, console)
    fallen = {item.clause for item in report.fell_short if item.verdict is not Verdict.UNAVAILABLE}
    # Of one implementation the list of what fell short says all that a column would.
    shown = fallen if len(report.subjects) > 1 else set()
    for level, title in (
        (spec.Level.MUST, "What the documents state"),
        (spec.Level.SHOULD, "What they advise or imply"),
    ):
        of_level = {
            item.clause
            for item in report.findings
            if item.verdict is not None and _level(item.clause) is level
        }
        _print_grid(report, of_level if verbose else of_level & shown, title, headings, console)
    if verbose or shown:
        _print_legend(report, console)
    shortfalls.render(report, console, scripts=verbose)
    if verbose:
        behaviours.render(report, console)
    _print_totals(report, console)
    if not verbose:
        console.print(Text("Every clause, and what is left open: --verbose.", "dim"))


#: With more columns than that they are set as close as they can be.
_FEW = 9
#: How wide the names of clauses are at most.
_LABELS = 58


def _headings(subjects: Sequence[Subject], console: Console) -> dict[str, str]:
    """Return what stands above each column: names where they fit, otherwise numbers."""
    if _LABELS + sum(len(item.name) + 2 for item in subjects) <= console.width:
        return {item.name: item.name for item in subjects}
    return {item.name: str(place) for place, item in enumerate(subjects, start=1)}


def _print_subjects(report: Report, headings: dict[str, str], console: Console) -> None:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for subject in report.subjects:
        heading = headings[subject.name]
        number = [] if heading == subject.name else [Text(heading, "bold")]
        where = subject.origin
        if subject.versions and subject.unpinned:
            where += "; what it depends on not pinned"
        table.add_row(*number, Text(subject.name), Text(where, "dim"))
    console.print(table)


def _level(clause_id: str) -> spec.Level:
    return spec.contract().clause(clause_id).level


def _print_grid(
    report: Report, clauses: set[str], title: str, headings: dict[str, str], console: Console
) -> None:
    findings = {
        (item.clause, item.implementation): item
        for item in report.findings
        if item.clause in clauses
    }
    if not findings:
        return
    console.print()
    console.print(Text(title, "bold underline"))
    crowded = _LABELS + sum(len(item) + 2 for item in headings.values()) > console.width
    crowded = crowded and len(headings) > _FEW
    table = Table(
        box=None,
        padding=(0, 1, 0, 0) if crowded else (0, 1),
        header_style="bold",
        show_header=not crowded,
    )
    table.add_column("", overflow="fold")
    table.add_column("", overflow="fold")
    for subject in report.subjects:
        table.add_column(Text(headings[subject.name]), justify="center")
    ordered = [item for item in spec.contract().clauses.values() if item.id in clauses]
    for method, of_method in groupby(ordered, key=lambda item: item.method):
        # Digits below each other take the place of one; and in a long table the top is far away.
        stacked = ["\n".join(item.rjust(2)) for item in headings.values()] if crowded else []
        if stacked:
            table.add_row()
        table.add_row(
            Text(f"\n{method}" if stacked else method, "bold"),
            "",
            *(Text(item, "bold") for item in stacked),
        )
        for topic, of_topic in groupby(of_method, key=lambda item: item.topic):
            for place, clause in enumerate(of_topic):
                rest = clause.id.removeprefix(f"{method}.{topic}").removeprefix(".")
                cells = [_cell(findings.get((clause.id, item.name))) for item in report.subjects]
                table.add_row(f"  {topic}" if place == 0 else "", rest, *cells)
    console.print(table)


def _cell(finding: Finding | None) -> Text:
    if finding is None or finding.verdict is None:
        return Text(" ")
    sign = _sign(finding.verdict)
    return sign.append(UNSTEADY) if finding.unsteady else sign


def _sign(verdict: Verdict) -> Text:
    return Text(verdict.mark, STYLES[verdict])


def _print_legend(report: Report, console: Console) -> None:
    seen = {item.verdict for item in report.findings if item.verdict is not None}
    console.print()
    for verdict in Verdict:
        if verdict in seen:
            line = Text.assemble(_sign(verdict), f" {verdict:<12}", (verdict.meaning, "dim"))
            console.print(line)
    if any(item.unsteady for item in report.findings):
        console.print(Text.assemble(f"{UNSTEADY} {'unsteady':<12}", (UNSTEADY_MEANING, "dim")))


def _print_totals(report: Report, console: Console) -> None:
    console.print()
    for subject in report.subjects:
        console.print(Text.assemble((subject.name, "bold"), ": ", summary(report, subject)))
        if not subject.available:
            console.print(indented(Text(telling.refusal(subject))))
    total, checked = report.header["clauses"], report.header["checked"]
    console.print(Text(f"{checked} of the contract's {total} clauses were examined.", "dim"))
    for fault in report.faults:
        console.print(Text(telling.fault(fault), "bold red"))


def summary(report: Report, subject: Subject) -> str:
    """Return the totals of one implementation in a line."""
    counts = report.counts(subject.name)
    total = counts.total()
    if not subject.available and not counts.keys() - {Verdict.UNAVAILABLE}:
        return Verdict.UNAVAILABLE.meaning
    rest = [f"{counts[item]} {item}" for item in Verdict if counts[item] and item != Verdict.PASS]
    open_count = sum(item.behaviour is not None for item in report.of(subject.name))
    left = [f"{open_count} observed without verdict"] if open_count else []
    parts = "; ".join([f"{counts[Verdict.PASS]} of {total} clauses passed", *rest, *left])
    return f"{parts} ({subject.seconds:.1f} s, {subject.seconds_inside:.1f} s of it inside)"
