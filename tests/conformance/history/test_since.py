"""Tests of `history.since`: in which versions a clause holds."""

from __future__ import annotations

import io

from rich.console import Console

from fitspec.conformance.history.since import OTHER_CHECK, lines
from fitspec.conformance.site import versions
from fitspec.conformance.terminal.history import render_clause

from .versioned import CLAUSE, OPEN, decided_by, history


def stretches(clause: str) -> dict[str, list[tuple[str, str]]]:
    """Return by implementation the versions that came to the same, and what that was."""
    return {
        line.name: [
            (stretch.told, str(stretch.finding.verdict or stretch.finding.behaviour))
            for stretch in line.stretches
        ]
        for line in lines(history(), clause)
    }


def test_versions_that_came_to_the_same_stand_together() -> None:
    """Up to where the verdict changes."""
    assert stretches(CLAUSE) == {
        "keras on jax": [("3.3.0 to 3.3.3", "pass"), ("3.10.0", "fail")],
        "keras on tensorflow": [("2.3.1", "fail")],
        "keras on theano": [("2.3.1", "pass")],
    }


def test_a_behaviour_that_comes_back_is_told_again() -> None:
    """It changed twice."""
    assert stretches(OPEN)["keras on jax"] == [
        ("3.3.0", "samples"),
        ("3.3.3", "batches"),
        ("3.10.0", "samples"),
    ]


def test_who_was_not_held_against_a_clause_has_no_line() -> None:
    """Nothing is known of it."""
    assert stretches("fit.shuffle.default-on") == {}


def test_a_difference_that_another_check_found_is_told_as_that() -> None:
    """The check may be why they differ; where one is not known, too, but not where none is."""

    def told(checks: dict[str, str]) -> list[bool]:
        on_jax = lines(decided_by(checks), OPEN)[0]
        assert on_jax.name == "keras on jax"
        return [stretch.other_check for stretch in on_jax.stretches]

    assert told(dict.fromkeys(("3.3.0", "3.3.3", "3.10.0"), "one")) == [False, False, False]
    assert told({"3.3.0": "one", "3.3.3": "other", "3.10.0": "other"}) == [False, True, False]
    assert told({"3.10.0": "one"}) == [False, False, True]
    assert told({}) == [False, False, False]


def test_it_is_printed_and_no_since_is_claimed() -> None:
    """Neither on a page nor in a terminal is a version named that would have changed it."""
    known = decided_by({"3.3.0": "one", "3.3.3": "one", "3.10.0": "other"})
    newest = next(item for item in known.versions if item.version == "3.10.0")
    console = Console(width=200, record=True, file=io.StringIO())

    render_clause(known, OPEN, console)

    assert console.export_text().count(OTHER_CHECK) == 1
    assert versions.since(history(), OPEN, newest.subject) == "since 3.10.0"
    assert versions.since(known, OPEN, newest.subject) == ""
    assert versions.turns(known, OPEN, {"newest": newest.subject}) == {}
    marks = versions.bars(known, OPEN, {})[0].marks
    assert [OTHER_CHECK in mark.hint for mark in marks] == [False, False, True]
