"""Tests of `fitspec.conformance.explore.laws`: each holds on the reference, and can fall."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from fitspec import spec
from fitspec.conformance.explore.grammar import draw
from fitspec.conformance.explore.laws import LAWS
from fitspec.conformance.explore.looking import Laws
from fitspec.conformance.explore.program import Call, Data, Program
from fitspec.conformance.implementations.implementation import Implementation
from fitspec.conformance.worker.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable

SABOTEURS = Path(__file__).parents[2] / "saboteurs" / "adapter.py"


def compiled(**arguments: Any) -> Call:
    """Return a call that compiles."""
    return Call("compile", {"optimizer": {"sgd": 0.0625}, "loss": "mse", **arguments})


def of(*calls: Call, model: str = "linear", **arguments: Any) -> Program:
    """Return a program that compiles and makes `calls`."""
    return Program(model, (compiled(**arguments), *calls))


PLAIN: dict[str, Any] = {"verbose": 0, "shuffle": False}

#: Law -> a saboteur on which it falls, and the program.
FALLS = {
    "law.resumed-fit": (
        "forgets_momentum_between_calls",
        of(Call("fit", {"epochs": 3}, Data(1)), optimizer={"sgd": 0.0625, "momentum": 0.5}),
    ),
    "law.one-form": (
        "feeds_the_arrays_of_a_list_in_reverse",
        of(Call("fit", {}, Data(1, by="list")), model="mixed"),
    ),
    "law.weights-of-one": (
        "divides_the_sum_over_steps_by_the_weights_of_samples",
        of(Call("evaluate", {}, Data(1)), model="temporal", weighted_metrics=["mae"]),
    ),
    "law.split-is-tail": (
        "sets_the_first_samples_apart",
        of(Call("fit", {"validation_split": 0.5, **PLAIN}, Data(2))),
    ),
    "law.class-weights": (
        "trains_without_class_weights",
        of(Call("fit", {"class_weight": {"0": 1.0, "1": 2.0, "2": 1.0}}, Data(1, labels=True))),
    ),
    "law.evaluate-batches": (
        "evaluates_to_the_loss_of_the_last_batch",
        of(Call("evaluate", {}, Data(2))),
    ),
    "law.batch-by-batch": (
        "trains_more_slowly_with_every_call",
        of(Call("fit", {"batch_size": 1, **PLAIN}, Data(2))),
    ),
    "law.one-source": (
        "evaluates_items_without_their_weights",
        of(Call("evaluate", {}, Data(2, "sequence", weights="rising"))),
    ),
    "law.listening": (
        "joins_batches_that_nobody_watches",
        of(Call("fit", {"batch_size": 1, **PLAIN}, Data(4))),
    ),
    "law.recompiled": (
        "initialises_the_weights_when_compiled_again",
        of(Call("fit", PLAIN, Data(1)), Call("fit", PLAIN, Data(1))),
    ),
    "law.permuted": (
        "predicts_the_last_batch_first",
        of(Call("predict", {"batch_size": 2}, Data(3))),
    ),
}


@pytest.fixture
def sabotaged() -> Callable[[str], Session]:
    """Return how to describe the reference with the defect of a saboteur."""

    def describe(name: str) -> Session:
        implementation = Implementation(
            name="saboteur",
            title="saboteur",
            adapter=SABOTEURS,
            environment={"FITSPEC_SABOTEUR": name},
        )
        return Session(implementation, Path(sys.executable))

    return describe


def test_laws_follow_from_clauses_that_are_there() -> None:
    """Each from one at least, and ids say what they are of."""
    known = spec.contract()
    for name, law in LAWS.items():
        assert name == law.id
        assert name.startswith("law.")
        assert [known.clause(clause).id for clause in law.clauses] == [*law.clauses]
        assert law.clauses


@pytest.mark.parametrize("law", LAWS)
def test_a_law_holds_on_the_reference_and_falls_on_a_saboteur(
    law: str, reference: Session, sabotaged: Callable[[str], Session]
) -> None:
    """On the same program."""
    saboteur, program = FALLS[law]

    assert LAWS[law].vary(program) is not None
    assert Laws(reference).look(program, law).differences == []
    with sabotaged(saboteur) as session:
        session.start()
        assert Laws(session).look(program, law).differences


def test_every_law_is_about_some_drawn_programs() -> None:
    """Otherwise no campaign looks at it."""
    drawn = list(draw(0, 200))

    assert [law.id for law in LAWS.values() if not any(map(law.vary, drawn))] == []


def test_a_split_that_is_no_whole_number_of_samples_is_left_alone() -> None:
    """How it is rounded is not what the law says."""
    program = of(Call("fit", {"validation_split": 0.25, **PLAIN}, Data(3)))

    assert LAWS["law.split-is-tail"].vary(program) is None


def test_what_is_frozen_takes_effect_by_compiling() -> None:
    """Which is a change of its own, and not this law's."""
    frozen = Call("trainable", {"layer": "y", "trained": False})
    fit = Call("fit", PLAIN, Data(1))

    assert LAWS["law.recompiled"].vary(of(fit, fit)) is not None
    assert LAWS["law.recompiled"].vary(of(frozen, fit)) is None
