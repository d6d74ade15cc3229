"""Tests of `fitspec.conformance.arrangements.producers`."""

from __future__ import annotations

import pytest

from fitspec.conformance.arrangements.producers import arrival, at_once
from fitspec.conformance.arrangements.streaming import FIT_GENERATOR
from fitspec.conformance.vocabulary.probes import Generator
from fitspec.conformance.worker.remote import Event, Events, RemoteError, Result


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
    """Stands for a model whose `fit_generator` raises, or returns, once it `asked` for item 0."""

    def __init__(self, error: RemoteError | None, *, asked: bool = True) -> None:
        self._error = error
        self._asked = asked

    def fit_generator(self, source: Generator, **_named: object) -> Result:
        """Raise the exception, if there is one."""
        pull = Event("pull", source.key, 1, 1, True, 0.0, {"index": 0})
        events = Events((pull,) if self._asked else ())
        if self._error is not None:
            self._error.events = events
            raise self._error
        return Result(None, events, "", "", (), 0.0)


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


@pytest.mark.parametrize("error", [RemoteError(["ValueError"], "it is refused", ""), None])
def test_what_a_source_never_raised_cannot_arrive(error: RemoteError | None) -> None:
    """Who does not ask for the item in whose place it is raised does not show how it arrives."""
    model = Raising(error, asked=False)
    source = Generator([], raises_at=0)

    assert arrival(model, FIT_GENERATOR, source) == "it was not raised"  # type: ignore[arg-type]  # as above
