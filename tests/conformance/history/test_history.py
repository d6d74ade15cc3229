"""Tests of `history.history`: which version a person means, and what is known of it."""

from __future__ import annotations

import pytest

from .versioned import CLAUSE, FAIL, history


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("keras@3.3.0", "keras@3.3.0 on jax"),
        # The newest that begins so, by number: 10 comes after 3.
        ("keras@3.3", "keras@3.3.3 on jax"),
        ("keras@3", "keras@3.10.0 on jax"),
        # Of two that compute, the one that `fitspec run keras@2.3.1` takes.
        ("keras@2.3.1", "keras@2.3.1 on tensorflow"),
        ("keras@2.3", "keras@2.3.1 on tensorflow"),
        ("keras-2.3-theano@2.3", "keras@2.3.1 on theano"),
        ("keras-2.3-theano", "keras@2.3.1 on theano"),
    ],
)
def test_a_version_is_found_by_what_a_person_writes(text: str, name: str) -> None:
    """A name, a whole version, or what one begins with."""
    held = history().find(text)

    assert held is not None
    assert held.name == name


@pytest.mark.parametrize("text", ["keras", "keras@3.4", "keras@3.3.1", "poutyne", "keras@newest"])
def test_what_is_not_there_is_not_guessed(text: str) -> None:
    """A family is no version, and 3.3.1 is neither 3.3.0 nor 3.3.3."""
    assert history().find(text) is None


def test_a_version_is_a_side_of_a_comparison() -> None:
    """With its findings, under its own name."""
    found = history()
    held = found.find("keras@3.10.0")
    assert held is not None

    side = found.side(held)

    assert side.name == "keras@3.10.0 on jax"
    assert side.subject.versions["jax"] == "1.0"
    assert (side.findings[CLAUSE].verdict, side.findings[CLAUSE].observed) == (FAIL, "[0]")
    assert side.findings[CLAUSE].implementation == "keras@3.10.0"


def test_versions_of_one_implementation_are_in_order() -> None:
    """By number, and apart by what computes."""
    assert [[item.version for item in line] for line in history().lines()] == [
        ["3.3.0", "3.3.3", "3.10.0"],
        ["2.3.1"],
        ["2.3.1"],
    ]
