"""What a terminal shows of a history: one clause over all versions, or which versions there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from fitspec.conformance.changes.sections import SEE
from fitspec.conformance.gate import expected
from fitspec.conformance.history.causes import causes
from fitspec.conformance.history.since import OTHER_CHECK, lines
from fitspec.conformance.report import telling
from fitspec.conformance.report.hostile import visible
from fitspec.conformance.report.verdicts import Verdict
from fitspec.conformance.terminal.layout import STYLES, brief, indented, outcome, told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

    from fitspec.conformance.history.history import History
    from fitspec.conformance.history.since import Stretch
    from fitspec.conformance.report.verdicts import Finding

#: The mark of what has no verdict.
_OPEN = "•"


def render_clause(history: History, clause: str, console: Console) -> None:
    """Print in which versions a clause holds, and where that changed."""
    console.print(Text(clause, "bold"))
    console.print(Text(telling.statement(clause)))
    before: dict[tuple[object, ...], str] = {}
    for line in lines(history, clause):
        console.print()
        signs = (_sign(finding) for _, finding in line.findings)
        console.print(Text.assemble((visible(line.name), "bold"), "  ", *signs))
        for earlier, stretch in zip((None, *line.stretches), line.stretches, strict=False):
            finding = stretch.finding
            same = (finding.verdict, finding.expected, finding.observed, finding.detail)
            console.print(indented(_heading(stretch)))
            if earlier is not None:
                changes = causes(clause, earlier, stretch)
                for change in changes:
                    changed = ("changed by", f"{change.version}: {change.what}")
                    console.print(indented(indented(told([changed, (SEE, change.link)]))))
                if stretch.other_check and not changes:
                    console.print(indented(indented(told([("decided", OTHER_CHECK)]))))
            if finding.verdict not in (None, Verdict.PASS):
                rows = [("as", f"{before[same]} above")] if same in before else _rows(stretch)
                console.print(indented(indented(told(rows))))
            before.setdefault(same, f"{line.name} {stretch.told}")


def _sign(finding: Finding) -> tuple[str, str]:
    if finding.verdict is None:
        return _OPEN, "cyan"
    return finding.verdict.mark, STYLES[finding.verdict]


def _heading(stretch: Stretch) -> Text:
    """Return the versions, and in a few words what they came to."""
    return Text.assemble((visible(stretch.told), "bold"), "  ", outcome(stretch.finding))


def _rows(stretch: Stretch) -> list[telling.Line]:
    finding = stretch.finding
    versions = stretch.versions[-1].subject.versions
    cause = expected.cause_of(finding, versions, expected.known_causes())
    more = [] if cause is None else [("cause", cause.reason), (SEE, cause.link)]
    return [
        *(row for row in telling.told(finding) if row[0] != telling.SAYS),
        *telling.lines(*more),
    ]


def render_missing(missing: Mapping[str, str], console: Console) -> None:
    """Print which versions could not be run, and why; nothing if there are none."""
    if not missing:
        return
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("could not be run", no_wrap=True)
    table.add_column("because", overflow="fold")
    for asked, reason in missing.items():
        table.add_row(Text(visible(asked)), Text(brief(reason)))
    console.print(table)


def render_versions(history: History, console: Console) -> None:
    """Print which versions a history has, and how many clauses got which verdict on each."""
    counts = {item.name: history.counts(item) for item in history.versions}
    seen = [verdict for verdict in Verdict if any(of[verdict] for of in counts.values())]
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("version", no_wrap=True)
    for verdict in seen:
        table.add_column(verdict.mark, justify="right", no_wrap=True)
    table.add_column(_OPEN, justify="right", no_wrap=True)
    # On a narrow terminal the days take several lines, and the numbers stay.
    table.add_column("run on")
    for item in history.versions:
        of = counts[item.name]
        numbers = [str(of[verdict] or "") for verdict in seen]
        table.add_row(Text(visible(item.name)), *numbers, str(of[None] or ""), item.days)
    console.print(table)
    signs = ", ".join(f"{verdict.mark} {verdict}" for verdict in seen)
    console.print(Text(f"{signs}, {_OPEN} a behaviour without a verdict", "dim"))
    render_missing(history.missing, console)
