"""Tests of `fitspec.conformance.terminal.progress`."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from fitspec.conformance.report.verdicts import Verdict
from fitspec.conformance.terminal import progress as module
from fitspec.conformance.terminal.progress import EachOfSeveral, Progress, progress

from .. import hand_made


@pytest.fixture(autouse=True)
def _able(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a terminal be one that can move its cursor."""
    monkeypatch.setenv("TERM", "xterm")


def show(console: Console) -> str:
    """Return what is shown of a run of one check."""
    with Progress(console) as progress:
        progress.listener.planned(1)
        progress.listener.progress("building [bold] an environment, which takes a while " * 4)
        progress.listener.decided(hand_made.found("fit.epochs.default-1", Verdict.PASS))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_terminal_shows_a_bar_that_goes_away() -> None:
    """On a terminal what is being done and how far it is are shown, and nothing stays."""
    screen = show(Console(file=io.StringIO(), force_terminal=True, width=100))

    assert "1/1" in screen
    assert "reference  fit.epochs.default-1" in screen
    assert screen.endswith("\x1b[2K")


def test_a_terminal_that_cannot_move_its_cursor_gets_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bar would leave its remains all over such a screen."""
    monkeypatch.setenv("TERM", "dumb")

    screen = show(Console(file=io.StringIO(), force_terminal=True, width=300))

    assert screen.split() == ("building [bold] an environment, which takes a while " * 4).split()


def test_elsewhere_a_long_run_tells_now_and_then_how_far_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever follows a log sees that it goes on, and how long it will."""
    monkeypatch.setattr(module, "QUIET", 0.0)

    lines = show(Console(file=io.StringIO(), width=300)).splitlines()

    assert lines[1:] == ["reference: 1 of 1 checks, 0 s"]


def test_how_far_a_run_is_includes_how_long_it_will_take() -> None:
    """The rest takes as long for each check as those that are done."""
    assert progress(100, 400, 60.0) == "100 of 400 checks, 1 min 0 s, about 3 min 0 s left"


@pytest.mark.parametrize("width", [20, 40, 60])
def test_a_narrow_terminal_does_not_break_the_bar(width: int) -> None:
    """However narrow the terminal is, each state of the bar is one line."""
    screen = show(Console(file=io.StringIO(), force_terminal=True, width=width))

    assert all(len(state.split("\r")) < 4 for state in screen.splitlines())
    assert screen.count("\n") <= 2


def test_elsewhere_each_step_is_a_line() -> None:
    """In a file there is a line for what takes time, whole, and none for each check."""
    text = show(Console(file=io.StringIO(), width=40, soft_wrap=True))

    assert "".join(text.split()) == "".join(
        ("building [bold] an environment, which takes a while " * 4).split()
    )


# -- several implementations --


def of_several(console: Console) -> str:
    """Return what is shown of two implementations, one of which was found finished."""
    whole = hand_made.report(hand_made.found("fit.epochs.default-1", Verdict.PASS))
    with EachOfSeveral(console, 3) as watcher:
        watcher.ended("keras-2.3", whole, "found in r/keras-2.3.ndjson")
        watcher.started("reference")
        watcher.started("broken")
        watcher.progress("reference", "making [bold] an environment " * 4)
        watcher.progress("reference", "starting reference")
        watcher.planned("reference", 4)
        watcher.decided("reference", "fit.epochs.default-1")
        watcher.tick()
        watcher.ended("reference", whole, "")
        watcher.ended("broken", None, "its process ended with status 9")
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_elsewhere_each_implementation_has_its_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """What began, what takes time, how far it is, and how it ended, whole and in order."""
    monkeypatch.setattr(module, "QUIET", 0.0)

    lines = of_several(Console(file=io.StringIO(), width=40)).splitlines()

    passed = "1 of 1 clauses passed (1.2 s, 0.5 s of it inside)"
    assert lines == [
        f"1 of 3  keras-2.3: {passed}; found in r/keras-2.3.ndjson",
        "reference: started",
        "broken: started",
        "reference: " + "making [bold] an environment " * 4,
        "reference: 1 of 4 checks, 0 s",
        "broken: 0 of 0 checks, 0 s",
        f"2 of 3  reference: {passed}; 0 s",
        "3 of 3  broken: its process ended with status 9; 0 s",
    ]


def test_a_terminal_has_a_bar_for_each_that_runs() -> None:
    """What is through stays as a line; the bars of the others are gone at the end."""
    screen = of_several(Console(file=io.StringIO(), force_terminal=True, width=100))

    assert "1/4" in screen
    assert "2 of 3  reference: 1 of 1 clauses passed" in screen
    assert "reference: started" not in screen
