"""Tests of `fitspec.conformance.report.verdicts`."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fitspec.conformance.report.verdicts import Finding, Verdict, suspected


def finding(verdict: Verdict | None) -> Finding:
    """Return a finding of a verdict."""
    return Finding("c", "i", verdict, None, "", "", "", 0.0, 0.0, "")


def test_tries_are_counted_most_frequent_first() -> None:
    """Without tries there is nothing to say."""
    assert replace(finding(Verdict.PASS), tries=("crash", "pass", "pass")).counts == (
        "pass in 2 of 3 tries, crash in 1"
    )
    assert finding(Verdict.PASS).counts == ""


def test_the_verdicts_are_those_of_the_design() -> None:
    """There are these eight, and their names are in reports: none may change."""
    names = "pass fail absent error crash timeout unavailable blocked"

    assert [str(verdict) for verdict in Verdict] == names.split()


def test_each_verdict_has_a_mark_and_a_meaning_of_its_own() -> None:
    """In a matrix no two verdicts look alike, and a mark is one character."""
    assert len({verdict.mark for verdict in Verdict}) == len(Verdict)
    assert len({verdict.meaning for verdict in Verdict}) == len(Verdict)
    assert {len(verdict.mark) for verdict in Verdict} == {1}


@pytest.mark.parametrize("verdict", [*Verdict, None])
def test_only_a_pass_does_not_fall_short(verdict: Verdict | None) -> None:
    """Every verdict but a pass falls short; where there is none, nothing does."""
    assert finding(verdict).fell_short == (verdict not in (None, Verdict.PASS))


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([Verdict.FAIL], False),
        ([Verdict.FAIL, Verdict.FAIL], True),
        ([Verdict.FAIL, Verdict.FAIL, Verdict.PASS], False),
        ([Verdict.FAIL, Verdict.FAIL, Verdict.ABSENT], False),
        ([Verdict.FAIL, Verdict.FAIL, Verdict.BLOCKED], False),
        ([Verdict.FAIL, Verdict.FAIL, Verdict.UNAVAILABLE], True),
        ([Verdict.FAIL, Verdict.UNAVAILABLE], False),
        ([None, None], False),
        ([], False),
    ],
)
def test_a_clause_that_all_of_several_fail_is_suspected(
    verdicts: list[Verdict | None], expected: bool
) -> None:
    """Where it was not examined counts neither way; any other verdict speaks for the check."""
    assert suspected(map(finding, verdicts)) is expected
