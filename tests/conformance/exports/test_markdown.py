"""Tests of `fitspec.conformance.exports.markdown`: the summary of a CI."""

from __future__ import annotations

from dataclasses import replace

from fitspec.conformance.exports.markdown import cell, markdown
from fitspec.conformance.report.gathered import OnDisk
from fitspec.conformance.report.verdicts import Verdict

from .. import hand_made, snapshot
from ..exported import ENTRIES, HOSTILE, REPORT
from ..hand_made import OTHER, SUBJECT, found


def test_a_summary_is_as_it_was_found_good() -> None:
    """Totals first, then what fell short; with expectations, what is to be settled apart."""
    assert snapshot.matches("markdown", markdown(REPORT))
    assert snapshot.matches("markdown-expected", markdown(REPORT, ENTRIES))


def test_a_run_without_shortfall_is_a_table_of_one_row() -> None:
    """There is nothing to be folded away."""
    text = markdown(hand_made.report(found("predict.order", Verdict.PASS)))

    assert "| **reference** | 1 of 1 | fitspec 0.1.0, numpy 2.4.6 |" in text
    assert "<details" not in text


def test_those_that_fall_alike_share_a_row() -> None:
    """One row for a deviation, however many implementations have it."""
    same = [
        found("predict.order", Verdict.FAIL, implementation=name)
        for name in ("reference", "keras-2.3")
    ]

    assert "| reference, keras-2.3 |" in markdown(
        hand_made.report(*same, subjects=(SUBJECT, OTHER))
    )


def test_faults_are_told() -> None:
    """A summary of a run that proves nothing says so."""
    assert "**fault of fitspec, not of any implementation: it broke**" in markdown(
        replace(REPORT, faults=("it broke",))
    )


def test_a_summary_is_never_too_long_for_a_ci() -> None:
    """What is too much is counted; a value that is too long is cut."""
    many = [found(f"a.b.{number}", Verdict.FAIL, observed="x" * 9999) for number in range(2000)]

    text = markdown(hand_made.report(*many))

    assert "1502 more are in the report." in text
    assert len(text) < 500_000


def test_findings_that_are_on_a_disk_are_told_apart_all_the_same() -> None:
    """Each is another object whenever it is read."""
    kept = OnDisk.written(REPORT.findings)

    assert markdown(replace(REPORT, findings=kept), ENTRIES) == markdown(REPORT, ENTRIES)


def test_no_text_gets_out_of_its_cell() -> None:
    """Signs that mean something to Markdown or HTML mean themselves."""
    shown = cell(HOSTILE)

    assert shown.isprintable()
    assert "<" not in shown
    for sign in "|`*[]@$":
        assert shown.count(sign) == shown.count(f"\\{sign}")
    assert cell("a\\b") == "a\\\\b"
