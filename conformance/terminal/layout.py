"""How verdicts look in a terminal, the same wherever they are printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from fitspec.conformance.report.hostile import shortened, visible
from fitspec.conformance.report.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import RenderableType

    from fitspec.conformance.report.telling import Line

#: Style of a verdict; never the only sign of it.
STYLES = {
    Verdict.PASS: "green",
    Verdict.FAIL: "bold red",
    Verdict.ABSENT: "yellow",
    Verdict.ERROR: "bold magenta",
    Verdict.CRASH: "bold magenta",
    Verdict.TIMEOUT: "bold magenta",
    Verdict.UNAVAILABLE: "dim",
    Verdict.BLOCKED: "dim",
}


def indented(content: RenderableType, columns: int = 2) -> Padding:
    """Return `content` so many columns to the right."""
    return Padding(content, (0, 0, 0, columns), expand=False)


def told(lines: Iterable[Line], gap: int = 1) -> Table:
    """Return lines of a label and a text as a table, the labels in quiet letters."""
    table = Table(box=None, show_header=False, padding=(0, gap, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for label, text in lines:
        table.add_row(label, Text(shortened(visible(text))))
    return table
