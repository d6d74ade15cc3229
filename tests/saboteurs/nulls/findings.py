"""What the checks find on null implementations.

    python tests/saboteurs/nulls/findings.py [NULL...] [--clause PATTERN]...

holds the null implementations named (none means all) against the clauses, and prints what passes
on each, and which known behaviour is read out of it.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from fitspec.conformance.implementations import registry
from fitspec.conformance.report import report
from fitspec.conformance.report.verdicts import Verdict
from fitspec.conformance.running import engine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.conformance.report.verdicts import Finding

ADAPTER = Path(__file__).resolve().with_name("adapter.py")
#: As `adapter.py` calls them, in the order of how much they pretend.
NULLS = (
    "refuses_everything",
    "claims_not_to_be_compiled",
    "refuses_all_but_compile",
    "returns_none",
    "returns_zeros",
    "pretends_to_train",
)


def find(nulls: Sequence[str] = NULLS, clauses: Sequence[str] = ()) -> report.Report:
    """Hold null implementations against clauses, in a process of its own: a run owns its process.

    Args:
        nulls: their names.
        clauses: patterns of ids; none means all.
    """
    with tempfile.TemporaryDirectory(prefix="fitspec-nulls-") as scratch:
        path = Path(scratch) / "found.ndjson"
        command = [sys.executable, str(Path(__file__).resolve()), *nulls, "--into", str(path)]
        command += [argument for pattern in clauses for argument in ("--clause", pattern)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr}")
        return report.read(path)


def _run(nulls: Sequence[str], clauses: Sequence[str]) -> report.Report:
    implementations = [
        replace(
            registry.find("reference"),
            name=name,
            title=name,
            adapter=ADAPTER,
            environment={"FITSPEC_NULL": name},
        )
        for name in nulls
    ]
    return engine.run(*implementations, clauses=clauses)


def passed(finding: Finding) -> bool:
    """Whether the check found what the clause says."""
    return finding.verdict is Verdict.PASS


def recognised(finding: Finding) -> bool:
    """Whether the check of a clause without a verdict saw a behaviour that it knows."""
    # `expected` names every behaviour that the check knows.
    return finding.behaviour is not None and finding.behaviour in finding.expected


def main() -> int:
    """Run the command; return the exit status."""
    parser = argparse.ArgumentParser(description="show what passes on null implementations")
    parser.add_argument("null", nargs="*", help="names; none means all")
    parser.add_argument("--clause", action="append", default=[], help="a pattern of clause ids")
    parser.add_argument("--into", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    nulls = options.null or NULLS
    if options.into is not None:
        report.write(_run(nulls, options.clause), options.into)
        return 0
    found = find(nulls, options.clause)
    for name in nulls:
        findings = found.of(name)
        lines = [f"passes {item.clause}" for item in findings if passed(item)]
        lines += [
            f"reads  {item.clause}: {item.behaviour}" for item in findings if recognised(item)
        ]
        sys.stdout.write("\n".join([name, *(f"    {line}" for line in lines), ""]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
