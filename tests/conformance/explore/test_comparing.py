"""Tests of `fitspec.conformance.explore.comparing`: what counts as a difference."""

from __future__ import annotations

from typing import Any

import pytest

from fitspec.conformance.explore.comparing import UNSAID, Aspect, compare, tolerance
from fitspec.conformance.explore.performing import Outcome, Step
from fitspec.conformance.explore.program import Call, Data, Program

FIT = Program("linear", (Call("fit", {"epochs": 2}, Data(3)), Call("predict", {}, Data(3))))


def outcome(**changes: Any) -> Outcome:
    """Return what came of `FIT`, with the first step changed."""
    fields = {
        "value": {"epoch": [0, 1], "loss": [2.0, 1.0]},
        "hooks": (("epoch_end", 0),),
        "weights": {"y": [[[0.5]]]},
        **changes,
    }
    return Outcome([Step(**{"ended": "returned", **fields}), Step("returned", value=[[1.0]])])


@pytest.mark.parametrize(
    ("changes", "aspect", "detail"),
    [
        (
            {"ended": "raised", "said": ("ValueError", "no")},
            Aspect.ENDING,
            "returned, raised ValueError",
        ),
        ({"ended": "crash"}, Aspect.ENDING, "returned, crash"),
        ({"value": {"epoch": [0, 1]}}, Aspect.FORM, ""),
        ({"value": {"epoch": [0, 1], "loss": [2.0]}}, Aspect.FORM, "loss"),
        ({"value": {"epoch": [0, 1], "loss": [2.0, 1.1]}}, Aspect.NUMBERS, "loss"),
        ({"value": {"epoch": [0, 1], "loss": [2.0, float("nan")]}}, Aspect.NUMBERS, "loss"),
        ({"hooks": ()}, Aspect.HOOKS, ""),
        ({"weights": {"y": [[[0.4]]]}}, Aspect.WEIGHTS, ""),
    ],
)
def test_what_differs_is_named(changes: dict[str, Any], aspect: Aspect, detail: str) -> None:
    """With the call, and more of it where that tells causes apart."""
    (found,) = compare(FIT, outcome(), outcome(**changes), "other")

    assert found.kind == ("other", "fit", aspect, detail)
    assert found.place == 0


def test_rounding_is_no_difference() -> None:
    """A number may be as far off as that many roundings make it."""
    # Two epochs of 3 samples and 3 to predict are 9, and 1: 10 times 32 roundings of a half of a
    # unit in the last place of 2, the largest number.
    allowed = 32 * 10 * 2.0**-24 * 2

    assert tolerance(FIT, outcome()) == allowed
    for off, differs in ((0.9, 0), (1.1, 1)):
        weights = {"y": [[[0.5 + off * allowed]]]}
        assert len(compare(FIT, outcome(), outcome(weights=weights), "other")) == differs


def test_nothing_is_compared_after_what_is_not_offered() -> None:
    """Nor where nothing is said, nor after both sides were lost."""
    absent = Outcome([Step("absent"), Step("returned", value=[[5.0]])])
    silent = outcome(value=UNSAID, hooks=None, weights=None)
    lost = Outcome([Step("crash")])

    assert compare(FIT, outcome(), absent, "other") == []
    assert compare(FIT, outcome(), silent, "other") == []
    assert compare(FIT, lost, lost, "other") == []


def test_a_comparison_ends_where_states_part() -> None:
    """What comes later follows from it; a wrong number alone does not end it."""
    later = Step("returned", value=[[9.0]])
    parted = Outcome([outcome(weights={"y": [[[9.0]]]}).steps[0], later])
    numbers = Outcome([outcome(value={"epoch": [0, 1], "loss": [9.0, 1.0]}).steps[0], later])

    assert [each.place for each in compare(FIT, outcome(), parted, "other")] == [0]
    assert [each.place for each in compare(FIT, outcome(), numbers, "other")] == [0, 1]


def test_differences_come_in_the_order_of_what_is_returned() -> None:
    """In each process, so that which program is made smaller first is the same."""
    names = ("loss", "val_loss", "a_loss", "val_a_loss", "mae", "val_mae")
    one, other = (
        Outcome([Step("returned", value={name: [number] for name in names})])
        for number in (1.0, 2.0)
    )

    assert [each.detail for each in compare(FIT, one, other, "other")] == [
        "loss",
        "loss, validated",
        "loss of an output",
        "loss of an output, validated",
        "metric",
        "metric, validated",
    ]


def test_a_callback_that_raises_is_not_a_refusal() -> None:
    """Refusals of other classes are the same, as the documents name several."""
    own, one, other = (
        outcome(ended="raised", said=(name, "no"), hooks=None)
        for name in ("ArithmeticError", "ValueError", "TypeError")
    )

    assert compare(FIT, one, other, "other") == []
    (found,) = compare(FIT, own, one, "other")
    assert found.detail == "raised ArithmeticError, raised ValueError"
