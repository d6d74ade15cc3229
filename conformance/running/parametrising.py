"""A test of somebody else's test suite that is run for each clause of the contract."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from fitspec import spec
from fitspec.conformance.checks.index import index
from fitspec.conformance.gate.expected import left_open
from fitspec.conformance.report import telling
from fitspec.conformance.report.verdicts import Verdict
from fitspec.conformance.running.outcomes import Expectations, explained, not_judged, unexpected
from fitspec.conformance.running.suite import find_subjects

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from fitspec.conformance.gate.expected import Entry
    from fitspec.conformance.implementations.implementation import Implementation
    from fitspec.conformance.report.report import Report
    from fitspec.conformance.report.verdicts import Finding

    Test = TypeVar("Test", bound=Callable[..., Any])


class FellShort(AssertionError):  # noqa: N818  a finding, not an error
    """A clause fell, with the verdict that was expected of it, or where a pass was."""


class OtherVerdict(AssertionError):  # noqa: N818  as above
    """A clause got another verdict than the one that was expected."""


def each_clause(  # noqa: PLR0913  what is run where, and what is expected
    subject: str | Implementation,
    *,
    clauses: Sequence[str] = (),
    python: Path | None = None,
    environment: bool = False,
    expectations: Path | str | None = None,
    examples: int | None = None,
) -> Callable[[Test], Test]:
    """Have a test run once for each clause with a verdict, under the id of the clause.

    The test takes an argument ``clause``, on which it calls `check`::

        @conformance.each_clause("my_adapter.py", expectations="expectations.toml")
        def test_the_contract(clause):
            clause.check()

    The implementation is run when the first of them is, for all of them. What the file expects to
    be no pass is marked `xfail`, strictly.

    Args:
        subject: name or adapter file of an implementation, or the implementation.
        clauses: patterns of clause ids, such as ``fit.*``; none means all.
        python: as of `run`; without it, an adapter of one's own is run in the interpreter of the
            tests.
        environment: as of `run`.
        expectations: a file of expectations.
        examples: as of `run`.

    Raises:
        ValueError: there is no such implementation, it asks for another Python, no clause matches,
            or the file is wrong.
    """
    (implementation,) = find_subjects([subject], python, at_hand=not environment)
    expected = Expectations() if expectations is None else _read(expectations)
    held = _Held(implementation, tuple(clauses), python, environment, examples)
    parameters = [
        pytest.param(decided, id=clause_id, marks=decided.marks)
        for clause_id in _checked(implementation, clauses)
        for decided in [_decided(clause_id, held, expected)]
    ]
    if not parameters:
        raise ValueError(f"clauses: no check of {implementation.name} matches {list(clauses)}")
    return pytest.mark.parametrize("clause", parameters)


def _read(path: Path | str) -> Expectations:
    from pathlib import Path  # noqa: PLC0415  otherwise only needed for types

    return Expectations.read(Path(path))


def _checked(implementation: Implementation, patterns: Sequence[str]) -> list[str]:
    """Return the clauses with a verdict and a check that the implementation is held against."""
    contract = spec.contract()
    chosen = contract.matching(patterns) if patterns else contract.clauses.keys()
    return [
        item.id
        for item in contract.clauses.values()
        if item.id in chosen
        and item.id in index()
        and item.level is not spec.Level.OBSERVED
        and not set(item.profiles).isdisjoint(implementation.profiles)
    ]


@dataclass(frozen=True)
class _Held:
    """The run that all clauses of a test share."""

    implementation: Implementation
    patterns: tuple[str, ...]
    python: Path | None
    environment: bool
    examples: int | None

    def report(self) -> Report:
        """Return its report; the run is made when this is first asked for."""
        return _report(self)


@cache
def _report(held: _Held) -> Report:
    from fitspec.conformance.running import engine  # noqa: PLC0415  collecting need not wait for it

    return engine.run(
        held.implementation,
        clauses=held.patterns,
        python=held.python,
        environment=held.environment,
        examples=held.examples,
    )


def _decided(clause_id: str, held: _Held, expected: Expectations) -> Decided:
    # Which versions there are is known only when it is run; a condition on them is left to `check`.
    entries = tuple(
        item
        for item in expected.entries
        if clause_id in item.clauses and (not item.of or held.implementation.name in item.of)
    )
    return Decided(clause_id, held, Expectations(entries))


@dataclass(frozen=True)
class Decided:
    """A clause, and what was found of it once it is asked for."""

    id: str
    _held: _Held
    _expected: Expectations

    def __repr__(self) -> str:
        return self.id

    @property
    def marks(self) -> list[pytest.MarkDecorator]:
        """The marks of its parameter: `xfail` where a verdict other than a pass is expected."""
        entries = self._expected.entries
        if not entries:
            return []
        sure = all(not item.at_times and not item.versions for item in entries)
        return [pytest.mark.xfail(strict=sure, raises=FellShort, reason=entries[0].reason)]

    @property
    def finding(self) -> Finding:
        """What was found.

        Raises:
            RuntimeError: the run had faults, or the implementation could not be started.
        """
        report = self._held.report()
        if report.faults:
            raise RuntimeError(telling.fault(report.faults[0]))
        if report.unavailable:
            raise RuntimeError(f"{report.unavailable[0].reason}; {report.unavailable[0].remedy}")
        (found,) = (item for item in report.findings if item.clause == self.id)
        return found

    @property
    def _entry(self) -> Entry | None:
        (subject,) = self._held.report().subjects
        return self._expected.of(self.id, subject.name, subject.versions)

    def check(self) -> None:
        """Say by an exception what was found, if that is no pass or was not expected.

        Raises:
            FellShort: it fell, as was expected, or where a pass was expected.
            OtherVerdict: another verdict was expected.
            RuntimeError: nothing was found out.
        """
        found, entry = self.finding, self._entry
        if entry is not None and not entry.allows(found.verdict or Verdict.PASS):
            if needed := self._left_open(entry, found):
                pytest.skip(not_judged(found, needed))
            if found.verdict is Verdict.PASS and self._is_strict:
                # pytest says it itself, of a strict mark.
                return
            raise OtherVerdict(unexpected(found, entry))
        if found.fell_short:
            kind = FellShort if entry is not None or not self._expected.entries else OtherVerdict
            raise kind(explained(found))

    def _left_open(self, entry: Entry, found: Finding) -> str:
        (subject,) = self._held.report().subjects
        return left_open(entry, self.id, found.verdict or Verdict.PASS, subject.not_asked)

    @property
    def _is_strict(self) -> bool:
        return bool(self.marks) and bool(self.marks[0].kwargs["strict"])
