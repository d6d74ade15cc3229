"""Tests of `fitspec.conformance.arrangements.producers`."""

from __future__ import annotations

import pytest

from fitspec.conformance.arrangements.producers import arrival, at_once
from fitspec.conformance.arrangements.streaming import FIT_GENERATOR
from fitspec.conformance.vocabulary.probes import Generator
from fitspec.conformance.worker.remote import Event, Events, RemoteError


def _events(*kinds: str) -> Events:
    return Events(tuple(Event(kind, "p1", 1, 1, True, 0.0, {}) for kind in kinds))


@pytest.mark.parametrize(
    ("kinds", "most"),
    [
        ([], 0),
        (["get_item", "give", "get_item", "give"], 1),
        (["get_item", "came", "get_item", "give", "get_item", "give", "give"], 2),
    ],
)
def test_items_that_are_being_made_are_asked_for_and_not_given(kinds: list[str], most: int) -> None:
    """The most items at once is the most that were asked for and not yet given."""
    assert at_once(_events(*kinds)) == most


class Raising:
    """Stands for a model whose `fit_generator` raises, or returns."""

    def __init__(self, error: RemoteError | None) -> None:
        self._error = error

    def fit_generator(self, *_args: object, **_named: object) -> None:
        """Raise the exception, if there is one."""
        if self._error is not None:
            raise self._error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (RemoteError(["ArithmeticError"], "it is broken", ""), "as it was raised"),
        (RemoteError(["RuntimeError"], "seen: it is broken", ""), "its message in another class"),
        (RemoteError(["ArithmeticError"], "", ""), "its class alone"),
        (RemoteError(["RuntimeError"], "", ""), "another exception"),
        (None, "not at all"),
    ],
)
def test_how_an_exception_arrives_is_told_by_class_and_message(
    error: RemoteError | None, said: str
) -> None:
    """Class and message of what the caller gets are held against those that the source raised."""
    source = Generator([], raises_at=0, message="it is broken")

    assert arrival(Raising(error), FIT_GENERATOR, source) == said  # type: ignore[arg-type]  # acts as one
