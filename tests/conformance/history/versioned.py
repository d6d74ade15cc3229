"""Reports of several versions, made by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fitspec.conformance.history.history import EMPTY
from fitspec.conformance.history.making import with_reports
from fitspec.conformance.report.report import Report
from fitspec.conformance.report.verdicts import Verdict

from ..hand_made import HEADER, SUBJECT, found

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fitspec.conformance.history.history import History
    from fitspec.conformance.report.verdicts import Finding

PASS, FAIL = Verdict.PASS, Verdict.FAIL
CLAUSE, OPEN = "fit.epochs.final-epoch", "fit.verbose.1-counts"


def report_of(name: str, versions: dict[str, str], *findings: Finding) -> Report:
    """Return a report of a run of one version."""
    subject = replace(SUBJECT, name=name, versions=versions)
    own = tuple(replace(item, implementation=name) for item in findings)
    return Report({**HEADER, "checked": len(own)}, (subject,), own)


def keras(version: str, on: str, verdict: Verdict, behaviour: str, name: str = "") -> Report:
    """Return a report of a version of Keras with a verdict and a behaviour."""
    findings = (
        found(CLAUSE, verdict, observed="[0]" if verdict is FAIL else "[1]"),
        found(OPEN, None, behaviour=behaviour),
    )
    return report_of(
        name or f"keras@{version}", {"keras": version, on: "1.0", "numpy": "2"}, *findings
    )


def history() -> History:
    """Return one of five versions, in which the verdict changes once and a behaviour twice."""
    return with_reports(
        EMPTY,
        [
            keras("3.10.0", "jax", FAIL, "samples"),
            keras("3.3.3", "jax", PASS, "batches"),
            keras("3.3.0", "jax", PASS, "samples"),
            keras("2.3.1", "theano", PASS, "samples", "keras-2.3-theano"),
            keras("2.3.1", "tensorflow", FAIL, "samples", "keras-2.3"),
        ],
    )


def decided_by(checks: Mapping[str, str]) -> History:
    """Return the same, each version decided by the check named for it, where one is."""
    known = history()
    by = tuple(checks.get(item.version) for item in known.versions)
    clauses = {clause: replace(of, checks=by) for clause, of in known.clauses.items()}
    return replace(known, clauses=clauses)
