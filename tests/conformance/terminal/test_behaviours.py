"""Tests of `terminal.behaviours`: what is done where documents leave it open."""

from __future__ import annotations

import io

from rich.console import Console

from fitspec.conformance.report.verdicts import Verdict
from fitspec.conformance.terminal.behaviours import render

from .. import hand_made
from ..hand_made import found

CLAUSE = "get_layer.negative-index"
REPORT = hand_made.report(
    found(CLAUSE, None, behaviour="it counts from the end"),
    found(CLAUSE, None, behaviour="it is refused", implementation="keras-2.3"),
    found("fit.epochs.default-1", Verdict.PASS),
)


def printed(*, sentences: bool) -> str:
    console = Console(file=io.StringIO(), width=200, color_system=None)
    render(REPORT, console, sentences=sentences)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_each_behaviour_is_told_with_who_showed_it() -> None:
    """Only clauses without a verdict are told, each behaviour with its implementations."""
    text = printed(sentences=False)

    assert "reference: it counts from the end" in text
    assert "keras-2.3: it is refused" in text
    assert "fit.epochs.default-1" not in text


def test_the_sentence_of_the_clause_can_be_told_too() -> None:
    """A reader who does not know the ids is told what each is about."""
    lines = printed(sentences=True).splitlines()

    assert len(lines) == len(printed(sentences=False).splitlines()) + 1
    assert "negative" in lines[lines.index(CLAUSE) + 1]
