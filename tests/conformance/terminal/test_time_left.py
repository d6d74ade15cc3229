"""Tests of `fitspec.conformance.terminal.time_left`."""

from __future__ import annotations

import io

import pytest
from rich.console import Console
from rich.progress import Progress

from fitspec.conformance.terminal.time_left import TimeLeft, elapsed, left


@pytest.mark.parametrize(
    ("decided", "planned", "seconds", "words"),
    [
        (50, 100, 30.0, "about 30 s left"),
        (5, 65, 10.0, "about 2 min 0 s left"),
        (4, 100, 30.0, ""),
        (0, 100, 30.0, ""),
        (100, 100, 30.0, ""),
        (7, 0, 30.0, ""),
    ],
)
def test_the_rest_takes_as_long_as_what_is_done(
    decided: int, planned: int, seconds: float, words: str
) -> None:
    """Of too few checks, of all, or of an unknown number nothing is said."""
    assert left(decided, planned, seconds) == words


def test_it_stands_beside_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bar of an unknown length has nothing there."""
    monkeypatch.setenv("TERM", "xterm")
    console = Console(file=io.StringIO(), force_terminal=True, width=60)
    with Progress(TimeLeft(), console=console, get_time=iter(range(99)).__next__) as bar:
        known, unknown = bar.add_task("", total=10), bar.add_task("", total=None)
        bar.update(known, completed=5)
        texts = [TimeLeft().render(bar.tasks[task]).plain for task in (known, unknown)]

    assert texts[0].startswith("about ")
    assert texts[1] == ""


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.2, "0 s"), (59.4, "59 s"), (60.0, "1 min 0 s"), (754.0, "12 min 34 s")]
)
def test_times_are_in_minutes_and_seconds(seconds: float, text: str) -> None:
    """A time is told as a person says it."""
    assert elapsed(seconds) == text
