"""Tests of `reference.r.verbosity`."""

from __future__ import annotations

import pytest

from fitspec.reference.r import Session
from fitspec.reference.r.verbosity import level_of


@pytest.mark.parametrize(
    ("session", "expected"),
    [
        (Session(), 1),
        (Session(knitr=True), 2),
        (Session(server=True), 2),
        (Session(rstudio=True), 1),
    ],
)
def test_auto_avoids_bars_where_they_cannot_move(session: Session, expected: int) -> None:
    """For "auto" there is a bar, but a line an epoch under knitr and on a server."""
    assert level_of("auto", session) == expected


@pytest.mark.parametrize("verbose", [0, 1, 2.0])
def test_numbers_are_levels(verbose: float) -> None:
    """A number is the level itself, wherever it is asked for."""
    assert level_of(verbose, Session(knitr=True, server=True)) == int(verbose)


@pytest.mark.parametrize(
    ("verbose", "words"), [("loud", "'auto', 0, 1 or 2, not 'loud'"), (3, "0, 1 or 2, not 3")]
)
def test_other_levels_are_refused(verbose: object, words: str) -> None:
    """What is no level is refused, and shown."""
    with pytest.raises(ValueError, match=f"verbose must be {words}"):
        level_of(verbose, Session())
