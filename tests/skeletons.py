"""Files of `fitspec new-adapter`, filled in as a maintainer would."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def fill_in(file: Path, lines: Mapping[str, str]) -> None:
    """Put others in the place of lines, each of which is there once."""
    text = file.read_text("utf-8")
    for line, becomes in lines.items():
        assert text.count(line) == 1, line
        text = text.replace(line, becomes)
    file.write_text(text, "utf-8")
