"""The gate: whether a report is as a file of expectations says, exactly."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fitspec import spec
from fitspec.conformance.gate.entry_faults import entry_faults
from fitspec.conformance.gate.expected import applicable, left_open
from fitspec.conformance.gate.problems import Problem, ProblemKind
from fitspec.conformance.report.outline import KEPT
from fitspec.conformance.report.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from fitspec.conformance.gate.expected import Entry
    from fitspec.conformance.report.outline import Outline
    from fitspec.conformance.report.report import Subject


@dataclass(frozen=True)
class Earlier:
    """A report of before, to say since when something is otherwise.

    Args:
        name: of its file.
        report: what it says.
    """

    name: str
    report: Outline

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
        problems: what is to be settled, most pressing first; none if all is as expected. Of very
            many only some.
        amounts: how many problems there are about each implementation, and about the file of
            expectations, whose name is empty.
        met: how many findings on each implementation fell short as expected.
        unused: entries about implementations, or versions of them, that the report does not hold.
        earlier: with what it was compared.
    """

    report: Outline
    problems: tuple[Problem, ...]
    amounts: Counter[str]
    met: Counter[str]
    unused: tuple[Entry, ...] = ()
    earlier: Earlier | None = None

    @property
    def proves_nothing(self) -> bool:
        """Whether the run of the report failed, so that what it says decides nothing."""
        return bool(self.report.faults or self.report.unavailable)


def judge(
    report: Outline,
    entries: Sequence[Entry],
    today: date,
    *,
    clauses: Sequence[str] = (),
    earlier: Earlier | None = None,
) -> Judgement:
    """Hold a report against expectations.

    What the run was not asked for is not judged, nor what was to be blocked by it.

    Args:
        report: the outline of one.
        entries: what is expected not to pass; everything else is expected to.
        today: which entries have expired.
        clauses: patterns of the ids that the gate is for; none means all.
        earlier: a report of before.

    Raises:
        UnknownClause: one of `clauses` matches none.
        ValueError: nothing was found out about any of `clauses`: such a gate would always be open.
    """
    chosen = spec.contract().matching(clauses) if clauses else None
    return _Gate(report, tuple(entries), chosen, earlier).judge(today)


@dataclass
class _Gate:
    report: Outline
    entries: tuple[Entry, ...]
    chosen: frozenset[str] | None
    earlier: Earlier | None
    met: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._about: dict[str, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            for clause in entry.clauses:
                self._about[clause].append(entry)

    def judge(self, today: date) -> Judgement:
        found = self.report.verdicts.values()
        if not any(
            of_one[clause] and self._is_for(clause) for of_one in found for clause in of_one
        ):
            raise ValueError("the report has no verdict on any of the clauses that the gate is for")
        problems: list[Problem] = []
        amounts: Counter[str] = Counter()
        for problem in self._problems(today):
            amounts[problem.implementation] += 1
            if len(problems) < KEPT:
                problems.append(problem)
        order = {kind: place for place, kind in enumerate(ProblemKind)}
        place = spec.contract().places()
        problems.sort(key=lambda item: (order[item.kind], place(item.clause), item.implementation))
        unused = tuple(item for item in self.entries if not self._is_about_someone(item))
        return Judgement(self.report, tuple(problems), amounts, self.met, unused, self.earlier)

    def _problems(self, today: date) -> Iterator[Problem]:
        yield from entry_faults(self.entries, today)
        yield from self._of_nobody()
        for subject in self.report.subjects:
            if subject.available:
                yield from self._of(subject)

    def _is_about_someone(self, entry: Entry) -> bool:
        return any(entry.holds_for(item.name, item.versions) for item in self.report.subjects)

    def _of_nobody(self) -> Iterator[Problem]:
        """Yield what is expected of any implementation and was looked at on none."""
        for entry in self.entries:
            for clause in entry.clauses:
                if entry.of or not self._is_judged(clause) or self._is_examined(clause):
                    continue
                if not any(clause in item.not_asked for item in self.report.subjects):
                    yield Problem(ProblemKind.NOT_EXAMINED, clause, entry=entry)

    def _is_examined(self, clause: str) -> bool:
        found = self.report.verdicts.values()
        return any(of_one.get(clause) is not None for of_one in found)

    def _is_judged(self, clause: str) -> bool:
        known = spec.contract().clauses
        judged = clause in known and known[clause].level is not spec.Level.OBSERVED
        return judged and self._is_for(clause)

    def _is_for(self, clause: str) -> bool:
        return self.chosen is None or clause in self.chosen

    def _of(self, subject: Subject) -> Iterator[Problem]:
        verdicts = self.report.verdicts[subject.name]
        for clause, verdict in verdicts.items():
            if verdict is not None and self._is_for(clause):
                yield from self._judge(clause, verdict, subject)
        expected = {
            clause: entry
            for entry in self.entries
            if entry.holds_for(subject.name, subject.versions) and subject.name in entry.of
            for clause in entry.clauses
            if self._is_judged(clause)
        }
        for clause, entry in expected.items():
            if _is_lost(clause, subject, verdicts):
                yield Problem(ProblemKind.NOT_EXAMINED, clause, subject.name, entry=entry)
        yield from self._lost(subject, verdicts)

    def _judge(self, clause: str, verdict: Verdict, subject: Subject) -> Iterator[Problem]:
        found = applicable(self._about.get(clause, ()), clause, subject.name, subject.versions)
        if len({item.versions for item in found}) > 1:
            # Conditions that are the same were compared without a report.
            words = " and ".join(item.place for item in found)
            yield Problem(ProblemKind.TWICE, clause, subject.name, words, entry=found[0])
            return
        entry = found[0] if found else None
        fell = verdict is not Verdict.PASS
        if entry is not None and entry.allows(verdict):
            self.met[subject.name] += fell
            return
        if entry is None and not fell:
            return
        if entry is not None and left_open(entry, clause, verdict, subject.not_asked):
            return
        before, words = self._before(clause, subject)
        kind = ProblemKind.UNEXPECTED
        if not fell:
            kind = ProblemKind.PASSED
        elif before is Verdict.PASS:
            kind = ProblemKind.REGRESSION
        elif entry is not None:
            kind = ProblemKind.OTHERWISE
        finding = self.report.finding(clause, subject.name, verdict)
        yield Problem(kind, clause, subject.name, words, finding, entry)

    def _before(self, clause: str, subject: Subject) -> tuple[Verdict | None, str]:
        """Return the verdict of before, and in words since when it is otherwise."""
        if self.earlier is None:
            return None, ""
        then = self.earlier.subject(subject.name)
        if then is None or not then.available:
            return None, f"{self.earlier.name} says nothing of {subject.name}"
        verdict = _examined(self.earlier.report.verdicts[subject.name].get(clause))
        changed = _changed(then.versions, subject.versions)
        since = f"{self.earlier.name} of {self.earlier.day}"
        if verdict is None:
            return None, f"not examined in {since}{changed}"
        return verdict, f"{verdict} in {since}{changed}"

    def _lost(self, subject: Subject, verdicts: Mapping[str, Verdict | None]) -> Iterator[Problem]:
        """Yield what had a verdict before and was not looked at now."""
        then = self.earlier.subject(subject.name) if self.earlier is not None else None
        if self.earlier is None or then is None or not then.available:
            return
        since = f"{self.earlier.name} of {self.earlier.day}"
        changed = _changed(then.versions, subject.versions)
        for clause, verdict in self.earlier.report.verdicts[subject.name].items():
            known = clause in spec.contract().clauses and _examined(verdict) is not None
            if known and self._is_for(clause) and _is_lost(clause, subject, verdicts):
                words = f"{verdict} in {since}{changed}"
                yield Problem(ProblemKind.LOST, clause, subject.name, words)


def _is_lost(clause: str, subject: Subject, verdicts: Mapping[str, Verdict | None]) -> bool:
    """Return whether a clause has no verdict, and nobody left it out on purpose."""
    return verdicts.get(clause) is None and clause not in subject.not_asked


def _examined(verdict: Verdict | None) -> Verdict | None:
    """Return the verdict of what was looked at, which is not so of what could not be started."""
    return None if verdict is Verdict.UNAVAILABLE else verdict


def _changed(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """Return which versions are others now, in words."""
    changes = [
        f"{name} {before.get(name, 'not there')} then, {after.get(name, 'not there')} now"
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    ]
    return f"; {'; '.join(changes)}" if changes else ""
