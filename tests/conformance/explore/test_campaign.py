"""Tests of `fitspec.conformance.explore.campaign`: distinct differences of many programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.explore.campaign import campaign, causes
from fitspec.conformance.explore.comparing import Aspect, Difference
from fitspec.conformance.explore.grammar import draw
from fitspec.conformance.explore.looking import Against, Look, offered
from fitspec.conformance.explore.program import Call, Data, Program

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.conformance.worker.session import Session

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
    records = list(campaign(drawn, [DislikesSplits()], {}))

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
    whole = list(campaign(drawn, [DislikesSplits()], {}))
    known = {record.number: record for record in whole[:40]}

    assert list(campaign(drawn, [DislikesSplits()], known)) == whole


def test_a_campaign_of_other_programs_is_refused() -> None:
    """Their numbers would mean others."""
    (record,) = campaign([Program("linear", (COMPILE,))], [DislikesSplits()], {})

    with pytest.raises(ValueError, match="program 0: another one is drawn now"):
        list(campaign([Program("two", (COMPILE,))], [DislikesSplits()], {0: record}))


def test_the_reference_does_what_the_reference_does(reference: Session) -> None:
    """Nothing is found where nothing is."""
    records = list(campaign(draw(1, 25), [Against(reference, reference)], {}))

    assert causes(records) == []
    assert all(record.performed == len(record.program.calls) for record in records)


def test_what_is_not_offered_is_left_out(reference: Session) -> None:
    """An argument alone, so that the call is made."""
    odd = Call("fit", {"speed": 2, "verbose": 0}, Data(1))

    program, outcome = offered(Program("linear", (COMPILE, odd)), reference)

    assert program.calls == (COMPILE, Call("fit", {"verbose": 0}, Data(1)))
    assert [step.ended for step in outcome.steps] == ["returned", "returned"]
