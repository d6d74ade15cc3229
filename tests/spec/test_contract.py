"""Questions put to a contract."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fitspec.spec import Contract, UnknownClause, load

FIRST = "fit.epochs.default-1"
SECOND = "fit.raises.not-compiled-RuntimeError"


@pytest.fixture
def small(write: Callable[..., Path]) -> Contract:
    """Load the small contract."""
    return load(write())


def test_a_clause_is_found_by_its_id(small: Contract) -> None:
    """An id gives its clause."""
    assert small.clause(FIRST).statement == "`fit` trains for one epoch."


def test_ids_are_put_in_the_order_of_the_contract(small: Contract) -> None:
    """Ids that it does not know come last, and stay as they were."""
    ids = ["z.unknown", SECOND, "a.unknown", FIRST]

    assert sorted(ids, key=small.places()) == [FIRST, SECOND, "z.unknown", "a.unknown"]


def test_an_unknown_id_gets_the_nearest(small: Contract) -> None:
    """A slip in an id is answered with the id that may be meant."""
    with pytest.raises(
        UnknownClause, match=r"'fit\.epoch\.default'; the nearest are 'fit\.ep"
    ) as it:
        small.clause("fit.epoch.default")

    assert it.value.nearest == (FIRST,)


def test_an_id_like_no_other_gets_no_hint(small: Contract) -> None:
    """What resembles nothing is answered with that."""
    with pytest.raises(UnknownClause, match=r"'zzz'; no id is like it"):
        small.clause("zzz")


def test_a_former_id_gets_its_successor(small: Contract) -> None:
    """A renamed clause is answered with the new id and the reason."""
    with pytest.raises(UnknownClause, match=r"renamed to 'fit\.epochs\.default-1': It says") as it:
        small.clause("fit.epochs.one")

    assert it.value.renamed_to == (FIRST,)


def test_a_dropped_clause_is_said_to_be_dropped(write: Callable[..., Path]) -> None:
    """A former id without a successor is answered with why."""
    dropped = '[[renamed]]\nold = "fit.x.odd"\nnew = []\nreason = "It was wrong."\n'
    contract = load(write(renamed=dropped))

    with pytest.raises(UnknownClause, match=r"'fit\.x\.odd'; it was dropped: It was wrong\.$"):
        contract.clause("fit.x.odd")


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({}, [FIRST, SECOND]),
        ({"methods": ["fit"]}, [FIRST, SECOND]),
        ({"methods": []}, []),
        ({"levels": ["must"]}, [FIRST]),
        ({"levels": ["must", "observed"]}, [FIRST, SECOND]),
        ({"profiles": ["keras"]}, [FIRST, SECOND]),
        ({"documents": ["004"]}, [FIRST]),
        ({"check": "pending"}, [SECOND]),
        ({"check": "present"}, [FIRST]),
        ({"check": "unobservable"}, []),
        ({"text": "HISTORY"}, [FIRST]),
        ({"text": "nobody"}, [SECOND]),
        ({"text": "runtimeerror"}, [SECOND]),
        ({"text": "fit", "levels": ["observed"]}, [SECOND]),
    ],
)
def test_clauses_are_chosen_by_all_conditions(
    small: Contract, conditions: dict[str, Any], expected: list[str]
) -> None:
    """A clause is chosen when it meets every condition given."""
    assert [clause.id for clause in small.select(**conditions)] == expected


@pytest.mark.parametrize(
    ("conditions", "message"),
    [
        ({"methods": ["fitt"]}, r"^methods: expected names among 'fit', got 'fitt'$"),
        ({"levels": ["shall"]}, r"^levels: .*'must', 'should', 'observed', got 'shall'$"),
        ({"profiles": ["keras-9"]}, r"^profiles: .*'keras', got 'keras-9'$"),
        ({"documents": ["005"]}, r"^documents: .*'004', got '005'$"),
        ({"check": "done"}, r"^check: .*'pending'.*got 'done'$"),
    ],
)
def test_an_unknown_name_in_a_condition_is_refused(
    small: Contract, conditions: dict[str, Any], message: str
) -> None:
    """A slip in a condition is not taken for an empty choice."""
    with pytest.raises(ValueError, match=message):
        small.select(**conditions)


def test_a_single_string_is_no_collection_of_names(small: Contract) -> None:
    """A string where several names belong is refused, not read letter by letter."""
    with pytest.raises(TypeError, match=r"^methods: expected a collection of names, got the str"):
        small.select(methods="fit")


def test_the_contradictions_of_a_clause_are_found(small: Contract) -> None:
    """A clause that a contradiction touches knows it, another does not."""
    assert [each.id for each in small.contradictions_of(FIRST)] == ["C1"]
    assert small.contradictions_of(SECOND) == ()


def test_the_contradictions_of_an_unknown_clause_are_refused(small: Contract) -> None:
    """No contradictions are reported of a clause that does not exist."""
    with pytest.raises(UnknownClause):
        small.contradictions_of("fit.epochs.two")
