"""Tests of `fitspec.conformance.site.outcomes`: what the page of a comparison is given."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fitspec.conformance.changes.compare import Kind, compare, side_of
from fitspec.conformance.report.verdicts import Verdict
from fitspec.conformance.site.outcomes import outcomes
from fitspec.conformance.site.overview import site_of

from .. import hand_made
from ..hand_made import OTHER, SUBJECT, found
from ..two_sides import reported


@pytest.mark.parametrize("backwards", [False, True])
def test_the_page_tells_the_changes_that_are_told_elsewhere(backwards: bool) -> None:
    """In either direction: what `fitspec diff` says of a pair of columns, the page has."""
    report = reported()
    names = [item.name for item in report.subjects if item.available]
    before, after = reversed(names) if backwards else names

    content = outcomes(site_of([report]))

    columns = [item["name"] for item in content["columns"]]
    told: dict[str, str] = {}
    for clause in content["clauses"]:
        ends = [clause["at"][columns.index(name)] for name in (before, after)]
        if None not in ends and (kind := clause["changes"][ends[0]][ends[1]]):
            told[clause["id"]] = kind
    changes = compare(side_of(report, before), side_of(report, after)).changes
    known = {item["id"] for item in content["clauses"]}
    assert told == {item.clause: item.kind for item in changes if item.clause in known}
    assert set(told.values()) == set(Kind)


def test_what_is_cut_is_told_apart() -> None:
    """Texts that differ where the page no longer shows them are different outcomes."""
    fell = found("predict.order", Verdict.FAIL, observed="9" * 1000)
    otherwise = replace(fell, implementation=OTHER.name, observed="9" * 999 + "8")

    (clause,) = outcomes(site_of([hand_made.report(fell, otherwise, subjects=(SUBJECT, OTHER))]))[
        "clauses"
    ]

    first, second = clause["outcomes"]
    assert first == second
    assert clause["changes"] == [[None, Kind.FAILS_OTHERWISE], [Kind.FAILS_OTHERWISE, None]]


def test_what_could_not_be_started_has_no_outcome() -> None:
    """It was not examined, and cannot be compared."""
    gone = found("predict.order", Verdict.UNAVAILABLE, implementation=OTHER.name)
    passed = found("predict.order", Verdict.PASS)

    (clause,) = outcomes(site_of([hand_made.report(passed, gone, subjects=(SUBJECT, OTHER))]))[
        "clauses"
    ]

    assert clause["at"] == [0, None]
    assert clause["changes"] == [[None]]
