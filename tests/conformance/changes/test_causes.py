"""Tests of `fitspec.conformance.changes.causes`: why findings fell short."""

from __future__ import annotations

from fitspec.conformance.changes.causes import causes_in
from fitspec.conformance.gate.expected import parse

from ..two_sides import comparison

ENTRIES = parse(
    """
[[expect]]
clause = "fit.epochs.final-epoch"
of = ["keras-3-jax"]
verdict = "fail"
reason = "It counts them."

[[expect]]
clause = "fit.shuffle.batch-chunks"
of = ["keras-2.3"]
verdict = "fail"
reason = "It sorts them."
versions = "keras < 2"

[[expect]]
clause = "compile.loss.function"
verdict = "error"
reason = "That was something else."
""",
    "e.toml",
)


def test_a_cause_is_of_the_same_verdict_and_version() -> None:
    """What is known of another version, or of another verdict, explains nothing."""
    both = comparison()

    causes = causes_in((both.before, both.after), ENTRIES)

    assert causes == {both.after.findings["fit.epochs.final-epoch"]: ENTRIES[0]}
