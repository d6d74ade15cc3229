"""The list of survivors speaks of mutants that there are."""

from __future__ import annotations

import pytest

from .roster import drawn, roster
from .survivors import Entry, entries, reason

MUTANTS = roster(["*"])


@pytest.mark.parametrize("entry", entries(), ids=lambda one: f"{one.module}-{one.function}")
def test_an_entry_speaks_of_a_mutant(entry: Entry) -> None:
    """Each has one or more: what it spoke of may be gone."""
    assert any(entry.allows(one) for one in MUTANTS)


def test_every_mutant_has_a_name_of_its_own() -> None:
    """Outcomes are kept by it."""
    assert len({one.id for one in MUTANTS}) == len(MUTANTS)


def test_a_sample_is_the_same_every_time() -> None:
    """It has the size asked for, in the order of the sources, and a smaller one lies within it."""
    some = drawn(MUTANTS, 40, "a seed")

    assert some == drawn(list(reversed(MUTANTS)), 40, "a seed")[::-1]
    assert len(some) == 40
    assert {one.id for one in drawn(MUTANTS, 10, "a seed")} <= {one.id for one in some}


def test_what_is_not_listed_counts() -> None:
    """An entry for one line allows no other."""
    one, other = MUTANTS[:2]
    entry = Entry("it is the same", one.module, one.change.function, one.before, one.after)

    assert reason(one, [entry]) == "it is the same"
    assert reason(other, [entry]) is None
