"""Tests of `fitspec.spec.touch`: which calls of programs touch a clause."""

from collections.abc import Callable
from pathlib import Path

import pytest

from fitspec.spec import READS, Level, SpecError, Touch, contract, load
from fitspec.spec.loader import METHODS
from fitspec.spec.touch import term_fault

Spoil = Callable[[str, str, str], Path]


def test_terms_are_taken_apart() -> None:
    """All of them have to be true."""
    assert Touch("x:list & !shuffle='batch' & y").terms == ("x:list", "!shuffle='batch'", "y")


@pytest.mark.parametrize("when", ["x y", "x &y", "X", "x:", "x & ", "!*", "x>"])
def test_what_is_no_term_is_told(when: str) -> None:
    """A term that nobody understands would be true of no program."""
    assert term_fault(when) is not None


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ('touched_by = [{ when = "x y" }]', "'when': expected terms such as"),
        ('touched_by = [{ when = "x", numbers = 1 }]', "'numbers': expected true or false"),
        ("touched_by = [{ numbers = true }]", "the key 'when' is missing"),
        ('touched_by = [{ when = "x", how = "y" }]', "unknown key 'how'"),
        ("touched_by = 3", "'touched_by': expected"),
    ],
)
def test_a_record_that_is_wrong_is_refused(spoil: Spoil, written: str, message: str) -> None:
    """It names the key, and what was expected."""
    folder = spoil("fit", 'level = "must"', f'level = "must"\n{written}')

    with pytest.raises(SpecError, match=message):
        load(folder)


def test_touches_of_the_contract_are_of_what_programs_call() -> None:
    """Their methods are documented ones, or what programs read beside them."""
    methods = {
        method
        for clause in contract().clauses.values()
        for touch in clause.touched_by
        for method in touch.methods
    }

    assert methods <= {*METHODS, *READS}


def test_what_no_document_settles_is_never_required_to_be_refused() -> None:
    """An `observed` clause says by its behaviour what is refused."""
    assert not [
        clause.id
        for clause in contract().clauses.values()
        for touch in clause.touched_by
        if touch.refused and clause.level is Level.OBSERVED
    ]
