"""Tests of `fitspec.spec.clause_lines`."""

from __future__ import annotations

from importlib.resources import files

from fitspec import spec
from fitspec.spec.clause_lines import clause_lines


def test_the_record_of_every_clause_is_found() -> None:
    """At the line that is told stands the id."""
    for clause in spec.contract().clauses:
        file, line = clause_lines()[clause]
        text = (files("fitspec.spec") / file).read_text("utf-8").splitlines()

        assert text[line - 1] == f'id = "{clause}"'
