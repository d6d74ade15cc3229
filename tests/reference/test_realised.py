"""The clauses that the reference says it realises."""

from fitspec.conformance.checks.realised import places
from fitspec.spec import contract

CLAUSES = contract().clauses


def test_what_is_cited_is_a_clause() -> None:
    """A misspelt id, or one that a clause no longer has, is found with the place it stands at."""
    strange = {
        cited: [f"{place.file}:{place.line}" for place in each]
        for cited, each in places().items()
        if cited not in CLAUSES
    }

    assert strange == {}


def test_what_has_a_line_of_its_own_has_no_reason_why_not() -> None:
    """A clause is realised at a line, or its record says what realises it; never both."""
    assert [item.id for item in CLAUSES.values() if item.realised and item.id in places()] == []
