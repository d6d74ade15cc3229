"""What a reader sees of a progress bar in what was printed."""

from __future__ import annotations

import itertools
import math
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fitspec.conformance.worker.remote import Result

#: Five or more of a sign that bars are drawn with, in a row.
BAR = re.compile(r"([=━─█▇▓#*•.>-])\1{4}")
#: Returning to the start of the line, or stepping back in it, to draw anew.
REDRAWING = re.compile("[\r\b]")
#: What a terminal takes for colours and the like, and does not show.
_STYLE = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def progress(printed: str, *, steps: int, samples: int) -> dict[str, bool]:
    """Say whether there is a bar, and a count (steps, samples, per cent) that reaches its end."""
    ends = rf"\b{steps}/{steps}\b|\b{samples}/{samples}\b|100 ?%"
    shown = _STYLE.sub("", printed)
    return {
        "a bar": BAR.search(shown) is not None,
        "a count that reaches the end": re.search(ends, shown) is not None,
    }


def rises(printed: str, *, steps: int, samples: int) -> int:
    """Return how often a count (steps, samples, per cent) grew to its end."""
    counts = rf"\b(\d+)/({steps}|{samples})\b|(\d+(?:\.\d+)?) ?%"
    drawn = [
        float(percent) / 100 if percent else int(count) / int(end)
        for count, end, percent in re.findall(counts, _STYLE.sub("", printed))
    ]
    return sum(before < 1 <= after for before, after in itertools.pairwise(drawn))


def numbers(line: str) -> list[float]:
    """Return the numbers that a line shows."""
    return [float(number) for number in re.findall(r"\d+(?:\.\d+)?(?:e[+-]?\d+)?", line)]


def shows(line: str, value: float) -> bool:
    """Say whether a line shows a number, to the three or four digits that people are shown."""
    return any(math.isclose(number, value, rel_tol=1e-3) for number in numbers(line))


def progress_or_nothing(result: Result, *, steps: int, samples: int) -> dict[str, bool] | str:
    """Say what progress a call showed, or that nothing was printed.

    What a library logs on stderr about itself is no progress, unless it looks like some.
    """
    seen = progress(result.stdout + result.stderr, steps=steps, samples=samples)
    return seen if result.stdout or any(seen.values()) else "nothing"
