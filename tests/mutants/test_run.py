"""Only the checks that execute a mutant's line are run on it, and a run goes on where it was."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from . import run
from .changes import mutants
from .run import Results, checks_of
from .telling import Outcome, written

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

SOURCE = b"A = 5\ndef f(x=7):\n    if x > 6:\n        return x\n    return g(x)\n"
FOUND = {one.after: one for one in mutants("api/some", SOURCE)}
#: By clause, what its check executes. That of `epochs` says nothing of the module's own lines.
LINES = {
    "fit.epochs.default-1": {"api/some": frozenset({3, 4, 5}), "api/other": frozenset({1})},
    "fit.verbose.0-silent": {"api/some": frozenset({3, 4})},
    "fit.shuffle.batch-chunks": {"api/some": frozenset({3, 5})},
    "fit.signature.defaults": {"api/other": frozenset({1})},
}
CLAUSES = tuple(LINES)


def test_a_check_that_executes_the_line_is_run() -> None:
    """No other is; what executes little else comes first."""
    found = checks_of(FOUND["return None"], CLAUSES, LINES)

    assert set(found) < {"fit.epochs.default-1", "fit.shuffle.batch-chunks", "fit.verbose.0-silent"}
    assert found[-1] == "fit.epochs.default-1"


def test_a_default_is_seen_by_whoever_reads_it() -> None:
    """The checks of signatures are run on it as well."""
    assert "fit.signature.defaults" in checks_of(FOUND["def f(x=8):"], CLAUSES, LINES)
    assert "fit.signature.defaults" not in checks_of(FOUND["if x >= 6:"], CLAUSES, LINES)


def test_a_constant_is_seen_by_whoever_executes_its_module() -> None:
    """The checks of other modules are not run on it."""
    found = checks_of(FOUND["A = 6"], CLAUSES, LINES)

    assert set(found) == {
        "fit.epochs.default-1",
        "fit.shuffle.batch-chunks",
        "fit.verbose.0-silent",
    }


def test_a_constant_of_a_module_without_functions_is_seen_by_all() -> None:
    """No check executes a line of it beyond its import."""
    (alone, *_) = mutants("api/constants", b"A = 5\n")

    assert set(checks_of(alone, CLAUSES, LINES)) == set(CLAUSES)


def test_what_makes_classes_is_seen_by_whoever_executes_their_module() -> None:
    """Its lines are executed as the module is imported, before any check."""
    source = b"class A:\n    def __init_subclass__(cls):\n        cls.b = 2\n"
    early = next(one for one in mutants("api/other", source) if one.after == "cls.b = 3")

    found = checks_of(early, CLAUSES, LINES)

    assert set(found) == {"fit.epochs.default-1", "fit.signature.defaults"}


def test_a_run_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that was cut off is left out, and so is what was found on other sources."""
    path = tmp_path / "outcomes.jsonl"
    monkeypatch.setattr(run, "digest", lambda: "these")
    Results(path).add({"mutant": "one", "by": None})
    Results(path).add({"reference": {"found": {}}})
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"of": "others", "mutant": "two", "by": None}) + "\n" + '{"of": "th')

    Results(path).add({"mutant": "three", "by": None})
    again = Results(path)

    assert again.outcomes.keys() == {"one", "three"}
    assert again.reference == {"found": {}}


def test_what_survives_is_shown_as_a_difference() -> None:
    """The lines before and after, what ran it, and the score."""
    kept, noticed = FOUND["if x >= 6:"], FOUND["A = 6"]
    outcomes = [
        Outcome(kept, None, "", ("fit.shuffle.batch-chunks",)),
        Outcome(noticed, "fit.shuffle.batch-chunks", "fail", ("fit.shuffle.batch-chunks",)),
    ]

    text, score = written(outcomes)

    assert score == 50.0
    assert "reference/api/some.py:3  f\n    - if x > 6:\n    + if x >= 6:\n" in text
    assert "checks that ran it, 1: fit.shuffle.batch-chunks" in text
