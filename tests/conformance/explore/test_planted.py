"""A planted defect is found by drawn programs, and shown by two calls: as one that nobody knows."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.explore.campaign import campaign
from fitspec.conformance.explore.grammar import draw
from fitspec.conformance.explore.looking import Against
from fitspec.conformance.implementations.implementation import Implementation
from fitspec.conformance.worker.session import Session

if TYPE_CHECKING:
    from fitspec.conformance.explore.records import Record

SABOTEURS = Path(__file__).parents[2] / "saboteurs" / "adapter.py"


def first_of(saboteur: str, reference: Session) -> Record:
    """Return the first of 500 programs that shows a saboteur."""
    implementation = Implementation(
        name="saboteur",
        title="saboteur",
        adapter=SABOTEURS,
        environment={"FITSPEC_SABOTEUR": saboteur},
    )
    with Session(implementation, Path(sys.executable)) as session:
        session.start()
        records = campaign(draw(5, 500), [Against(session, reference)], {})
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
    record = first_of(saboteur, reference)

    for each in record.sightings:
        assert len(each.program.calls) == 2
        assert each.program.calls[-1].method.startswith(method)
