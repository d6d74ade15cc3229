"""Tests of `fitspec.conformance.gate.problems`."""

from __future__ import annotations

import shlex

from fitspec.conformance.cli.main import main
from fitspec.conformance.gate.problems import ProblemKind


def test_each_kind_of_problem_says_what_to_do() -> None:
    """A remedy is words, and commands with the names of the user's files."""
    for kind in ProblemKind:
        remedy = kind.remedy.format(expectations="e.toml", reports="a.ndjson b.ndjson")

        assert remedy[0].isupper()
        for line in remedy.splitlines():
            if line.startswith("    "):
                assert shlex.split(line) == [
                    *("fitspec", "expect", "--update", "e.toml", "a.ndjson", "b.ndjson")
                ]
                assert main(shlex.split(line)[1:]) == 2  # there are no such reports
