"""Reports made by hand, small enough to be read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fitspec import spec
from fitspec.conformance.report.outline import Outline
from fitspec.conformance.report.report import Report, Subject
from fitspec.conformance.report.verdicts import Finding, Verdict

HEADER = {
    "fitspec": "0.1.0",
    "started": "2026-01-02T03:04:05+00:00",
    "finished": "2026-01-02T03:05:05+00:00",
    "python": "3.11.7",
    "platform": "Linux",
    "clauses": 362,
    "checked": 3,
}

SUBJECT = Subject(
    name="reference",
    title="the reference",
    available=True,
    reason="",
    remedy="",
    versions={"fitspec": "0.1.0", "numpy": "2.4.6"},
    python="3.11.7",
    platform="Linux",
    renames={"fit(x)": "data"},
    seconds=1.25,
    seconds_inside=0.5,
)

OTHER = replace(
    SUBJECT, name="keras-2.3", title="Keras 2.3.1", versions={"keras": "2.3.1"}, python="3.7.16"
)

GONE = replace(
    SUBJECT,
    name="keras-3-torch",
    title="Keras 3",
    available=False,
    reason="Python 3.11 is not on this machine",
    remedy="install it with `uv python install 3.11`",
    versions={},
    python="",
    platform="",
    renames={},
    seconds=0.0,
    seconds_inside=0.0,
)


def found(clause: str, verdict: Verdict | None, **fields: Any) -> Finding:
    """Return a finding on the reference, but for the fields given."""
    finding = Finding(
        clause=clause,
        implementation="reference",
        verdict=verdict,
        behaviour=None,
        expected="[2, 3, 4]",
        observed="[2, 3, 4]",
        detail="",
        seconds=0.01,
        seconds_inside=0.005,
        check="test_fit_epochs.py::test_it[reference]",
    )
    return replace(finding, **fields)


def report(*findings: Finding, subjects: tuple[Subject, ...] = (SUBJECT,)) -> Report:
    """Return a report of these findings."""
    examined = {item.clause for item in findings if item.verdict is not Verdict.UNAVAILABLE}
    return Report({**HEADER, "checked": len(examined)}, subjects, findings)


def full() -> Report:
    """Return a report of today's contract, in which every clause of a profile is decided."""
    contract = spec.contract()
    chosen = contract.select(profiles=["keras-2.2"], check=spec.CheckStatus.PRESENT)
    findings = [
        found(item.id, None, behaviour="so")
        if item.level is spec.Level.OBSERVED
        else found(item.id, Verdict.FAIL if item.topic == "shuffle" else Verdict.PASS)
        for item in chosen
    ]
    whole = report(*findings, subjects=(replace(SUBJECT, profiles=("keras-2.2",)),))
    return replace(whole, header={**whole.header, "contract": contract.edition()})


def outlined(report: Report) -> Outline:
    """Return the outline of a report, without a file."""
    return Outline(
        report.header,
        report.subjects,
        {
            one.name: {item.clause: item.verdict for item in report.of(one.name)}
            for one in report.subjects
        },
        {(item.implementation, item.clause): item for item in report.fell_short},
        sum(item.unsteady for item in report.findings),
        report.faults,
    )
