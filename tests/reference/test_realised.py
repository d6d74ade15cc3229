"""The clauses that the reference says it realises."""

import re

from fitspec.conformance.checks.realised import places
from fitspec.spec import Level, contract

CLAUSES = contract().clauses
#: The folders that an implementer reads.
INNER = {"api", "data", "training", "callbacks"}
#: What they train: the place of some clauses about `compile`, and of the few that are named here.
NETWORK = {"network", "layers", "losses", "metrics", "optimizers"}
OF_NETWORK = {
    "fit.sample_weight.flat",
    "fit.sample_weight.zero-weights",
    "fit.sample_weight.temporal-2d",
    "predict.stateful.state-persists",
    "get_layer.order-of-indices",
    "fit_generator.example.file-reader",
}


def folders_of(clause_id: str) -> set[str]:
    """Return the folders where a line that realises the clause may be."""
    if clause_id.startswith("r."):
        return {"r"}
    may_be_beyond = clause_id.startswith("compile.") or clause_id in OF_NETWORK
    return INNER | NETWORK if may_be_beyond else INNER


def test_what_is_cited_is_a_clause() -> None:
    """A misspelt id, or one that a clause no longer has, is found with the place it stands at."""
    strange = {
        cited: [f"{place.file}:{place.line}" for place in each]
        for cited, each in places().items()
        if cited not in CLAUSES
    }

    assert strange == {}


def test_what_bears_an_id_is_a_line_that_says_something() -> None:
    """No id stands beside a bracket alone, where a formatter may have pushed it."""
    empty = {
        f"{place.file}:{place.line}"
        for each in places().values()
        for place in each
        if not re.match(r"[^#]*\w", place.source.splitlines()[-1])
    }

    assert empty == set()


def test_what_has_a_line_of_its_own_has_no_reason_why_not() -> None:
    """A clause is realised at a line, or its record says what realises it; never both."""
    assert [item.id for item in CLAUSES.values() if item.realised and item.id in places()] == []


def test_every_binding_clause_has_a_line_or_a_reason_why_none_is_its_own() -> None:
    """Ids stand where an implementer looks; reasons are for clauses that no line realises alone."""
    cited = {
        clause_id
        for clause_id, each in places().items()
        if {place.file.split("/")[1] for place in each} & folders_of(clause_id)
    }

    assert [
        item.id
        for item in CLAUSES.values()
        if item.level is not Level.OBSERVED and not item.realised and item.id not in cited
    ] == []
