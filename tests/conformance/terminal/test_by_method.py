"""Tests of `fitspec.conformance.terminal.by_method`."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

from rich.console import Console

from fitspec.conformance.report.verdicts import Verdict
from fitspec.conformance.terminal.by_method import render

from .. import hand_made
from ..hand_made import GONE, OTHER, SUBJECT, found

if TYPE_CHECKING:
    from fitspec.conformance.report.report import Report

REPORT = hand_made.report(
    found("fit.epochs.default-1", Verdict.PASS),
    found("fit.epochs.final-epoch", Verdict.FAIL),
    found("predict.order", Verdict.PASS),
    found("predict.order", Verdict.ABSENT, implementation="keras-2.3"),
    found("get_layer.negative-index", None, behaviour="it counts back"),
    found("predict.order", Verdict.UNAVAILABLE, implementation="keras-3-torch"),
    subjects=(SUBJECT, OTHER, GONE),
)


def rows(report: Report, width: int = 80) -> list[list[str]]:
    """Return the words of each row that is printed."""
    console = Console(file=io.StringIO(), width=width, color_system=None)
    render(report, {item.name: item.name for item in report.subjects}, console)
    assert isinstance(console.file, io.StringIO)
    return [line.split() for line in console.file.getvalue().splitlines() if line.strip()]


def test_each_method_has_a_row_with_what_is_passed_of_it() -> None:
    """Where nothing was decided stands nothing; what did not start is not counted."""
    assert rows(REPORT) == [
        ["clauses", "passed", "reference", "keras-2.3", "keras-3-torch"],
        ["fit", "1/2", "?"],
        ["predict", "1/1", "0/1", "?"],
    ]


def test_a_table_that_has_no_room_is_left_away() -> None:
    """The totals at the end say the same of the whole."""
    assert rows(REPORT, width=40) == []


def test_where_nothing_was_started_there_is_no_table() -> None:
    """A table of question marks says nothing."""
    assert rows(replace(REPORT, subjects=(GONE,))) == []
