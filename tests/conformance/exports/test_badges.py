"""Tests of `fitspec.conformance.exports.badges`: how much of a profile is passed, at a glance."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from fitspec import spec
from fitspec.conformance.exports.badges import Badge, badges
from fitspec.conformance.report.verdicts import Verdict

from .. import hand_made, snapshot
from ..hand_made import GONE, SUBJECT, found

if TYPE_CHECKING:
    from fitspec.conformance.report.report import Report

WANTED = [
    item.id
    for item in spec.contract().select(profiles=["keras-2.3"], check="present")
    if item.level is not spec.Level.OBSERVED
]


def whole(passed: int) -> Report:
    """Return a report of one profile, of which some clauses pass."""
    verdicts = [Verdict.PASS] * passed + [Verdict.FAIL] * (len(WANTED) - passed)
    return hand_made.report(*map(found, WANTED, verdicts))


@pytest.mark.parametrize(
    ("share", "colour"),
    [(1.0, "green"), (0.99, "olive"), (0.9, "olive"), (0.7, "orange"), (0.5, "red"), (0.0, "red")],
)
def test_a_badge_tells_how_many_clauses_of_a_profile_pass(share: float, colour: str) -> None:
    """The number is said; the colour only underlines it."""
    passed = round(share * len(WANTED) + 0.4)

    badge = next(item for item in badges(whole(min(passed, len(WANTED)))) if "2.3" in item.name)

    assert badge.name == "reference-as-keras-2.3"
    assert badge.label == "reference: keras-2.3 API"
    assert badge.message == f"{min(passed, len(WANTED))} of {len(WANTED)} clauses"
    assert badge.colour == colour


def test_a_run_of_some_clauses_has_no_badge() -> None:
    """What was not examined must not look as if it passed."""
    part = whole(len(WANTED))

    left = badges(replace(part, findings=part.findings[1:]))

    assert "reference-as-keras-2.3" not in {item.name for item in left}
    assert badges(replace(part, findings=part.findings[:1])) == []


def test_an_implementation_that_could_not_be_started_says_so() -> None:
    """It is in error, and grey."""
    (badge,) = badges(hand_made.report(subjects=(replace(GONE, name="a/b & co"),)))

    assert badge.name == "a%2Fb%20%26%20co"
    assert badge.message == "unavailable"
    assert json.loads(badge.endpoint)["isError"] is True
    picture = ET.fromstring(badge.svg)  # noqa: S314  made here
    assert picture.get("aria-label") == "a/b & co: unavailable"


def test_a_badge_is_as_it_was_found_good() -> None:
    """As a picture, and as the JSON that services read."""
    badge = Badge("n", f"{SUBJECT.name}: keras-2.3 API", "200 of 292 clauses", "red", "#b3261e")

    assert snapshot.matches("badge-svg", badge.svg)
    assert snapshot.matches("badge-json", badge.endpoint)


def test_the_text_of_a_badge_can_be_read() -> None:
    """White on each colour has a contrast of 4.5 to 1 at least, as accessibility demands."""
    for passed in (len(WANTED), len(WANTED) * 95 // 100, len(WANTED) * 4 // 5, 0):
        for badge in badges(whole(passed)):
            assert 1.05 / (_luminance(badge.value) + 0.05) >= 4.5


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return sum(part * weight for part, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))
