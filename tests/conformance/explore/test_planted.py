"""A planted defect is found by drawn programs, and shown by two calls: as one that nobody knows."""

from __future__ import annotations

import itertools
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.explore.campaign import Here, campaign
from fitspec.conformance.explore.explaining import explained
from fitspec.conformance.explore.grammar import draw
from fitspec.conformance.explore.looking import Against
from fitspec.conformance.explore.program import Call, Data, Program
from fitspec.conformance.implementations import registry, twins
from fitspec.conformance.implementations.implementation import Implementation
from fitspec.conformance.worker.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fitspec.conformance.explore.records import Record

SABOTEURS = Path(__file__).parents[2] / "saboteurs" / "adapter.py"


@contextmanager
def started(implementation: Implementation) -> Iterator[Session]:
    """Return a conversation with an implementation that runs in our interpreter."""
    with Session(implementation, Path(sys.executable)) as session:
        session.start()
        yield session


def first_of(session: Session, reference: Session) -> Record:
    """Return the first of 500 programs on which an implementation differs from the reference."""
    records = campaign(draw(5, 500), Here([Against(session, reference)]), {})
    return next(itertools.dropwhile(lambda record: not record.sightings, records))


@pytest.mark.parametrize(
    ("saboteur", "method"),
    [
        ("sets_the_first_samples_apart", "fit"),
        ("evaluates_to_the_loss_of_the_last_batch", "evaluate"),
    ],
)
def test_a_saboteur_is_found_and_shown_by_two_calls(
    saboteur: str, method: str, reference: Session
) -> None:
    """`compile`, and the one that goes wrong, with a method of that name or of its family."""
    implementation = Implementation(
        name="saboteur",
        title="saboteur",
        adapter=SABOTEURS,
        environment={"FITSPEC_SABOTEUR": saboteur},
    )
    with started(implementation) as session:
        record = first_of(session, reference)

    for each in record.sightings:
        assert len(each.program.calls) == 2
        assert each.program.calls[-1].method.startswith(method)


def test_a_difference_is_new_until_what_makes_it_is_known(reference: Session) -> None:
    """Which takes one deviation of those of a twin, and none that does not matter."""
    file, keras = registry.deviations_file(), registry.find("keras-2.3")
    known = [each.id for each in registry.deviations() if keras.name in each.of]
    planted = "logs-of-validation-come-first", "loss-of-a-stream-is-of-its-last-batch"
    others = [each for each in known if each != planted[1]]

    with (
        started(twins.with_deviations(keras, planted, file)) as session,
        started(twins.with_deviations(keras, (), file)) as twin,
    ):
        sighting, *_ = first_of(session, reference).sightings
        assert len(sighting.program.calls) == 2
        assert explained(sighting.program, session, twin, others) is None
        assert explained(sighting.program, session, twin, known) == planted[1:]


def test_what_fails_for_no_reason_of_its_own_explains_nothing() -> None:
    """A deviation about what is printed says nothing of a Sequence beside arrays."""
    file, keras = registry.deviations_file(), registry.find("keras-2.3")
    known = [each.id for each in registry.deviations() if keras.name in each.of]
    planted = ("validation-data-beside-arrays-are-unpacked",)
    compiled = Call("compile", {"optimizer": {"sgd": 0.0625}, "loss": "mse"})
    fit = Call("fit", {}, Data(2), Data(2, "sequence"))

    with (
        started(twins.with_deviations(keras, planted, file)) as session,
        started(twins.with_deviations(keras, (), file)) as twin,
    ):
        assert explained(Program("linear", (compiled, fit)), session, twin, known) == planted
