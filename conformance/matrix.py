"""The report as a person reads it in a terminal."""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from fitspec import spec
from fitspec.conformance.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from fitspec.conformance.report import Report, Subject
    from fitspec.conformance.verdicts import Finding

_STYLES = {
    Verdict.PASS: "green",
    Verdict.FAIL: "bold red",
    Verdict.ABSENT: "yellow",
    Verdict.ERROR: "bold magenta",
    Verdict.CRASH: "bold magenta",
    Verdict.TIMEOUT: "bold magenta",
    Verdict.UNAVAILABLE: "dim",
    Verdict.BLOCKED: "dim",
}


def render(report: Report, console: Console) -> None:
    """Print the whole report: who, the matrix, what fell short, what is left open, the totals."""
    letters = {item.name: chr(ord("A") + place) for place, item in enumerate(report.subjects)}
    _print_subjects(report, letters, console)
    for level, title in (
        (spec.Level.MUST, "What the documents state"),
        (spec.Level.SHOULD, "What they advise or imply"),
    ):
        _print_grid(report, level, title, letters, console)
    _print_legend(report, console)
    _print_shortfalls(report, console)
    _print_behaviours(report, console)
    _print_totals(report, console)


def _print_subjects(report: Report, letters: dict[str, str], console: Console) -> None:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for subject in report.subjects:
        versions = ", ".join(f"{name} {version}" for name, version in subject.versions.items())
        where = f"{versions}; Python {subject.python}" if versions else "unavailable"
        table.add_row(Text(letters[subject.name], "bold"), subject.name, Text(where, "dim"))
    console.print(table)


def _level(clause_id: str) -> spec.Level:
    return spec.contract().clause(clause_id).level


def _print_grid(
    report: Report, level: spec.Level, title: str, letters: dict[str, str], console: Console
) -> None:
    verdicts = {
        (item.clause, item.implementation): item.verdict
        for item in report.findings
        if item.verdict is not None and _level(item.clause) is level
    }
    if not verdicts:
        return
    clauses = {clause for clause, _ in verdicts}
    console.print()
    console.print(Text(title, "bold underline"))
    table = Table(box=None, padding=(0, 1), header_style="bold")
    table.add_column("")
    table.add_column("")
    for subject in report.subjects:
        heading = subject.name if _fits(report.subjects, console) else letters[subject.name]
        table.add_column(heading, justify="center")
    ordered = [item for item in spec.contract().clauses.values() if item.id in clauses]
    for method, of_method in groupby(ordered, key=lambda item: item.method):
        table.add_row(Text(method, "bold"))
        for topic, of_topic in groupby(of_method, key=lambda item: item.topic):
            for place, clause in enumerate(of_topic):
                rest = clause.id.removeprefix(f"{method}.{topic}").removeprefix(".")
                cells = [_cell(verdicts.get((clause.id, item.name))) for item in report.subjects]
                table.add_row(f"  {topic}" if place == 0 else "", rest, *cells)
    console.print(table)


def _fits(subjects: Sequence[Subject], console: Console) -> bool:
    """Return whether whole names fit above the columns; otherwise letters stand for them."""
    labels = 58
    return labels + sum(len(item.name) + 2 for item in subjects) <= console.width


def _cell(verdict: Verdict | None) -> Text:
    return Text(" ") if verdict is None else Text(verdict.mark, _STYLES[verdict])


def _print_legend(report: Report, console: Console) -> None:
    seen = {item.verdict for item in report.findings if item.verdict is not None}
    console.print()
    for verdict in Verdict:
        if verdict in seen:
            line = Text.assemble(_cell(verdict), f" {verdict:<12}", (verdict.meaning, "dim"))
            console.print(line)


def _print_shortfalls(report: Report, console: Console) -> None:
    fallen = [item for item in report.fell_short if item.verdict is not Verdict.UNAVAILABLE]
    if fallen:
        console.print()
        console.print(Text("What fell short", "bold underline"))
    for same in _alike(fallen):
        first = same[0]
        assert first.verdict is not None  # noqa: S101  it fell short
        clause = spec.contract().clause(first.clause)
        names = ", ".join(item.implementation for item in same)
        heading = Text.assemble(
            (clause.id, "bold"), "  ", (first.verdict, _STYLES[first.verdict]), f"  {names}"
        )
        console.print()
        console.print(heading)
        table = Table(box=None, show_header=False, padding=(0, 1, 0, 0))
        table.add_column(style="dim", no_wrap=True)
        table.add_column(overflow="fold")
        table.add_row("says", Text(clause.statement))
        if first.verdict is Verdict.FAIL:
            table.add_row("expected", Text(first.expected))
        table.add_row("observed", Text(first.observed))
        if first.detail and first.detail not in first.observed:
            table.add_row("which is", Text(first.detail))
        console.print(Padding(table, (0, 0, 0, 2)))


def _alike(findings: Sequence[Finding]) -> Iterator[list[Finding]]:
    """Group the findings that say the same of different implementations."""
    groups: dict[tuple[object, ...], list[Finding]] = defaultdict(list)
    for item in findings:
        groups[item.clause, item.verdict, item.expected, item.observed].append(item)
    order = list(spec.contract().clauses)
    yield from sorted(groups.values(), key=lambda same: order.index(same[0].clause))


def _print_behaviours(report: Report, console: Console) -> None:
    observed = [item for item in report.findings if item.behaviour is not None]
    if not observed:
        return
    console.print()
    console.print(Text("What the documents leave open", "bold underline"))
    ordered = sorted(observed, key=lambda item: list(spec.contract().clauses).index(item.clause))
    for clause_id, of_clause in groupby(ordered, key=lambda item: item.clause):
        console.print()
        console.print(Text(clause_id, "bold"))
        seen: dict[str, list[str]] = defaultdict(list)
        for item in of_clause:
            assert item.behaviour is not None  # noqa: S101  chosen above
            seen[item.behaviour].append(item.implementation)
        for behaviour, names in seen.items():
            console.print(
                Padding(Text.assemble((", ".join(names), "dim"), f": {behaviour}"), (0, 0, 0, 2))
            )


def _print_totals(report: Report, console: Console) -> None:
    console.print()
    for subject in report.subjects:
        console.print(Text.assemble((subject.name, "bold"), ": ", summary(report, subject)))
        if not subject.available:
            console.print(
                Padding(Text(f"{subject.reason}\n{subject.remedy}".strip()), (0, 0, 0, 2))
            )
    total, checked = report.header["clauses"], report.header["checked"]
    console.print(Text(f"{checked} of the contract's {total} clauses were examined.", "dim"))
    for fault in report.faults:
        console.print(Text(f"fault of fitspec, not of any implementation: {fault}", "bold red"))


def summary(report: Report, subject: Subject) -> str:
    """Return the totals of one implementation in a line."""
    counts = report.counts(subject.name)
    total = counts.total()
    open_count = sum(item.behaviour is not None for item in report.of(subject.name))
    others = [f"{counts[verdict]} {verdict}" for verdict in Verdict if counts[verdict]]
    passed = f"{counts[Verdict.PASS]} of {total} clauses passed"
    rest = [text for text in others if not text.endswith(Verdict.PASS)]
    left = [f"{open_count} observed without verdict"] if open_count else []
    inside = f"{subject.seconds:.1f} s, of them {subject.seconds_inside:.1f} s inside"
    return "; ".join([passed, *rest, *left, inside])
