"""What a reader sees of a progress bar in what was printed."""

from __future__ import annotations

import itertools
import math
import re
from typing import TYPE_CHECKING, Any

from fitspec.conformance.claims.expect import expect

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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


def expect_silence_unless_a_bar_is_asked_for(
    sources: Mapping[str, Callable[..., Result]], *, logs: bool = False
) -> None:
    """Claim that nothing is printed with level 0 and by default, and a bar with level 1.

    Args:
        sources: calls on three batches of two samples, by what gives these, which take `verbose`.
        logs: whether a library may log on stderr about itself.

    Raises:
        ExpectationFell: something else is printed, or nothing.
    """
    bar = {"a bar": True, "a count that reaches the end": True}
    levels: dict[str, dict[str, int]] = {
        "default": {},
        "0": {"verbose": 0},
        "1": {"verbose": 1},
    }
    seen: dict[str, dict[str, Any]] = {}
    for source, call in sources.items():
        results = {name: call(**level) for name, level in levels.items()}
        seen[source] = {
            name: progress_or_nothing(result, steps=3, samples=6, logs=logs)
            for name, result in results.items()
        }
    right = {"default": "nothing", "0": "nothing", "1": bar}
    by_default = {**right, "default": bar}
    expect(
        seen,
        equals=dict.fromkeys(seen, right),
        otherwise={"a bar is drawn by default": dict.fromkeys(seen, by_default)},
    )


def progress_or_nothing(
    result: Result, *, steps: int, samples: int, logs: bool = False
) -> dict[str, bool] | str:
    """Say what progress a call showed, or that nothing was printed.

    Args:
        result: of the call.
        steps: how many batches there were.
        samples: how many samples there were.
        logs: whether what a library logs on stderr about itself is none, unless it looks like some.
    """
    seen = progress(result.stdout + result.stderr, steps=steps, samples=samples)
    printed = result.stdout or (result.stderr and not logs)
    return seen if printed or any(seen.values()) else "nothing"
