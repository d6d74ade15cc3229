"""The gate: whether a report is as a file of expectations says, exactly."""

from __future__ import annotations

import fnmatch
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fitspec import spec
from fitspec.conformance.gate.entry_faults import entry_faults
from fitspec.conformance.gate.expected import applicable
from fitspec.conformance.gate.problems import Problem, ProblemKind
from fitspec.conformance.report.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from fitspec.conformance.gate.expected import Entry
    from fitspec.conformance.report.report import Report, Subject
    from fitspec.conformance.report.verdicts import Finding


@dataclass(frozen=True)
class Earlier:
    """A report of before, to say since when something is otherwise.

    Args:
        name: of its file.
        report: what it says.
    """

    name: str
    report: Report

    @property
    def day(self) -> str:
        """When it was made."""
        return str(self.report.header["finished"])[:10]

    def subject(self, name: str) -> Subject | None:
        """Return an implementation as it was then."""
        return next((item for item in self.report.subjects if item.name == name), None)


@dataclass(frozen=True)
class Judgement:
    """What the gate says.

    Args:
        report: what was judged.
        problems: what is to be settled, most pressing first; none if all is as expected.
        met: findings that fell short as expected, each with its entry.
        unused: entries about implementations, or versions of them, that the report does not hold.
        earlier: with what it was compared.
    """

    report: Report
    problems: tuple[Problem, ...]
    met: tuple[tuple[Finding, Entry], ...]
    unused: tuple[Entry, ...] = ()
    earlier: Earlier | None = None

    @property
    def proves_nothing(self) -> bool:
        """Whether the run of the report failed, so that what it says decides nothing."""
        return bool(self.report.faults or self.report.unavailable)


def judge(
    report: Report,
    entries: Sequence[Entry],
    today: date,
    *,
    clauses: Sequence[str] = (),
    earlier: Earlier | None = None,
) -> Judgement:
    """Hold a report against expectations.

    Args:
        report: of a run.
        entries: what is expected not to pass; everything else is expected to.
        today: which entries have expired.
        clauses: patterns of the ids that the gate is for; none means all.
        earlier: a report of before.

    Raises:
        UnknownClause: one of `clauses` matches none.
        ValueError: nothing was found out about any of `clauses`: such a gate would always be open.
    """
    return _Gate(report, tuple(entries), _chosen(clauses), earlier).judge(today)


def _chosen(patterns: Sequence[str]) -> frozenset[str] | None:
    if not patterns:
        return None
    found = set()
    for pattern in patterns:
        known = fnmatch.filter(spec.contract().clauses, pattern)
        if not known:
            spec.contract().clause(pattern)
        found.update(known)
    return frozenset(found)


@dataclass
class _Gate:
    report: Report
    entries: tuple[Entry, ...]
    chosen: frozenset[str] | None
    earlier: Earlier | None
    met: list[tuple[Finding, Entry]] = field(default_factory=list)

    def judge(self, today: date) -> Judgement:
        if not any(item.verdict and self._is_for(item.clause) for item in self.report.findings):
            raise ValueError("the report has no verdict on any of the clauses that the gate is for")
        problems = [*entry_faults(self.entries, today), *self._of_nobody()]
        for subject in self.report.subjects:
            if subject.available:
                problems.extend(self._of(subject))
        order = {kind: place for place, kind in enumerate(ProblemKind)}
        place = spec.contract().places()
        problems.sort(key=lambda item: (order[item.kind], place(item.clause), item.implementation))
        unused = tuple(item for item in self.entries if not self._is_about_someone(item))
        return Judgement(self.report, tuple(problems), tuple(self.met), unused, self.earlier)

    def _is_about_someone(self, entry: Entry) -> bool:
        return any(entry.holds_for(item.name, item.versions) for item in self.report.subjects)

    def _of_nobody(self) -> Iterator[Problem]:
        """Yield what is expected of any implementation and was looked at on none."""
        examined = {item.clause for item in self.report.findings if item.verdict is not None}
        for entry in self.entries:
            for clause in entry.clauses:
                if not entry.of and self._is_judged(clause) and clause not in examined:
                    yield Problem(ProblemKind.NOT_EXAMINED, clause, entry=entry)

    def _is_judged(self, clause: str) -> bool:
        known = spec.contract().clauses
        judged = clause in known and known[clause].level is not spec.Level.OBSERVED
        return judged and self._is_for(clause)

    def _is_for(self, clause: str) -> bool:
        return self.chosen is None or clause in self.chosen

    def _of(self, subject: Subject) -> Iterator[Problem]:
        findings = {
            item.clause: item
            for item in self.report.of(subject.name)
            if item.verdict is not None and self._is_for(item.clause)
        }
        for finding in findings.values():
            yield from self._judge(finding, subject)
        expected = {
            clause: entry
            for entry in self.entries
            if entry.holds_for(subject.name, subject.versions) and subject.name in entry.of
            for clause in entry.clauses
            if self._is_judged(clause)
        }
        for clause, entry in expected.items():
            if clause not in findings:
                yield Problem(ProblemKind.NOT_EXAMINED, clause, subject.name, entry=entry)
        yield from self._lost(subject, findings)

    def _judge(self, finding: Finding, subject: Subject) -> Iterator[Problem]:
        assert finding.verdict is not None  # noqa: S101  those alone are judged
        found = applicable(self.entries, finding.clause, subject.name, subject.versions)
        if len({item.versions for item in found}) > 1:
            # Conditions that are the same were compared without a report.
            words = " and ".join(item.place for item in found)
            yield Problem(ProblemKind.TWICE, finding.clause, subject.name, words, entry=found[0])
            return
        entry = found[0] if found else None
        if entry is not None and entry.allows(finding.verdict):
            if finding.fell_short:
                self.met.append((finding, entry))
            return
        if entry is None and not finding.fell_short:
            return
        before, words = self._before(finding, subject)
        kind = ProblemKind.UNEXPECTED
        if not finding.fell_short:
            kind = ProblemKind.PASSED
        elif before is Verdict.PASS:
            kind = ProblemKind.REGRESSION
        elif entry is not None:
            kind = ProblemKind.OTHERWISE
        yield Problem(kind, finding.clause, subject.name, words, finding, entry)

    def _before(self, finding: Finding, subject: Subject) -> tuple[Verdict | None, str]:
        """Return the verdict of before, and in words since when it is otherwise."""
        if self.earlier is None:
            return None, ""
        then = self.earlier.subject(subject.name)
        if then is None or not then.available:
            return None, f"{self.earlier.name} says nothing of {subject.name}"
        verdict = _verdicts(self.earlier.report, subject.name).get(finding.clause)
        changed = _changed(then.versions, subject.versions)
        since = f"{self.earlier.name} of {self.earlier.day}"
        if verdict is None:
            return None, f"not examined in {since}{changed}"
        return verdict, f"{verdict} in {since}{changed}"

    def _lost(self, subject: Subject, findings: Mapping[str, Finding]) -> Iterator[Problem]:
        """Yield what had a verdict before and was not looked at now."""
        then = self.earlier.subject(subject.name) if self.earlier is not None else None
        if self.earlier is None or then is None or not then.available:
            return
        since = f"{self.earlier.name} of {self.earlier.day}"
        changed = _changed(then.versions, subject.versions)
        for clause, verdict in _verdicts(self.earlier.report, subject.name).items():
            known = clause in spec.contract().clauses
            if known and self._is_for(clause) and clause not in findings:
                words = f"{verdict} in {since}{changed}"
                yield Problem(ProblemKind.LOST, clause, subject.name, words)


def _verdicts(report: Report, name: str) -> dict[str, Verdict]:
    return {
        item.clause: item.verdict
        for item in report.of(name)
        if item.verdict is not None and item.verdict is not Verdict.UNAVAILABLE
    }


def _changed(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """Return which versions are others now, in words."""
    changes = [
        f"{name} {before.get(name, 'not there')} then, {after.get(name, 'not there')} now"
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    ]
    return f"; {'; '.join(changes)}" if changes else ""
