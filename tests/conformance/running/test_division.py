"""Tests of `fitspec.conformance.running.division`: who makes which check."""

from __future__ import annotations

from fitspec.conformance.running.division import Division

FIRST, NEEDS_FIRST = "fit.epochs.final-epoch", "fit.initial_epoch.resume-equivalence"
OTHER = "predict.order"


def test_a_check_waits_for_those_it_depends_on() -> None:
    """Others go before it; whether what it needs fell is known once it is handed out."""
    division = Division([FIRST, NEEDS_FIRST, OTHER])

    assert [division.take(), division.take(), division.take()] == [FIRST, OTHER, None]
    assert not division.is_handed_out
    division.fell(FIRST)
    division.done(FIRST)

    assert division.take() == NEEDS_FIRST
    assert division.fallen_below(NEEDS_FIRST) == [FIRST]
    assert division.is_handed_out


def test_what_was_not_asked_keeps_nobody_waiting() -> None:
    """As where a pattern leaves it out."""
    division = Division([NEEDS_FIRST])

    assert not division.is_begun
    assert division.take() == NEEDS_FIRST
    assert division.fallen_below(NEEDS_FIRST) == []
    assert division.is_begun
