"""The script that shows a deviation, made on demand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fitspec import spec
from fitspec.conformance.report import telling
from fitspec.conformance.report.verdicts import Verdict
from fitspec.conformance.repro.finding_script import in_words_of_fitspec as _by_fitspec
from fitspec.conformance.repro.finding_script import standalone
from fitspec.conformance.repro.keras_dialects import dialect_of
from fitspec.conformance.running import engine
from fitspec.conformance.running.listener import Listener

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fitspec.conformance.implementations.implementation import Implementation
    from fitspec.conformance.report.report import Report
    from fitspec.conformance.report.verdicts import Finding
    from fitspec.conformance.worker.session import Identity, Session


@dataclass(frozen=True)
class Reproduction:
    """What came of trying to show a deviation.

    Args:
        finding: of the clause.
        script: the source; empty if there is none.
        reason: why it is not in the implementation's own words; why there is none.
    """

    finding: Finding
    script: str
    reason: str = ""

    @property
    def needs_fitspec(self) -> bool:
        """Whether the script is in the words of fitspec."""
        return "\nfrom fitspec." in self.script


def reproduce(
    clause_id: str,
    subject: str | Implementation,
    *,
    python: Path | None = None,
    with_fitspec: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> Reproduction:
    """Run the check of a clause and write the script for what it finds.

    It is in the implementation's own words where they are known, otherwise in those of fitspec;
    which of them it can be is told as soon as the implementation has started.

    Args:
        clause_id: id of the clause.
        subject: name or adapter file of an implementation, or the implementation.
        python: an interpreter to use instead of building an environment.
        with_fitspec: whether to write the script in the words of fitspec, whatever it is about.
        progress: is told what is being done.

    Raises:
        ValueError: there is no such clause or implementation, no check is for both, or the check
            passes, so that there is nothing to show.
        RuntimeError: the check could not be run.
    """
    spec.contract().clause(clause_id)
    kept: list[Reproduction] = []
    told: list[str] = []

    def tell(reason: str) -> None:
        if not with_fitspec and reason not in told:
            told.append(reason)
            progress(f"{reason}; this script is in the words of fitspec, and needs it")

    def keep(finding: Finding, session: Session) -> None:
        reason = ""
        if not with_fitspec:
            try:
                kept.append(Reproduction(finding, standalone(finding, session)))
            except ValueError as error:
                reason = str(error)
                tell(reason)
            else:
                return
        script = "" if finding.verdict is Verdict.BLOCKED else _by_fitspec(finding, session, python)
        reason = reason or ("" if script else "a request of the check has no plain call")
        kept.append(Reproduction(finding, script, reason))

    def introduced(name: str, identity: Identity) -> None:
        try:
            dialect_of(name, identity)
        except ValueError as error:
            tell(str(error))

    listener = Listener(progress=progress, asked=keep, introduced=introduced)
    report = engine.run(
        subject,
        clauses=[clause_id],
        python=python,
        environment=python is None,
        listener=listener,
    )
    _check(clause_id, report)
    return kept[-1]


def from_report(clause_id: str, implementation: str, report: Report) -> Reproduction:
    """Return the script that a report has of a finding.

    Raises:
        ValueError: the report has no such finding, or it is a pass.
    """
    spec.contract().clause(clause_id)
    names = [item.name for item in report.subjects]
    if implementation not in names:
        raise ValueError(f"implementation: the report holds {', '.join(names)}")
    found = [item for item in report.of(implementation) if item.clause == clause_id]
    if not found:
        raise ValueError(f"{clause_id}: the report has no finding of it on {implementation}")
    _check_fell(found[0])
    reason = "" if found[0].script else "the report has no script for it; run it to get one"
    return Reproduction(found[0], found[0].script, reason)


def _check(clause_id: str, report: Report) -> None:
    if report.faults:
        raise RuntimeError(telling.fault(report.faults[0]))
    if report.unavailable:
        raise RuntimeError(telling.refusal(report.unavailable[0]))
    (finding,) = (item for item in report.findings if item.clause == clause_id)
    _check_fell(finding)


def _check_fell(finding: Finding) -> None:
    name = finding.implementation
    if finding.verdict is None:
        raise ValueError(f"{finding.clause}: no document settles it; {name}: {finding.behaviour}")
    if finding.verdict is Verdict.PASS:
        raise ValueError(f"{finding.clause}: {name} passes; there is no deviation to show")
