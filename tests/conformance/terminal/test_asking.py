"""Tests of `fitspec.conformance.terminal.asking`: a person says why something falls short."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from rich.console import Console

from fitspec.conformance.gate.expected import Entry
from fitspec.conformance.report.verdicts import Verdict
from fitspec.conformance.terminal.asking import Asker

from .. import snapshot
from ..hand_made import found

if TYPE_CHECKING:
    from collections.abc import Callable

ENTRY = Entry(("fit.epochs.final-epoch", "predict.order"), Verdict.FAIL, "", ("one", "two"))
FINDINGS = [
    found("fit.epochs.final-epoch", Verdict.FAIL, observed="[bold]"),
    found("predict.order", Verdict.FAIL, observed="[1]" * 200),
    found("predict.order", Verdict.FAIL, observed="[bold]"),
]


def ready(answer: Callable[[str], str]) -> tuple[Asker, io.StringIO]:
    """Return one who asks, and where the questions can be read."""
    file = io.StringIO()
    return Asker(Console(file=file, width=80, color_system=None), answer), file


def test_what_was_found_is_shown_before_the_question() -> None:
    """The clauses, what they say, and what was seen, each once and not at any length."""
    ask, file = ready(lambda _: "")

    ask(ENTRY, FINDINGS)

    assert snapshot.matches("asking", file.getvalue())


def test_a_reason_is_one_line_without_blanks_around_it() -> None:
    """What a person types is made a text that an entry can hold."""
    ask, _ = ready(lambda _: "  It is \t so. ")

    assert ask(ENTRY, FINDINGS) == "It is so."


def test_a_person_may_have_enough() -> None:
    """After the end of the input nobody is asked any more."""
    questions = []

    def answer(question: str) -> str:
        questions.append(question)
        raise EOFError

    ask, _ = ready(answer)

    assert [ask(ENTRY, ()), ask(Entry(("no.clause",), Verdict.CRASH, ""), ())] == ["", ""]
    assert questions == ["  reason (Enter for later, Ctrl-D to end)> "]
