"""A standalone script shows of a real implementation what the report says of it."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.environments.environment import prepare
from fitspec.conformance.implementations import registry
from fitspec.conformance.running.reproducing import reproduce

from .deviations import shortfalls

if TYPE_CHECKING:
    from pathlib import Path

#: How many clauses with each verdict are tried out.
EACH = {"fail": 4, "error": 1, "absent": 2}


def chosen(subject: str) -> list[str]:
    """Return some clauses that the implementation is known to fall short of, of each verdict."""
    found = []
    for verdict, number in EACH.items():
        known = [
            item["clause"]
            for item in shortfalls()
            if subject in item["of"] and item["verdict"] == verdict and not item.get("at_times")
        ]
        # From all over the contract: clauses stand by method.
        found += known[:: max(1, len(known) // number)][:number]
    return found


@pytest.mark.needs("an implementation with the names of Keras")
def test_a_script_shows_what_was_found(subject: str, tmp_path: Path) -> None:
    """Run alone, in the environment of the implementation, it exits with 1."""
    implementation = registry.find(subject)
    python = prepare(implementation)
    # Nothing of this process is needed, and no setting of the user's.
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    ends = {}
    for clause in chosen(subject):
        found = reproduce(clause, subject)
        if found.reason.startswith(f"{subject}: scripts are written for"):
            pytest.skip(found.reason)
        if found.needs_fitspec or not found.script:
            # Said by name, so that a reader of the test's output can judge it.
            ends[clause] = found.reason
            continue
        script = tmp_path / f"{clause}.py"
        script.write_text(found.script, "utf-8")
        done = subprocess.run(
            [python, script], capture_output=True, text=True, check=False, env=environment
        )
        assert done.returncode == 1, f"{clause}\n{done.stdout}\n{done.stderr}"
        assert "The deviation shows." in done.stdout
        ends[clause] = "shown"

    shown = [clause for clause, end in ends.items() if end == "shown"]
    assert 2 * len(shown) > len(ends), ends
