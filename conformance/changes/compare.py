"""What differs between two sides: two reports, two versions, two implementations."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from fitspec import spec
from fitspec.conformance.report.gathered import examined
from fitspec.conformance.report.report import ReportError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fitspec.conformance.report.report import Report, Subject
    from fitspec.conformance.report.verdicts import Finding


class Kind(StrEnum):
    """What a difference means for a person who goes from one side to the other."""

    STARTS_TO_FAIL = "starts to fail"
    STARTS_TO_PASS = "starts to pass"  # noqa: S105  no password
    FAILS_OTHERWISE = "fails otherwise"
    BEHAVES_OTHERWISE = "behaves otherwise"


@dataclass(frozen=True)
class Side:
    """One implementation as one report has it.

    Args:
        name: what a reader calls it: the implementation, and the file if that has to be told.
        subject: who it is.
        findings: by clause id; only what was examined.
        checks: the digests of the checks that decided, by clause id; of a version in a history
            those that are known, else none.
    """

    name: str
    subject: Subject
    findings: Mapping[str, Finding]
    checks: Mapping[str, str] = field(default_factory=dict)

    @property
    def versions(self) -> str:
        """Its versions on one line."""
        made_of = self.subject.made_of
        return f"{made_of}, Python {self.subject.python}" if made_of else ""


@dataclass(frozen=True)
class Change:
    """A clause on which two sides differ."""

    clause: str
    kind: Kind
    before: Finding
    after: Finding

    @property
    def method(self) -> str:
        """The method that the clause is about."""
        return self.clause.split(".")[0]


@dataclass(frozen=True)
class Comparison:
    """All that differs between two sides.

    Args:
        before, after: the sides.
        changes: in the order of the contract.
        compared: how many clauses were examined on both sides.
        only_before, only_after: the clauses that were examined on one side alone, in that order.
    """

    before: Side
    after: Side
    changes: tuple[Change, ...]
    compared: int
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]

    def of(self, kind: Kind) -> list[Change]:
        """Return the changes of one kind."""
        return [item for item in self.changes if item.kind is kind]

    @property
    def otherwise_checked(self) -> list[str]:
        """The changed clauses that are known to be decided by another check on each side.

        It may be why they differ. Of a report, and of most versions put in from one, no check is
        known.
        """
        before, after = self.before.checks, self.after.checks
        both = before.keys() & after.keys()
        ids = [item.clause for item in self.changes if item.clause in both]
        return [clause for clause in ids if before[clause] != after[clause]]


def side_of(report: Report, name: str, *, called: str = "") -> Side:
    """Return what a report says of one implementation.

    Args:
        report: that has it.
        name: of the implementation.
        called: what a reader shall see instead of its name.

    Raises:
        ReportError: it could not be started, nothing of it was examined, or the run had faults
            of the harness; then nothing can be compared.
    """
    subject = report.subject(name)
    if report.faults:
        raise ReportError(f"{called or name}: the run had faults of fitspec: {report.faults[0]}")
    if not subject.available:
        raise ReportError(f"{called or name}: it could not be started: {subject.reason}")
    findings = examined(report.of(name))
    if not findings:
        raise ReportError(f"{called or name}: nothing was examined")
    return Side(called or name, subject, findings)


def compare(before: Side, after: Side) -> Comparison:
    """Return how two sides differ in the clauses that were examined on both."""
    both = before.findings.keys() & after.findings.keys()
    changes = (_change(before.findings[item], after.findings[item]) for item in in_order(both))
    return Comparison(
        before,
        after,
        tuple(item for item in changes if item is not None),
        len(both),
        tuple(in_order(before.findings.keys() - both)),
        tuple(in_order(after.findings.keys() - both)),
    )


def in_order(clause_ids: Iterable[str]) -> Iterator[str]:
    """Return ids in the order of the contract; those that it does not know come last."""
    place = spec.contract().places()
    yield from sorted(clause_ids, key=lambda item: (place(item), item))


def _change(before: Finding, after: Finding) -> Change | None:
    kind = kind_of(before, after)
    return None if kind is None else Change(before.clause, kind, before, after)


def kind_of(before: Finding, after: Finding) -> Kind | None:
    """Return what the step from one finding on a clause to another means; None if nothing."""
    if before.verdict is None or after.verdict is None:
        # A clause can get a verdict that had none in an older version of the contract.
        same = before.behaviour == after.behaviour and before.verdict is after.verdict
        return None if same else Kind.BEHAVES_OTHERWISE
    if before.fell_short and after.fell_short:
        same = (before.verdict, before.observed) == (after.verdict, after.observed)
        return None if same else Kind.FAILS_OTHERWISE
    if before.fell_short or after.fell_short:
        return Kind.STARTS_TO_FAIL if after.fell_short else Kind.STARTS_TO_PASS
    return None
