"""Tests of `fitspec.conformance.report.telling`: how a finding is put into words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from fitspec import spec
from fitspec.conformance.report.telling import (
    LONGEST,
    alike,
    expected,
    fault,
    heading,
    refusal,
    story,
    told,
)
from fitspec.conformance.report.verdicts import Verdict

from ..hand_made import GONE, found

ORDER = "predict.order"
STATEMENT = spec.contract().clause(ORDER).statement


@pytest.mark.parametrize(
    ("verdict", "fields", "lines"),
    [
        (Verdict.PASS, {}, [("expected and observed", "[2, 3, 4]")]),
        (
            Verdict.FAIL,
            {"observed": "[1]", "example": "samples=3", "detail": "sorted"},
            [
                ("expected", "[2, 3, 4]"),
                ("observed", "[1]"),
                ("for", "samples=3"),
                ("as if", "sorted"),
            ],
        ),
        (Verdict.FAIL, {"expected": STATEMENT, "observed": "[1]"}, [("observed", "[1]")]),
        (
            Verdict.ERROR,
            {"observed": "KeyError: 1", "detail": "KeyError"},
            [("observed", "KeyError: 1")],
        ),
        (
            Verdict.CRASH,
            {"observed": "it died", "detail": "a signal"},
            [("observed", "it died"), ("because", "a signal")],
        ),
        (None, {"behaviour": "either"}, [("behaviour", "either")]),
    ],
)
def test_what_is_known_is_told_once(
    verdict: Verdict | None, fields: dict[str, Any], lines: list[tuple[str, str]]
) -> None:
    """An expectation where one was held against; nothing that only repeats another line."""
    assert told(found(ORDER, verdict, **fields)) == [("says", STATEMENT), *lines]


def test_a_clause_that_is_no_more_says_nothing() -> None:
    """An old report may have findings on it."""
    assert told(found("fit.gone", Verdict.ABSENT, observed="none")) == [("observed", "none")]


def test_text_of_an_implementation_is_fit_to_be_shown() -> None:
    """Whoever lays it out has nothing to see to."""
    hostile = found(ORDER, Verdict.FAIL, observed="\x1b[2J", implementation="\u202ex")

    assert "\\x1b[2J" in story(hostile)
    assert story(hostile).replace("\n", "").isprintable()
    assert heading(hostile) == "predict.order: fail on \\u202ex"


def test_what_is_alike_is_grouped_in_the_order_of_the_contract() -> None:
    """Of what ended otherwise than by a claim the expectation tells nothing apart."""
    late = found("get_layer.by-name", Verdict.ERROR, expected="a")
    also = found("get_layer.by-name", Verdict.ERROR, expected="b", implementation="other")
    fell = found(ORDER, Verdict.FAIL, expected="a")
    unlike = found(ORDER, Verdict.FAIL, expected="b", implementation="other")

    groups = alike([late, fell, also, unlike])

    assert sorted(groups, key=len) == [[fell], [unlike], [late, also]]
    assert [expected(item[0]) for item in groups if len(item) == 1] == ["a", "b"]


def test_what_is_no_finding_is_told_as_such() -> None:
    """Why an implementation did not start, and a fault of ours, may quote anybody's text."""
    gone = replace(GONE, reason="\x1b[2J", remedy="try")

    assert refusal(gone) == "\\x1b[2J\ntry"
    assert fault("\x07") == "fault of fitspec, not of any implementation: \\x07"


def test_long_values_are_cut() -> None:
    """With how much more there is; pages ask for all of it."""
    fell = found("predict.order", Verdict.FAIL, expected="[1]", observed="7" * 5000)

    assert ("observed", f"{'7' * LONGEST}… (4000 characters more)") in told(fell)
    assert ("observed", "7" * 5000) in told(fell, longest=None)


def test_of_long_values_that_begin_alike_the_difference_is_told() -> None:
    """Otherwise both sides would look the same."""
    fell = found(
        "predict.order", Verdict.FAIL, expected="0" * 4000 + "1", observed="0" * 4000 + "2"
    )

    rows = dict(told(fell))

    assert rows["expected"] == f"(3900 characters are the same)… {'0' * 100}1"
    assert rows["observed"] == f"(3900 characters are the same)… {'0' * 100}2"


def test_a_full_disk_is_the_machine_s() -> None:
    """Where what was raised says so, and nothing else does."""
    assert fault("x: [Errno 28] No space left").startswith("of this machine")
    assert fault("x: [Errno 2] No such file").startswith("fault of fitspec")
