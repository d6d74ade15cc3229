"""smallfit against the documented API: a test for each clause."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fitspec import conformance

EXPECTATIONS = Path(__file__).parents[1] / "expectations.toml"


@conformance.each_clause("smallfit", clauses=["fit.epochs.*"], expectations=EXPECTATIONS)
def test_training_goes_on_for_as_long_as_documented(clause: Any) -> None:
    """Each clause about `epochs` holds, but for what is known."""
    clause.check()
