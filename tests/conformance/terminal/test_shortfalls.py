"""Tests of `fitspec.conformance.terminal.shortfalls`: what fell short, as a person reads it."""

from __future__ import annotations

import io

from rich.console import Console

from fitspec.conformance.report.verdicts import Finding, Verdict
from fitspec.conformance.terminal.shortfalls import render

from .. import hand_made
from ..hand_made import found


def printed(*findings: Finding) -> str:
    """Return what is printed of findings, without the breaks of lines."""
    console = Console(file=io.StringIO(), width=200, color_system=None)
    render(hand_made.report(*findings), console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_nothing_is_said_when_nothing_fell_short() -> None:
    """Passes and behaviours are no shortfalls."""
    passed = found("fit.epochs.default-1", Verdict.PASS)

    assert not printed(passed, found("get_layer.negative-index", None, behaviour="it counts back"))


def test_clauses_that_lack_the_same_share_one_entry() -> None:
    """What is not offered is told once, with the clauses that need it."""
    reason = "no argument `validation_split`"

    text = printed(
        found("fit.validation_split.tail", Verdict.ABSENT, observed=reason),
        found("fit.validation_split.not-trained", Verdict.ABSENT, observed=reason),
    )

    assert text.count(reason) == 1
    assert "  fit.validation_split.tail, fit.validation_split.not-trained\n" in text


def test_a_blocked_clause_is_listed_under_the_one_that_fell() -> None:
    """A clause that was not judged is told with the clause it depends on."""
    text = printed(
        found("predict.order", Verdict.BLOCKED, observed="predict.returns.numpy-single fell")
    )

    assert "predict.returns.numpy-single fell  blocked" in text
    assert "  predict.order\n" in text


def test_what_is_unsteady_is_told_though_it_passed() -> None:
    """A pass that was a timeout in another try does not hide among the passes."""
    text = printed(found("predict.order", Verdict.PASS, tries=("timeout", "pass", "pass")))

    assert "What is unsteady" in text
    assert "predict.order  reference" in text
    assert "pass in 2 of 3 tries, timeout in 1" in text


def test_a_failure_is_told_in_full() -> None:
    """A deviation has the sentence of its clause, both sides, and the known deviation it is."""
    text = printed(
        found(
            "fit.epochs.final-epoch",
            Verdict.FAIL,
            expected="[2, 3, 4]",
            observed="[0, 1]",
            detail="it counted from 0",
        )
    )

    assert "says     Together with `initial_epoch`" in text
    assert "expected [2, 3, 4]" in text
    assert "observed [0, 1]" in text
    assert "as if    it counted from 0" in text


def test_the_script_is_printed_as_it_is_when_asked_for() -> None:
    """A person can copy it: no line of it is broken or coloured."""
    long = "x = [" + ", ".join(["1"] * 100) + "]\n"
    finding = found("predict.order", Verdict.FAIL, script=long)
    console = Console(file=io.StringIO(), width=80, force_terminal=True)

    render(hand_made.report(finding), console, scripts=True)

    assert isinstance(console.file, io.StringIO)
    assert long in console.file.getvalue()
    assert long not in printed(finding)
