"""How verdicts look in a terminal, the same wherever they are printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.padding import Padding

from fitspec.conformance.verdicts import Verdict

if TYPE_CHECKING:
    from rich.console import RenderableType

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


def indented(content: RenderableType) -> Padding:
    """Return `content` two columns to the right."""
    return Padding(content, (0, 0, 0, 2), expand=False)
