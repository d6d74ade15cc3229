"""What fell short, as a person reads it in a terminal."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from rich.text import Text

from fitspec.conformance.report import telling
from fitspec.conformance.report.hostile import shortened, visible
from fitspec.conformance.report.verdicts import Verdict, suspected
from fitspec.conformance.terminal.layout import heading, indented, told

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    _print_unsteady([item for item in report.findings if item.unsteady], console)


def _print_unsteady(findings: Sequence[Finding], console: Console) -> None:
    """Print what did not come out the same each time it was tried, passes among it."""
    if not findings:
        return
    console.print()
    console.print(Text("What is unsteady", "bold underline"))
    for item in findings:
        console.print()
        console.print(Text.assemble((item.clause, "bold"), f"  {item.implementation}"))
        console.print(indented(told(telling.steadiness(item))))


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
        console.print(
            heading(shortened(visible(reason), telling.LONGEST), verdict, ", ".join(same))
        )
        console.print(indented(Text(", ".join(of_reason))))


def _print_deviations(
    report: Report, fallen: Sequence[Finding], console: Console, *, scripts: bool
) -> None:
    for same in telling.alike(fallen):
        first = same[0]
        assert first.verdict is not None  # noqa: S101  it fell short
        names = ", ".join(item.implementation for item in same)
        console.print()
        console.print(heading(first.clause, first.verdict, names))
        lines = telling.told(first)
        if suspected(item for item in report.findings if item.clause == first.clause):
            lines.append(("but", "every implementation fails here: the check may be wrong"))
        console.print(indented(told(lines)))
        if scripts and first.script:
            console.print()
            # As it is: a person copies it.
            console.print(first.script, markup=False, highlight=False, soft_wrap=True, end="")
