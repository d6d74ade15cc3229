"""Tests of `fitspec.conformance.explore.performing`: what comes of a program."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.explore.performing import perform
from fitspec.conformance.explore.program import Call, Data, Program

from ..conftest import hostile

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.conformance.worker.session import Session

COMPILE = Call("compile", {"optimizer": {"sgd": 0.5}, "loss": "mse"})


def test_state_is_carried_from_call_to_call(reference: Session) -> None:
    """With a value, hooks and weights for each call."""
    # One sample: x = 4/4 = 1 and y = 1/4, and the weight is 1/2. The gradient is
    # 2·(1/2 - 1/4)·1 = 1/2, so that the weight becomes 1/2 - 1/2·1/2 = 1/4, which fits: the loss
    # was (1/4)² = 1/16 and is 0.
    program = Program(
        "linear",
        (
            COMPILE,
            Call("fit", {"verbose": 0, "callbacks": [{}]}, Data(1)),
            Call("evaluate", {}, Data(1)),
            Call("predict", {}, Data(1)),
        ),
    )

    compiled, fitted, evaluated, predicted = perform(program, reference).steps

    assert compiled.weights["y"][0].tolist() == [[0.5]]
    assert fitted.value == {"epoch": [0], "loss": [0.0625]}
    assert ("epoch_end", 0) in (fitted.hooks or ())
    assert fitted.weights["y"][0].tolist() == [[0.25]]
    assert evaluated.value == 0.0
    assert predicted.value == [[0.25]]


def test_seconds_in_a_history_are_no_result(reference: Session) -> None:
    """That there are any is one."""
    timing = Call("fit", {"callbacks": [{"adds": {"time": 1.5}}], "verbose": 0}, Data(1))

    _, fitted = perform(Program("linear", (COMPILE, timing)), reference).steps

    assert fitted.value == {"epoch": [0], "loss": [0.0625], "time": "measured"}


def test_a_program_goes_on_after_an_exception(reference: Session) -> None:
    """With what the exception left."""
    raising = Call("fit", {"callbacks": [{"raises_at": ["epoch_end", 0]}], "verbose": 0}, Data(1))
    program = Program("linear", (COMPILE, raising, Call("evaluate", {}, Data(1))))

    _, raised, evaluated = perform(program, reference).steps

    assert raised.ended == "raised"
    assert raised.said[0] == "ArithmeticError"
    assert raised.weights["y"][0].tolist() == [[0.25]]
    assert evaluated.ended == "returned"


def test_a_program_ends_with_what_is_not_offered(reference: Session) -> None:
    """Whatever came after it would be of another program."""
    odd = Call("fit", {"speed": 2}, Data(1))
    outcome = perform(Program("linear", (COMPILE, odd, odd)), reference)

    assert outcome.absent == 1
    assert len(outcome.steps) == 2


@pytest.mark.parametrize(
    ("does", "ended"),
    [
        ("hangs", "timeout"),
        ("segfaults", "crash"),
        ("floods_stdout", "crash"),
        ("answers_with_garbage", "nonsense"),
    ],
)
def test_a_worker_that_is_lost_costs_its_program_and_no_other(
    talk: Callable[..., Session], does: str, ended: str
) -> None:
    """How it was lost is what came of the program."""
    session = talk(hostile("misbehaving", MISBEHAVIOUR=does, METHOD="evaluate"))
    session.start()
    evaluates = Program("linear", (COMPILE, Call("evaluate", {}, Data(1)), COMPILE))

    lost = perform(evaluates, session)
    after = perform(Program("linear", (COMPILE,)), session)

    assert lost.fatal == ended
    assert [step.ended for step in lost.steps] == ["returned", ended]
    assert [step.ended for step in after.steps] == ["returned"]
