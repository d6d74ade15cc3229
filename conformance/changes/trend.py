"""How implementations fared over time, from reports of several days."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from fitspec.conformance.changes.compare import Comparison, Kind, Side, compare, side_of
from fitspec.conformance.report import report
from fitspec.conformance.report.report import ReportError
from fitspec.conformance.report.verdicts import Verdict
from fitspec.conformance.terminal.layout import indented

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from rich.console import Console


@dataclass(frozen=True)
class Look:
    """One implementation in one report.

    Args:
        file: the report's.
        finished: when the run ended, as the report has it.
        fitspec: the version that ran it.
        side: what was found; None if nothing was, as `reason` says.
        reason: why nothing was found.
    """

    file: Path
    finished: str
    fitspec: str
    side: Side | None
    reason: str = ""

    @property
    def counts(self) -> Counter[Verdict]:
        """How many clauses got each verdict."""
        findings = () if self.side is None else self.side.findings.values()
        return Counter(item.verdict for item in findings if item.verdict is not None)


def read_folder(folder: Path) -> dict[str, list[Look]]:
    """Return each implementation in the reports of a folder and of those in it, oldest first.

    Raises:
        ValueError: there is no such folder, or no report in it.
        ReportError: a file in it is no whole report.
    """
    if not folder.is_dir():
        raise ValueError(f"{folder}: there is no such folder; one with reports was expected")
    files = sorted(folder.rglob("*.ndjson"))
    if not files:
        raise ValueError(f"{folder}: no report; files NAME.ndjson of `fitspec run` were expected")
    looks: dict[str, list[Look]] = defaultdict(list)
    for file in files:
        found = report.read(file)
        when, by = str(found.header["finished"]), str(found.header["fitspec"])
        for subject in found.subjects:
            try:
                look = Look(file, when, by, side_of(found, subject.name))
            except ReportError as error:
                look = Look(file, when, by, None, str(error).removeprefix(f"{subject.name}: "))
            looks[subject.name].append(look)
    return {
        name: sorted(looks[name], key=lambda item: (item.finished, item.file))
        for name in sorted(looks)
    }


def steps(looks: Sequence[Look]) -> list[tuple[Look, Comparison | None]]:
    """Return each look with what changed since the last one before it that found something."""
    found: list[tuple[Look, Comparison | None]] = []
    last: Side | None = None
    for look in looks:
        both = last is not None and look.side is not None
        found.append((look, compare(last, look.side) if both and last and look.side else None))
        last = look.side or last
    return found


def render(trends: Mapping[str, Sequence[Look]], console: Console) -> None:
    """Print a table of counts for each implementation, and below it what changed when."""
    for place, (name, looks) in enumerate(trends.items()):
        if place:
            console.print()
        console.print(Text(name, "bold"))
        console.print(indented(_table(looks)))
        for look, comparison in steps(looks):
            _print_changes(look, comparison, console)


def _table(looks: Sequence[Look]) -> Table:
    seen = [verdict for verdict in Verdict if any(look.counts[verdict] for look in looks)]
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("finished", no_wrap=True)
    for verdict in seen:
        table.add_column(str(verdict), justify="right")
    table.add_column("versions")
    for look in looks:
        if look.side is None:
            blanks = ["" for _ in seen]
            table.add_row(_minute(look), *blanks, Text(look.reason, "dim"))
            continue
        counts = [str(look.counts[verdict] or "") for verdict in seen]
        versions = f"{look.side.versions}; fitspec {look.fitspec}"
        table.add_row(_minute(look), *counts, Text(versions, "dim"))
    return table


def _minute(look: Look) -> str:
    return look.finished.replace("T", " ")[:16]


_VERBS = {
    Kind.STARTS_TO_FAIL: "fails since then",
    Kind.STARTS_TO_PASS: "passes since then",
    Kind.FAILS_OTHERWISE: "fails otherwise",
    Kind.BEHAVES_OTHERWISE: "behaves otherwise",
}


def _print_changes(look: Look, comparison: Comparison | None, console: Console) -> None:
    if comparison is None or not (
        comparison.changes or comparison.only_before or comparison.only_after
    ):
        return
    console.print(indented(Text(_minute(look), "bold")))
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for kind, verb in _VERBS.items():
        changed = [item.clause for item in comparison.of(kind)]
        if changed:
            table.add_row(verb, Text(", ".join(changed)))
    for clauses, what in (
        (comparison.only_after, "looked at for the first time"),
        (comparison.only_before, "not looked at any more"),
    ):
        if clauses:
            number = "1 clause" if len(clauses) == 1 else f"{len(clauses)} clauses"
            table.add_row(number, Text(what))
    console.print(indented(indented(table)))
