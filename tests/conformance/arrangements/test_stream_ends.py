"""Tests of `fitspec.conformance.arrangements.stream_ends`."""

from __future__ import annotations

from fitspec.conformance.arrangements.stream_ends import remains

SEEN = {"a generator, returned": "nothing", "a generator, raised": "threads"}


def test_what_is_left_is_told_by_how_the_call_ended() -> None:
    """Leaving something after an exception alone is a way of its own."""
    ways = remains(SEEN, "threads")

    assert [words for words, cases in ways.items() if cases == SEEN] == [
        "threads are left when it has raised"
    ]


def test_each_kind_may_be_left_always_or_after_an_exception() -> None:
    """For each kind there are two ways, besides leaving nothing."""
    assert len(remains(SEEN, "threads", "processes")) == 1 + 2 * 2
