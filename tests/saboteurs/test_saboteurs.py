"""Every check of the suite can fail: on the reference with one defect, planted for the purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.checks.index import index

from . import page
from .kill_matrix import run
from .roster import roster

if TYPE_CHECKING:
    from .kill_matrix import Case, Matrix
    from .roster import Saboteur

SABOTEURS = roster()


@pytest.fixture(scope="session")
def matrix(request: pytest.FixtureRequest) -> Matrix:
    """What the checks find on the reference, and on the saboteurs that this run is to prove."""
    wanted = [
        item.callspec.params.get("saboteur")
        for item in request.session.items
        if isinstance(item, pytest.Function) and hasattr(item, "callspec")
    ]
    # That no other check falls takes far longer: `tox -e saboteurs` proves it.
    return run([saboteur for saboteur in SABOTEURS if saboteur in wanted], related=True)


@pytest.fixture
def case(matrix: Matrix, saboteur: Saboteur) -> Case:
    """What the checks find on one saboteur."""
    (found,) = (item for item in matrix.cases if item.saboteur == saboteur)
    return found


def test_every_checked_clause_has_a_saboteur() -> None:
    """For each clause with a check there is a saboteur or more, and for no other clause."""
    clauses = {saboteur.clause for saboteur in SABOTEURS}

    assert clauses == index().keys()


def test_every_saboteur_has_a_name_of_its_own() -> None:
    """A process that is to plant one finds it by its name."""
    names = [saboteur.name for saboteur in SABOTEURS]

    assert sorted(set(names)) == sorted(names)


def test_a_saboteur_lies_where_the_check_of_its_clause_does() -> None:
    """That of a clause checked in `fit/test_epochs.py` is in `fit/epochs.py`."""
    strayed = [
        item.name
        for item in SABOTEURS
        if f"conformance/checks/{item.place.replace('/', '/test_')}.py" != index()[item.clause].file
    ]

    assert strayed == []


def test_the_page_of_saboteurs_is_up_to_date() -> None:
    """`docs/kill-matrix.md` says what the saboteurs declare."""
    assert page.PAGE.read_text("utf-8") == page.text(SABOTEURS)


def test_every_saboteur_says_what_it_does_wrong() -> None:
    """Each saboteur has a docstring of one sentence."""
    wordy = [item.name for item in SABOTEURS if not item.sentence.endswith(".")]

    assert wordy == []


def test_the_reference_passes_without_a_defect(matrix: Matrix) -> None:
    """The adapter of the saboteurs, with nothing planted, passes all checks."""
    assert matrix.control == {}


@pytest.mark.parametrize("saboteur", SABOTEURS, ids=lambda item: item.name)
def test_a_saboteur_is_caught_by_its_check(case: Case) -> None:
    """The check of the broken clause falls, and those said to be related do."""
    expected = {case.saboteur.clause, *case.saboteur.also}

    assert case.failure == ""
    assert case.unreached == ()
    assert case.caught, case.kills
    # Checks of its neighbours ran as well: whatever falls has to be declared.
    assert case.kills.keys() == expected, case.kills
