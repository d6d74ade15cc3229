"""Tests of `fitspec.conformance.terminal.gate_output`: what a person reads in the log of a CI."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from fitspec.conformance.gate.expected import Entry
from fitspec.conformance.gate.gating import Earlier, judge
from fitspec.conformance.report.verdicts import Verdict
from fitspec.conformance.terminal.gate_output import render

from .. import hand_made, snapshot
from ..hand_made import GONE, OTHER, SUBJECT, found, outlined

if TYPE_CHECKING:
    from fitspec.conformance.report.report import Report

TODAY = date(2026, 11, 21)
NAMES = {"expectations": "expectations.toml", "reports": "new.ndjson"}


def on_keras(clause: str, verdict: Verdict, **fields: Any) -> Any:
    """Return a finding on the second implementation."""
    return found(clause, verdict, implementation="keras-2.3", **fields)


def entry(clause: str, line: int, verdict: Verdict = Verdict.FAIL, **fields: Any) -> Entry:
    """Return an entry about the second implementation."""
    values = {"reason": "Known, and so on.", "of": ("keras-2.3",), **fields}
    return Entry((clause,), verdict, **values, file="expectations.toml", line=line)


NEW = hand_made.report(
    found("fit.epochs.final-epoch", Verdict.PASS),
    on_keras("fit.epochs.final-epoch", Verdict.FAIL, observed="[2]", detail="[bold] of epochs"),
    on_keras("fit.epochs.default-1", Verdict.FAIL, observed="10", example="samples=3"),
    on_keras("fit.x.array", Verdict.CRASH, observed="killed by signal 11", detail="it died"),
    on_keras("predict.order", Verdict.PASS),
    on_keras("fit.shuffle.batch-chunks", Verdict.FAIL, observed="{kept: False}"),
    subjects=(SUBJECT, OTHER),
)
OLD = hand_made.report(
    on_keras("fit.epochs.final-epoch", Verdict.PASS),
    on_keras("fit.epochs.default-1", Verdict.FAIL),
    on_keras("evaluate.returns.scalar", Verdict.PASS),
    subjects=(replace(OTHER, versions={"keras": "2.3.0"}),),
)
ENTRIES = (
    entry("fit.x.array", 4),
    entry("predict.order", 9),
    entry("predict.nothing", 14),
    entry("fit.shuffle.batch-chunks", 19, expires=date(2026, 3, 1)),
    entry("fit.x.one-d-array", 24, of=("elsewhere",), reason=""),
    entry("fit.x.one-d-array", 29, of=("elsewhere",)),
)


def printed(report: Report, *entries: Entry, width: int = 100, **options: Any) -> str:
    """Return what is printed about a report."""
    console = Console(file=io.StringIO(), width=width, color_system=None)
    render(judge(outlined(report), entries, TODAY, **options), NAMES, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize("width", [80, 200])
def test_what_is_to_be_settled_is_told_as_it_was_found_good(width: int) -> None:
    """What regressed, since which report, and what to do."""
    text = printed(NEW, *ENTRIES, width=width, earlier=Earlier("old.ndjson", outlined(OLD)))

    assert snapshot.matches(f"gate-closed-{width}", text)


def test_a_report_of_before_is_asked_for() -> None:
    """Without one it cannot be said what regressed."""
    text = printed(hand_made.report(found("predict.order", Verdict.FAIL)))

    assert snapshot.matches("gate-closed-alone", text)


def test_an_open_gate_is_told_in_few_words() -> None:
    """Where all is as expected, the totals are enough."""
    text = printed(hand_made.report(found("predict.order", Verdict.PASS)))

    assert snapshot.matches("gate-open", text)


def test_what_is_unsteady_is_counted() -> None:
    """An open gate says how much of it chance had a part in."""
    tries = ("timeout", "pass", "pass")

    text = printed(hand_made.report(found("predict.order", Verdict.PASS, tries=tries)))

    assert "Not the same each time they were tried: 1" in text


def test_a_run_that_failed_is_told_as_such() -> None:
    """Whoever reads the log sees that nothing was proved, and why."""
    gone = found("predict.order", Verdict.UNAVAILABLE, implementation=GONE.name)
    report = hand_made.report(gone, subjects=(GONE,))

    assert snapshot.matches("gate-nothing-proved", printed(replace(report, faults=("it broke",))))
