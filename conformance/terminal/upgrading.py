"""What changes for a program, as a person reads it in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.text import Text

from fitspec.conformance.report.hostile import on_a_line, visible
from fitspec.conformance.terminal.layout import indented, told
from fitspec.conformance.upgrade.findings import Kind
from fitspec.conformance.upgrade.telling import by_file, total

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from fitspec.conformance.upgrade.findings import Finding

_STYLES: Final = {
    Kind.SILENT: "bold red",
    Kind.FAILS: "bold yellow",
    Kind.ABSENT: "bold yellow",
    Kind.OTHERWISE: "bold",
}


def render(findings: Sequence[Finding], read: int, console: Console) -> None:
    """Print what changes, by file, the worst first.

    Args:
        findings: all of them.
        read: how many files were read.
        console: where to.
    """
    for file, found in by_file(findings):
        console.print(Text(on_a_line(file), "bold underline"))
        shown: set[tuple[str, str]] = set()
        for item in found:
            # What is said once of a file is not said of each line again.
            first = (item.rule, item.after) not in shown
            shown.add((item.rule, item.after))
            _print(item, console, whole=first)
        console.print()
    console.print(Text(total(findings, read), "bold"))


def _print(item: Finding, console: Console, *, whole: bool) -> None:
    place = f"cell {item.place.cell}, {item.place.line}" if item.place.cell else item.place.line
    where = f"{place}:{item.place.column}"
    sure = "" if item.certain else "perhaps "
    console.print(
        Text.assemble(
            (f"{where:<8} ", "dim"),
            (f"{sure}{item.kind}", _STYLES[item.kind]),
            f"  {visible(item.call)}  ",
            (item.clause, "dim"),
        )
    )
    rows = [("if", item.condition)] if item.condition else []
    if whole:
        rows += [("before", item.before), ("now", item.after)]
    if whole and item.advice is not None:
        rows += [("write", item.advice.says)]
        rows += [("", line) for line in item.advice.write.strip().splitlines()]
    if item.by_hand:
        rows += [("by hand", item.by_hand)]
    if whole and item.repro:
        rows += [("show", item.repro)]
    console.print(indented(told([(label, visible(text)) for label, text in rows])))
