"""Tests of `fitspec.conformance.exports.junit`: the report as most CIs read it."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from fitspec.conformance.exports.junit import junit
from fitspec.conformance.report.telling import story

from .. import snapshot
from ..exported import ENTRIES, REPORT


def told(text: str) -> dict[str, str]:
    """Return what each case came to, by implementation and clause."""
    return {
        f"{suite.get('name')} {case.get('name')}": "/".join(child.tag for child in case)
        for suite in ET.fromstring(text)  # noqa: S314  made here
        for case in suite.iter("testcase")
    }


def test_a_verdict_becomes_what_a_ci_knows() -> None:
    """A claim that did not hold is a failure, what broke an error, what is blocked is skipped."""
    assert told(junit(REPORT)) == {
        "reference fit.epochs.final-epoch": "",
        "reference fit.epochs.default-1": "failure",
        "reference fit.x.array": "",
        "keras-2.3 fit.epochs.final-epoch": "failure",
        "keras-2.3 fit.epochs.default-1": "error",
        "keras-2.3 fit.x.array": "failure",
        "keras-2.3 predict.order": "skipped",
        "keras-3-torch start": "error",
    }


def test_what_is_expected_is_skipped_and_a_pass_that_is_not_fails() -> None:
    """With expectations, only what is to be settled is red."""
    verdicts = told(junit(REPORT, ENTRIES))

    assert verdicts["reference fit.epochs.default-1"] == "skipped"
    assert verdicts["keras-2.3 fit.x.array"] == "skipped"
    assert verdicts["reference fit.x.array"] == "failure"
    assert verdicts["keras-2.3 fit.epochs.final-epoch"] == "failure"


def test_the_counts_are_those_of_the_cases() -> None:
    """A CI may believe the numbers without counting."""
    root = ET.fromstring(junit(REPORT, ENTRIES))  # noqa: S314  made here

    for element in (root, *root):
        cases = list(element.iter("testcase"))
        assert element.get("tests") == str(len(cases))
        for key, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert element.get(key) == str(sum(case.find(tag) is not None for case in cases))


def test_the_file_is_as_it_was_found_good() -> None:
    """What text an implementation brings stays text, less what no XML can hold."""
    text = junit(REPORT, ENTRIES)

    assert snapshot.matches("junit", text)
    assert "<script" not in text
    assert "\x00" not in text
    assert "\x1b" not in text


def test_the_story_of_a_finding_has_a_line_for_each_thing_known() -> None:
    """What was claimed, expected and observed, and what it looks like."""
    assert story(REPORT.findings[1]).splitlines() == [
        "fit.epochs.default-1: fail on reference",
        "says: `fit` trains for one epoch unless told otherwise.",
        "expected: [2, 3, 4]",
        "observed: 10",
        "as if: ten",
    ]
