"""How verdicts look in a terminal, the same wherever they are printed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rich.padding import Padding

from fitspec.conformance.report.verdicts import Verdict

if TYPE_CHECKING:
    from rich.console import RenderableType

#: What sets colours, moves the cursor and the like.
_COMMANDS: Final = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")

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


def plain(text: str) -> str:
    """Return text of an implementation without what a terminal would obey instead of showing it."""
    shown = _COMMANDS.sub("", text)
    return "".join(sign if sign.isprintable() or sign in "\n\t" else "\ufffd" for sign in shown)


def indented(content: RenderableType) -> Padding:
    """Return `content` two columns to the right."""
    return Padding(content, (0, 0, 0, 2), expand=False)
