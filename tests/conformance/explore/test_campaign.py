"""Tests of `fitspec.conformance.explore.campaign`: distinct differences of many programs."""

from __future__ import annotations

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from fitspec.conformance.explore.campaign import Here, campaign, causes, looks_at
from fitspec.conformance.explore.comparing import Aspect, Difference
from fitspec.conformance.explore.grammar import draw
from fitspec.conformance.explore.looking import Against, Look, offered
from fitspec.conformance.explore.program import Call, Data, Program

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future

    from fitspec.conformance.explore.looking import Oracle
    from fitspec.conformance.worker.session import Session

T = TypeVar("T")

COMPILE = Call("compile", {"optimizer": {"sgd": 0.0625}, "loss": "mse"})


class DislikesSplits:
    """An oracle that finds every `fit` with a split wrong."""

    names: Sequence[str] = ("taste",)

    def look(self, program: Program, only: str = "") -> Look:
        """Return where one is."""
        assert only in ("", "taste")
        found = [
            Difference("taste", place, "fit", Aspect.NUMBERS, "", 1, 2)
            for place, call in enumerate(program.calls)
            if "validation_split" in call.arguments
        ]
        return Look(program, found[:1])


def test_one_cause_is_one_difference_however_many_programs_show_it() -> None:
    """Each by the smallest program, and the others are known by that."""
    drawn = list(draw(0, 150))
    records = list(campaign(drawn, Here([DislikesSplits()]), {}))

    found = causes(records)
    # What the targets are stays.
    targets = [sighting.program.subject.targets for sighting, _ in found]
    assert sorted(targets) == sorted(set(targets))
    for sighting, _ in found:
        assert sighting.program.calls[1].arguments.keys() == {"validation_split", "shuffle"}
        assert len(sighting.program.calls) == 2
    assert sorted(number for _, numbers in found for number in numbers) == [
        number
        for number, program in enumerate(drawn)
        if any("validation_split" in call.arguments for call in program.calls)
    ]


def test_a_campaign_that_stopped_finds_the_same_as_one_that_did_not() -> None:
    """What is known is not looked at again."""
    drawn = list(draw(0, 60))
    whole = list(campaign(drawn, Here([DislikesSplits()]), {}))
    known = {record.number: record for record in whole[:40]}

    assert list(campaign(drawn, Here([DislikesSplits()]), known)) == whole


class Several(Here):
    """Performs in threads, and nobody is through before the last of the first ten programs is."""

    ahead = 10

    def __init__(self, oracles: Sequence[Oracle]) -> None:
        super().__init__(oracles)
        self._threads = ThreadPoolExecutor(self.ahead)
        self._tenth = threading.Event()
        self._looks = itertools.count(1)

    def begin(self, work: Callable[..., T], *given: Any) -> Future[T]:
        """Have a thread do it."""
        if work is looks_at and next(self._looks) == self.ahead:
            future: Future[T] = super().begin(work, *given)
            self._tenth.set()
            return future
        return self._threads.submit(self._late, work, *given)

    def _late(self, work: Callable[..., T], *given: Any) -> T:
        self._tenth.wait()
        return super().begin(work, *given).result()


def test_many_at_a_time_find_the_same_in_the_same_order() -> None:
    """What is known by then does not depend on who is through first."""
    drawn = list(draw(0, 60))
    oracles = [DislikesSplits()]

    assert list(campaign(drawn, Several(oracles), {})) == list(campaign(drawn, Here(oracles), {}))


def test_a_campaign_of_other_programs_is_refused() -> None:
    """Their numbers would mean others."""
    (record,) = campaign([Program("linear", (COMPILE,))], Here([DislikesSplits()]), {})

    with pytest.raises(ValueError, match="program 0: another one is drawn now"):
        list(campaign([Program("two", (COMPILE,))], Here([DislikesSplits()]), {0: record}))


def test_the_reference_does_what_the_reference_does(reference: Session) -> None:
    """Nothing is found where nothing is."""
    records = list(campaign(draw(1, 25), Here([Against(reference, reference)]), {}))

    assert causes(records) == []
    assert all(record.performed == len(record.program.calls) for record in records)


def test_what_is_not_offered_is_left_out(reference: Session) -> None:
    """An argument alone, so that the call is made."""
    odd = Call("fit", {"speed": 2, "verbose": 0}, Data(1))

    program, outcome = offered(Program("linear", (COMPILE, odd)), reference)

    assert program.calls == (COMPILE, Call("fit", {"verbose": 0}, Data(1)))
    assert [step.ended for step in outcome.steps] == ["returned", "returned"]
