"""Tests of `fitspec.conformance.terminal.matrix`: what a person reads after a run."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from fitspec.conformance.report.verdicts import Finding, Verdict
from fitspec.conformance.terminal.matrix import render, summary

from .. import hand_made, snapshot
from ..hand_made import GONE, OTHER, SUBJECT, found

if TYPE_CHECKING:
    from fitspec.conformance.report.report import Report

SUBJECTS = (SUBJECT, OTHER, GONE)


def printed(report: Report, width: int, *, verbose: bool = True) -> str:
    """Return what is printed on a console of a width."""
    console = Console(file=io.StringIO(), width=width, color_system=None)
    render(report, console, verbose=verbose)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def old(clause: str, verdict: Verdict | None, **fields: str) -> Finding:
    """Return a finding on the second implementation."""
    return found(clause, verdict, implementation="keras-2.3", **fields)


def gone(clause: str) -> Finding:
    """Return a finding on the third, which did not start."""
    return found(clause, Verdict.UNAVAILABLE, implementation="keras-3-torch", expected="")


MIXED = replace(
    hand_made.report(
        found("fit.epochs.default-1", Verdict.PASS),
        found("fit.epochs.final-epoch", Verdict.PASS),
        found("evaluate.batch_size.invariance", Verdict.FAIL, observed="[1.5]", expected="[1.25]"),
        found("predict.order", Verdict.PASS),
        found("train_on_batch.loss-before-update", None, behaviour="of the weights before"),
        old("fit.epochs.default-1", Verdict.ERROR, observed="ValueError: one\ntwo [red]three[/]"),
        old(
            "fit.epochs.final-epoch",
            Verdict.FAIL,
            observed="[0, 1, 2, 3, 4]",
            detail="`initial_epoch` had no effect",
        ),
        old("evaluate.batch_size.invariance", Verdict.FAIL, observed="[1.5]", expected="[1.25]"),
        old("predict.order", Verdict.BLOCKED, observed="fit.epochs.final-epoch fell"),
        old("train_on_batch.loss-before-update", None, behaviour="of the weights after"),
        gone("fit.epochs.default-1"),
        gone("fit.epochs.final-epoch"),
        gone("evaluate.batch_size.invariance"),
        gone("predict.order"),
        gone("train_on_batch.loss-before-update"),
        subjects=SUBJECTS,
    ),
    faults=("test_fit_data.py::test_it[reference]: AssertionError [bold]",),
)

SHORT = hand_made.report(found("fit.epochs.default-1", Verdict.PASS))


@pytest.mark.parametrize("width", [80, 200])
@pytest.mark.parametrize(("name", "report"), [("mixed", MIXED), ("short", SHORT)])
def test_a_report_is_printed_as_it_was_found_good(name: str, report: Report, width: int) -> None:
    """What is printed, narrow and wide, is what a person has read and approved."""
    assert snapshot.matches(f"matrix-{name}-{width}", printed(report, width))
    short = printed(report, width, verbose=False)
    assert snapshot.matches(f"matrix-{name}-{width}-compact", short)


def test_what_passes_everywhere_is_only_counted_unless_asked_for() -> None:
    """A row for each method, and for each clause that fell short somewhere."""
    passing, falling = "fit.epochs.default-1", "fit.epochs.final-epoch"
    report = hand_made.report(
        found(passing, Verdict.PASS),
        found(falling, Verdict.PASS),
        old(passing, Verdict.PASS),
        old(falling, Verdict.FAIL),
        found("get_layer.negative-index", None, behaviour="it counts back"),
        subjects=(SUBJECT, OTHER),
    )

    short = printed(report, 80, verbose=False)

    assert "default-1" not in short
    assert "final-epoch" in short
    assert "it counts back" not in short
    assert ["fit", "2/2", "1/2"] in [line.split() for line in short.splitlines()]
    assert "default-1" in printed(report, 80)


@pytest.mark.parametrize("width", [80, 200])
def test_no_line_is_longer_than_the_terminal_is_wide(width: int) -> None:
    """Long values are folded, never cut."""
    long = found("fit.epochs.default-1", Verdict.FAIL, observed="9" * 1000)

    text = printed(hand_made.report(long), width)

    assert max(len(line) for line in text.splitlines()) <= width
    assert text.count("9") >= 1000


def test_what_falls_everywhere_is_suspected() -> None:
    """When every implementation falls in the same clause, the check is named as a suspect.

    One on which the clause was not examined changes nothing.
    """
    everywhere = [
        found("fit.epochs.default-1", Verdict.FAIL),
        old("fit.epochs.default-1", Verdict.FAIL),
    ]
    two = (SUBJECT, OTHER)

    suspected = printed(hand_made.report(*everywhere, subjects=two), 80)
    unasked = replace(SUBJECT, name="unasked")
    elsewhere = printed(hand_made.report(*everywhere, subjects=(*two, unasked)), 80)
    alone = printed(hand_made.report(everywhere[0]), 80)

    assert "the check may be wrong" in suspected
    assert "the check may be wrong" in elsewhere
    assert "the check may be wrong" not in alone


def test_what_did_not_start_is_not_summed_up() -> None:
    """The line of an implementation that did not start has no numbers to mistake for a result."""
    assert summary(MIXED, GONE) == "could not be started here"


def test_a_summary_says_the_denominator() -> None:
    """The totals name every verdict but pass, and what got none."""
    assert summary(MIXED, OTHER) == (
        "0 of 4 clauses passed; 2 fail; 1 error; 1 blocked; 1 observed without verdict"
        " (1.2 s, 0.5 s of it inside)"
    )


def test_behaviours_alone_are_no_failure_to_start() -> None:
    """Where only clauses without a verdict were examined, the total says so."""
    report = hand_made.report(found("get_layer.negative-index", None, behaviour="it counts back"))

    assert "1 observed without verdict" in summary(report, report.subjects[0])


def test_many_implementations_have_narrow_columns() -> None:
    """With more than nine, numbers stand upright above each method, and no name is cut off."""
    names = [f"keras-3.{place}" for place in range(20)]
    many = [found("fit.validation_split.class-weight-not-applied", Verdict.PASS)]
    many = [replace(many[0], implementation=name) for name in names]
    subjects = tuple(replace(SUBJECT, name=name) for name in names)

    text = printed(hand_made.report(*many, subjects=subjects), 100)

    lines = [line.rstrip() for line in text.splitlines()]
    tens, units = (place for place, line in enumerate(lines) if line.startswith(("fit ", " " * 50)))
    assert lines[tens].split() == ["1"] * 10 + ["2"]
    assert lines[units].split() == ["fit", *"12345678901234567890"]
    assert lines[units + 1].split() == [
        "validation_split",
        "class-weight-not-applied",
        *"✓" * 20,
    ]
    assert lines[tens].index("2") == lines[units].rindex("0") == lines[units + 1].rindex("✓")
