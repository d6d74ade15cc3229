"""The contract that comes with the package."""

from collections import Counter

import pytest

from fitspec.spec import Clause, Level, UnknownClause, contract

CLAUSES = list(contract().clauses.values())

COUNTS = {
    "compile": 82,
    "fit": 197,
    "evaluate": 35,
    "predict": 25,
    "train_on_batch": 13,
    "test_on_batch": 10,
    "predict_on_batch": 5,
    "get_layer": 12,
    "fit_generator": 69,
    "evaluate_generator": 14,
    "predict_generator": 14,
    "r": 12,
}


def promised_by(clause: Clause) -> set[str]:
    """Derive who promises a clause: its documents, or those of the method if all are silent."""
    documents = clause.documents or [
        document.id
        for document in contract().documents.values()
        if clause.method in document.covers
    ]
    return {
        profile.id
        for profile in contract().profiles.values()
        if not set(profile.documents).isdisjoint(documents)
    }


def test_every_method_has_its_clauses() -> None:
    """No clause is lost or added unnoticed."""
    assert Counter(clause.method for clause in CLAUSES) == COUNTS


def test_patterns_match_clauses() -> None:
    """Patterns name clauses as file names are named; one that names none is refused."""
    assert contract().matching(["predict.order", "get_layer.by-*"]) == {
        "predict.order",
        "get_layer.by-name",
        "get_layer.by-index",
    }
    with pytest.raises(UnknownClause):
        contract().matching(["predict.order", "nothing.*"])


def test_there_are_488_clauses() -> None:
    """The contract has the 328 it started from, 7 found since and 150 that no document decides."""
    assert len(CLAUSES) == 488


def test_every_known_contradiction_is_recorded() -> None:
    """The contradictions are numbered without a gap, at least to the forty first found."""
    ids = list(contract().contradictions)

    assert ids == [f"C{number}" for number in range(1, len(ids) + 1)]
    assert len(ids) >= 40


def test_every_contradiction_touches_clauses_and_has_sides() -> None:
    """A contradiction says what it is about and who takes part."""
    assert [
        each.id
        for each in contract().contradictions.values()
        if not each.clauses or not each.readings
    ] == []


def test_no_two_clauses_say_the_same() -> None:
    """Every statement is unique."""
    counts = Counter(clause.statement for clause in CLAUSES)

    assert [statement for statement, count in counts.items() if count > 1] == []


def test_a_clause_belongs_to_those_who_promise_it() -> None:
    """The profiles of a clause follow from its documents."""
    assert [c.id for c in CLAUSES if set(c.profiles) != promised_by(c)] == []


def test_every_level_below_must_is_explained() -> None:
    """A clause that no document states outright says why it is there."""
    assert [
        clause.id for clause in CLAUSES if clause.level is not Level.MUST and clause.reason is None
    ] == []


def test_no_clause_stands_on_documents_that_say_nothing() -> None:
    """A `must` always names a document."""
    assert [c.id for c in CLAUSES if c.level is Level.MUST and not c.documents] == []


def test_lists_of_documents_are_in_order() -> None:
    """Documents and profiles are listed in one order, so that changes are easy to read."""
    profiles = list(contract().profiles)

    assert [
        clause.id
        for clause in CLAUSES
        if list(clause.documents) != sorted(clause.documents)
        or list(clause.profiles) != sorted(clause.profiles, key=profiles.index)
    ] == []


def test_what_a_judged_clause_needs_is_judged() -> None:
    """No clause with a verdict waits for one without."""
    assert [
        clause.id
        for clause in CLAUSES
        for needed in clause.depends
        if clause.level is not Level.OBSERVED and contract().clause(needed).level is Level.OBSERVED
    ] == []


def test_what_a_clause_needs_is_promised_wherever_it_is() -> None:
    """In no profile does a clause wait for one that is not part of it."""
    assert [
        clause.id
        for clause in CLAUSES
        for needed in clause.depends
        if not set(clause.profiles) <= set(contract().clause(needed).profiles)
    ] == []


def test_reasons_and_resolutions_name_clauses_that_exist() -> None:
    """An id that is mentioned in passing is an id."""
    methods = tuple(f"{method}." for method in contract().methods)
    texts = [(clause.id, clause.reason or "") for clause in CLAUSES]
    texts += [(each.id, each.resolution) for each in contract().contradictions.values()]
    mentioned = [
        (place, word.strip(".,:;"))
        for place, text in texts
        for word in text.split()
        if word.startswith(methods) and word.count(".") >= 2
    ]

    assert [each for each in mentioned if each[1] not in contract().clauses] == []
    assert mentioned != []
