"""Tests of `fitspec.conformance.progress`."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from fitspec.conformance.progress import Progress
from fitspec.conformance.verdicts import Verdict

from . import hand_made


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
