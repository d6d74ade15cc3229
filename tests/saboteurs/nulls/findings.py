"""What the checks find on null implementations.

    python tests/saboteurs/nulls/findings.py [NULL...] [--clause PATTERN]...

holds the null implementations named (none means all) against the clauses, and prints what passes
on each, and which known behaviour is read out of it.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from fitspec.conformance.report.verdicts import Verdict

if not __package__:
    # Run by its path: as the module that it is.
    sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
    __package__ = "tests.saboteurs.nulls"

from ...lab.variants import Variant, find

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.conformance.report.report import Report
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


def found(nulls: Sequence[str] = NULLS, clauses: Sequence[str] = ("*",)) -> dict[str, Report]:
    """Hold null implementations against clauses; return a report for each.

    Args:
        nulls: their names.
        clauses: patterns of ids.
    """
    return find(
        [
            Variant(name, "reference", str(ADAPTER), {"FITSPEC_NULL": name}, tuple(clauses))
            for name in nulls
        ]
    )


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
    options = parser.parse_args()
    for name, report in found(options.null or NULLS, options.clause or ["*"]).items():
        lines = [f"passes {item.clause}" for item in report.findings if passed(item)]
        lines += [
            f"reads  {item.clause}: {item.behaviour}"
            for item in report.findings
            if recognised(item)
        ]
        lines = lines or ["passes nothing"]
        sys.stdout.write("\n".join([name, *(f"    {line}" for line in lines), ""]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
