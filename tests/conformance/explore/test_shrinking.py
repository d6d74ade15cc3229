"""Tests of `fitspec.conformance.explore.shrinking`: smaller programs that show the same."""

from __future__ import annotations

from fitspec.conformance.explore.program import Call, Data, Program
from fitspec.conformance.explore.shrinking import contains, shrink

COMPILE = Call("compile", {"optimizer": {"sgd": 0.0625}, "loss": "mse"})
LARGE = Program(
    "two",
    (
        Call(
            "compile",
            {
                "optimizer": {"sgd": 0.03125, "momentum": 0.5},
                "loss": {"a": "mae", "b": "mse"},
                "metrics": {"a": ["mae", "mse"]},
                "loss_weights": [2.0, 0.5],
            },
        ),
        Call("evaluate", {"batch_size": 2}, Data(5, weights="rising")),
        Call(
            "fit",
            {"epochs": 4, "steps_per_epoch": 2, "verbose": 0, "class_weight": {"0": 0.5}},
            Data(6, "generator", by="dict", batch=3, start=2),
            Data(4, "sequence", batch=2),
        ),
        Call("trainable", {"layer": "a", "trained": False}),
        Call("predict", {}, Data(3)),
    ),
)


def test_all_that_a_difference_does_not_take_goes() -> None:
    """Down to the simplest model and the simplest data."""

    def shows(program: Program) -> bool:
        return any(call.method == "fit" for call in program.calls)

    assert shrink(LARGE, shows) == Program("linear", (COMPILE, Call("fit", {}, Data(1))))


def test_what_it_takes_stays() -> None:
    """Two epochs, an argument, weights."""

    def shows(program: Program) -> bool:
        return any(
            call.method == "fit" and call.arguments.get("epochs", 1) > 1 and call.validation
            for call in program.calls
        )

    smallest = shrink(LARGE, shows)

    assert smallest.calls[1:] == (Call("fit", {"epochs": 2}, Data(1), Data(1, "sequence")),) or (
        smallest.calls[1:] == (Call("fit", {"epochs": 2}, Data(1), Data(1)),)
    )


def test_the_number_of_tries_is_limited() -> None:
    """An implementation may be slow."""
    tries = []

    def shows(program: Program) -> bool:
        tries.append(program)
        return True

    shrink(LARGE, shows, tries=3)

    assert len(tries) == 3


def test_a_program_contains_one_that_needs_less() -> None:
    """The same methods in the same order, with as much of arguments and of data."""
    fits = Program("linear", (COMPILE, Call("fit", {"epochs": 2}, Data(1, "generator"))))
    weighted = Program("linear", (COMPILE, Call("evaluate", {}, Data(1, weights="rising"))))
    late = Program("linear", (COMPILE, Call("predict", {}, Data(1)), weighted.calls[1]))

    assert contains(LARGE, fits)
    assert contains(LARGE, weighted)
    assert not contains(LARGE, late)
    assert not contains(LARGE, Program("shared", fits.calls))
    assert not contains(fits, LARGE)
