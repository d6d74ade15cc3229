"""Tests of `history.causes`: which change of a project made a version come to something else."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from packaging.version import Version

from fitspec.conformance.history.causes import Change, causes, known_changes
from fitspec.conformance.history.since import lines
from fitspec.conformance.history.storing import shipped

from .versioned import CLAUSE, history

CHANGE = Change((CLAUSE,), "keras", (), "3.4.0", "It ends.", "https://example.org/1")


@pytest.mark.parametrize(
    ("change", "between"),
    [
        (CHANGE, True),
        (replace(CHANGE, version="3.3.3"), False),
        (replace(CHANGE, version="3.10.0"), True),
        (replace(CHANGE, version="3.11.0"), False),
        (replace(CHANGE, on=("torch",)), False),
        (replace(CHANGE, on=("torch", "jax")), True),
        (replace(CHANGE, of="tf-keras"), False),
    ],
)
def test_a_change_is_of_the_versions_from_its_release_on(*, change: Change, between: bool) -> None:
    """In numbers, not in letters: 3.10 is after 3.3; the versions here are 3.3.3 and 3.10.0."""
    before, after = lines(history(), CLAUSE)[0].stretches

    assert change.lies_between(before.versions[-1], after.versions[0]) is between


def test_what_is_known_is_of_the_history_that_comes_with_fitspec() -> None:
    """Each change lies, for each of its clauses, where that came to something else."""
    told = {
        (change, clause)
        for change in known_changes()
        for clause in change.clauses
        for line in lines(shipped(), clause)
        for before, after in pairwise(line.stretches)
        if change in causes(clause, before, after)
    }

    assert told == {(change, clause) for change in known_changes() for clause in change.clauses}


def test_each_change_is_told_once_for_a_clause() -> None:
    """Of two tables for the same link and clause one says nothing."""
    pairs = [
        (change.link, clause, on)
        for change in known_changes()
        for clause in change.clauses
        for on in change.on or ("",)
    ]

    assert len(set(pairs)) == len(pairs)


def test_each_is_told_in_a_line_and_has_an_address() -> None:
    """Of the very commit, or of the issue."""
    for change in known_changes():
        assert change.link.startswith("https://github.com/")
        assert "\n" not in change.what
        assert change.what.endswith(".")
        assert Version(change.version).release
