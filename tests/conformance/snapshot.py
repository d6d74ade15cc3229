"""Comparison of printed text with a file that a person has read and found good."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).with_name("snapshots")


def matches(name: str, printed: str) -> bool:
    """Return whether `printed` is what the snapshot says, but for blanks at the ends of lines.

    With the variable `UPDATE_SNAPSHOTS` set, the file is written instead.
    """
    text = "".join(line.rstrip() + "\n" for line in printed.splitlines())
    path = FOLDER / f"{name}.txt"
    if "UPDATE_SNAPSHOTS" in os.environ:
        path.write_text(text, "utf-8")
    return path.read_text("utf-8") == text
