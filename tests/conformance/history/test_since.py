"""Tests of `history.since`: in which versions a clause holds."""

from __future__ import annotations

from fitspec.conformance.history.since import lines

from .versioned import CLAUSE, OPEN, history


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
