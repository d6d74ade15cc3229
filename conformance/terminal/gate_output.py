"""What the gate says, as a person reads it in a terminal or in the log of a CI."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from rich.text import Text

from fitspec.conformance.gate.problems import ProblemKind
from fitspec.conformance.report import telling
from fitspec.conformance.report.verdicts import Verdict
from fitspec.conformance.terminal.layout import STYLES, indented, told

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rich.console import Console

    from fitspec.conformance.gate.gating import Judgement
    from fitspec.conformance.gate.problems import Problem
    from fitspec.conformance.report.telling import Line


def render(judgement: Judgement, names: Mapping[str, str], console: Console) -> None:
    """Print what is to be settled, by kind, each with what to do, and the totals last.

    Args:
        judgement: of the gate.
        names: of the files, as the user wrote them: `expectations` and `reports`.
        console: where to.
    """
    problems(judgement.problems, names, console)
    if judgement.problems:
        console.print()
    for line in _totals(judgement, names):
        console.print(line)


def problems(found: Sequence[Problem], names: Mapping[str, str], console: Console) -> None:
    """Print problems, which are sorted by kind already."""
    for place, (kind, same) in enumerate(groupby(found, key=lambda item: item.kind)):
        if place:
            console.print()
        console.print(Text(heading(kind), "bold underline"))
        for problem in same:
            if kind is ProblemKind.UNREASONED and problem.entry is not None:
                line = f"  {problem.entry.place}  {problem.clause}  {problem.words}"
                console.print(Text(line), soft_wrap=True)
            else:
                _print_problem(problem, console)
        console.print()
        console.print(Text(kind.remedy.format(**names)), soft_wrap=True)


def heading(kind: ProblemKind) -> str:
    """Return a kind of problem as a title."""
    return f"{kind[0].upper()}{kind[1:]}"


def _print_problem(problem: Problem, console: Console) -> None:
    console.print()
    finding = problem.finding
    parts: list[str | tuple[str, str]] = [(problem.clause, "bold")]
    if finding is not None and finding.verdict is not None:
        parts += ["  ", (finding.verdict, STYLES[finding.verdict])]
    if problem.implementation:
        parts.append(f"  {problem.implementation}")
    console.print(Text.assemble(*parts))
    console.print(indented(told(_lines(problem))))


def _lines(problem: Problem) -> Iterable[Line]:
    finding, entry = problem.finding, problem.entry
    if problem.words:
        yield (
            ("before" if finding or problem.kind is ProblemKind.LOST else "because"),
            problem.words,
        )
    if finding is not None and finding.fell_short:
        yield from telling.told(finding)
    if entry is not None and problem.kind in (
        ProblemKind.PASSED,
        ProblemKind.OTHERWISE,
        ProblemKind.NOT_EXAMINED,
    ):
        yield "listed", f"{entry.verdict}: {entry.reason}"
    if entry is not None:
        yield "entry", entry.place


def _totals(judgement: Judgement, names: Mapping[str, str]) -> Iterable[Text]:
    report, found = judgement.report, judgement.problems
    for subject in report.subjects:
        counts = report.counts(subject.name)
        if not subject.available:
            reason = telling.refusal(subject).partition("\n")[0]
            yield Text.assemble((subject.name, "bold"), f": unavailable: {reason}")
            continue
        own, met = judgement.amounts[subject.name], judgement.met[subject.name]
        yield Text.assemble(
            (subject.name, "bold"),
            f": {counts[Verdict.PASS]} of {counts.total()} clauses passed; {met} fell short as"
            f" expected; {own} otherwise",
            f"; {len(subject.not_asked)} not asked" if subject.not_asked else "",
            (f"  ({subject.made_of})", "dim"),
        )
    if report.unsteady:
        words = (
            f"Not the same each time they were tried: {report.unsteady}; `fitspec run` names them."
        )
        yield Text(words, "dim")
    if judgement.unused:
        count = telling.counted(len(judgement.unused), "entry is", "entries are")
        words = f"{count} about implementations or versions that the report does not hold."
        yield Text(words, "dim")
    if judgement.earlier is not None:
        yield Text(f"Compared with {judgement.earlier.name} of {judgement.earlier.day}.", "dim")
    elif any(item.kind is ProblemKind.UNEXPECTED for item in found):
        yield Text("With --since OLD.ndjson, a report of before, it is said what regressed.", "dim")
    for fault in report.faults:
        yield Text(telling.fault(fault), "bold red")
    if judgement.proves_nothing:
        words = "The gate stays closed: the run failed, and proves nothing."
        yield Text(words, "bold red")
    elif found:
        total = judgement.amounts.total()
        amount = telling.counted(total, "thing is", "things are")
        some = f", of which {len(found)} are told" if total > len(found) else ""
        yield Text(f"The gate stays closed: {amount} to be settled{some}.", "bold red")
    else:
        yield Text(f"The gate is open: all is as {names['expectations']} says.", "bold green")
