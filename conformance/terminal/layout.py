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
    from fitspec.conformance.report.verdicts import Finding

#: Of a reason, so many lines and letters are told where it is one of several.
_LINES, _LONGEST = 2, 300
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


def outcome(finding: Finding) -> tuple[str, str]:
    """Return the verdict, or the behaviour where there is none, with its style."""
    if finding.verdict is None:
        return visible(finding.behaviour or ""), "cyan"
    return str(finding.verdict), STYLES[finding.verdict]


def heading(what: str, verdict: Verdict, whom: str) -> Text:
    """Return what got a verdict, which, and on whom."""
    return Text.assemble((what, "bold"), "  ", (verdict, STYLES[verdict]), f"  {whom}")


def brief(reason: str) -> str:
    """Return the beginning of why something could not be run, on one line."""
    words = " ".join(line.strip() for line in reason.strip().splitlines()[:_LINES])
    return shortened(visible(words), _LONGEST)


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
