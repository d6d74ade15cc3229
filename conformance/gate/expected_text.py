"""How expectations are written down: the same always, so that a change shows what changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.conformance.gate.expected import Entry
    from fitspec.conformance.gate.expected_source import ExpectedFile

_WIDTH: Final = 100
_TOP: Final = (
    "# Verdicts that are known not to be a pass, each with its reason.",
    "# `fitspec expect --update` brings this file up to a report; what it asks for is `reason`.",
)


def file_text(source: ExpectedFile, entries: Sequence[str]) -> str:
    """Return the text of a file.

    Args:
        source: what it was so far, whose comments stay.
        entries: as `entry_text` returns them, with the comments above each.
    """
    parts = ["\n".join(source.top or _TOP), *entries]
    if source.end:
        parts.append("\n".join(source.end))
    return "\n\n".join(parts) + "\n"


def entry_text(entry: Entry) -> str:
    """Return the text of one entry, without a newline at its end."""
    lines = ["[[expect]]"]
    if len(entry.clauses) == 1:
        lines.append(f"clause = {_text(entry.clauses[0])}")
    else:
        lines.append(_list("clauses", entry.clauses))
    if entry.of:
        lines.append(_list("of", entry.of))
    lines.append(f"verdict = {_text(entry.verdict)}")
    lines.append(f"reason = {_text(entry.reason)}")
    if entry.link:
        lines.append(f"link = {_text(entry.link)}")
    if entry.versions:
        lines.append(f"versions = {_text(entry.versions)}")
    if entry.expires is not None:
        lines.append(f"expires = {entry.expires.isoformat()}")
    if entry.at_times:
        lines.append("at_times = true")
    return "\n".join(lines)


def _list(key: str, names: Sequence[str]) -> str:
    line = f"{key} = [{', '.join(map(_text, names))}]"
    if len(line) <= _WIDTH:
        return line
    return "\n".join([f"{key} = [", *(f"    {_text(name)}," for name in names), "]"])


def _text(value: str) -> str:
    # What JSON escapes TOML escapes the same way; TOML wants one sign more to be.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
