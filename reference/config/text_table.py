"""Rows of text in columns, as summaries of models have them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def ends_of(positions: Sequence[float], length: int) -> list[float]:
    """Return where columns end, in characters.

    Args:
        positions: Where they end: parts of a line up to 1, or numbers of characters.
        length: Of a line.

    """
    ends = list(positions)
    return [length * end for end in ends] if ends[-1] <= 1 else ends


def row(texts: Sequence[str], ends: Sequence[float]) -> str:
    """Write texts into columns; what is too long is cut off."""
    line = ""
    for text, end in zip(texts, ends, strict=False):
        line = (line + text)[: int(end) - 1].ljust(int(end))
    return line.rstrip()
