"""The clauses that the reference says it realises."""

from fitspec.conformance.checks.realised import places
from fitspec.spec import Level, contract

CLAUSES = contract().clauses
#: Where an implementer looks; and, for what is given to `compile` and what layers do, beyond.
INNER = ("api", "data", "training", "callbacks")
NETWORK = ("network", "config", "layers", "losses", "metrics", "optimizers")


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


def test_every_binding_clause_has_a_line_or_a_reason_why_none_is_its_own() -> None:
    """A line of the inner rings, or of the dialect of R for its clauses."""
    cited = {
        clause_id
        for clause_id, each in places().items()
        for place in each
        if place.file.split("/")[1] in (("r",) if clause_id.startswith("r.") else INNER + NETWORK)
    }

    assert [
        item.id
        for item in CLAUSES.values()
        if item.level is not Level.OBSERVED and not item.realised and item.id not in cited
    ] == []
