"""Versions of implementations, with what each came to on the clauses of the contract."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from packaging.version import InvalidVersion, Version

from fitspec.conformance.changes.compare import Side
from fitspec.conformance.implementations import registry
from fitspec.conformance.report.report import Subject
from fitspec.conformance.report.telling import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fitspec.conformance.report.verdicts import Finding, Verdict

#: What a history keeps of an implementation; what else a report has differs from run to run.
KEPT: Final = (
    *("name", "title", "versions", "python"),
    *("renames", "unpinned", "adapter", "dialect", "profiles", "members"),
)

_NONE: Final = Version("0")
#: How many numbers a whole version has: of 3.3 and 3.3.0 only the latter is one.
_PARTS: Final = 3


@dataclass(frozen=True)
class Part:
    """Clauses that a later run asked a version for anew, which asked for no others.

    Args:
        clauses: their ids.
        finished: when that run ended.
        contract: the edition of the contract that it was held against.
    """

    clauses: tuple[str, ...]
    finished: str
    contract: str


@dataclass(frozen=True)
class Held:
    """A version of an implementation that was held against the contract.

    Args:
        subject: who it is, as the report of the run had it.
        family: what its versions are asked for by: `keras` of `keras@3.5.0`.
        version: of that.
        on: what computes for it, such as `jax`; empty if it does so itself.
        finished: when the run ended.
        contract: the edition of the contract that it was held against; empty if it is not known.
        seconds: how long its checks took, which depends on the machine; 0 if it is not known.
        adapter_digest: of the file that drove it; empty if it is not known.
        parts: what is of later runs; each clause is in one at most.
    """

    subject: Subject
    family: str
    version: str
    on: str
    finished: str
    contract: str
    seconds: float = field(default=0.0, compare=False)
    adapter_digest: str = ""
    parts: tuple[Part, ...] = ()

    def day(self, clause: str) -> str:
        """Return the day on which a clause was asked for last."""
        later = (item.finished for item in self.parts if clause in item.clauses)
        return next(later, self.finished)[:10]

    @property
    def days(self) -> str:
        """When it was run, in words: `2026-11-29, 10 clauses 2026-11-30`."""
        asked = Counter[str]()
        for part in self.parts:
            asked[part.finished[:10]] += len(part.clauses)
        first = self.finished[:10]
        later = (f"{counted(asked[day], 'clause')} {day}" for day in sorted({*asked} - {first}))
        return ", ".join([first, *later])

    @property
    def name(self) -> str:
        """By which it is told from all others: `keras@3.5.0 on jax`."""
        return f"{self.family}@{self.version}{f' on {self.on}' if self.on else ''}"

    @property
    def line(self) -> tuple[str, str]:
        """What has several versions: the family, and what computes."""
        return self.family, self.on

    @property
    def number(self) -> Version:
        """Its version, to be put in order; 0 if it is none as pip knows them."""
        return _number(self.version)


@dataclass(frozen=True)
class Outcomes:
    """What a clause came to.

    Args:
        distinct: the findings that differ, each without the name of an implementation.
        at: for each version which of them it was; None where the clause was not examined.
        checks: for each version the digest of the check that said so; None where it is not known,
            and empty if it is of none.
    """

    distinct: tuple[Finding, ...]
    at: tuple[int | None, ...]
    checks: tuple[str | None, ...] = ()


@dataclass(frozen=True)
class History:
    """What many versions came to.

    Args:
        versions: in order.
        clauses: what each clause came to, by its id.
        missing: those that could not be run, by what they are asked for, and why.
    """

    versions: tuple[Held, ...]
    clauses: Mapping[str, Outcomes]
    missing: Mapping[str, str] = field(default_factory=dict)

    def finding(self, clause: str, held: Held) -> Finding | None:
        """Return what a version came to on a clause; None if that was not examined."""
        of = self.clauses.get(clause)
        at = None if of is None else of.at[self.versions.index(held)]
        if of is None or at is None:
            return None
        return replace(of.distinct[at], implementation=held.subject.name)

    def check(self, clause: str, held: Held) -> str | None:
        """Return the digest of the check that said what a version comes to; None if not known."""
        of = self.clauses.get(clause)
        return of.checks[self.versions.index(held)] if of is not None and of.checks else None

    def side(self, held: Held, *, called: str = "") -> Side:
        """Return a version as a side of a comparison.

        Args:
            held: the version.
            called: what a reader shall see instead of its name.
        """
        found = {clause: self.finding(clause, held) for clause in self.clauses}
        known = {clause: item for clause, item in found.items() if item is not None}
        place = self.versions.index(held)
        by = {clause: of.checks[place] for clause, of in self.clauses.items() if of.checks}
        checks = {clause: digest for clause, digest in by.items() if digest is not None}
        return Side(called or held.name, held.subject, known, checks)

    def counts(self, held: Held) -> Counter[Verdict | None]:
        """Return how many clauses got each verdict on a version, and how many none."""
        place = self.versions.index(held)
        came = ((of.distinct, of.at[place]) for of in self.clauses.values())
        return Counter(distinct[at].verdict for distinct, at in came if at is not None)

    def holding(self, subject: Subject) -> Held | None:
        """Return the version that an implementation is of; None if it is not here."""
        return next(
            (
                item
                for item in self.versions
                if (item.subject.name, item.subject.versions) == (subject.name, subject.versions)
            ),
            None,
        )

    def find(self, text: str) -> Held | None:
        """Return the version that a person means; None if it is not here.

        Args:
            text: a name of fitspec's table, then its newest version is meant; or NAME@VERSION,
                where the newest of those that begin so is meant if there is none of exactly
                that: `keras@3.3` can be 3.3.3. Of a family that computes on several things the
                one is meant that `fitspec run` would take.
        """
        name, at, version = text.partition("@")
        if not at:
            named = [item for item in self.versions if item.subject.name == name]
            return max(named, key=lambda item: item.number, default=None)
        asked = _release(version)
        if asked is None:
            return None
        lines = _lines_of(name, self.versions)
        of_name = [item for item in self.versions if item.line in lines]
        near = [item for item in of_name if _release(item.version, len(asked)) == asked]
        exact = [item for item in near if item.number == _number(version)]
        whole = exact if len(asked) >= _PARTS else []
        chosen = max((item.number for item in whole or near), default=None)
        fitting = [item for item in near if item.number == chosen]
        meant = _run_as(f"{name}@{chosen}") if fitting else ""
        return min(fitting, key=lambda item: item.subject.name != meant, default=None)

    def lines(self) -> list[list[Held]]:
        """Return the versions by what has several, each from the oldest to the newest."""
        found: dict[tuple[str, str], list[Held]] = {}
        for item in self.versions:
            found.setdefault(item.line, []).append(item)
        return list(found.values())


def kept(told: Mapping[str, Any]) -> Subject:
    """Return an implementation by what a history keeps of it: one that was started.

    Args:
        told: each of `KEPT`.
    """
    return Subject(
        **{key: told[key] for key in KEPT},
        available=True,
        reason="",
        remedy="",
        platform="",
        seconds=0.0,
        seconds_inside=0.0,
    )


#: One that has nothing yet.
EMPTY: Final = History((), {})


def in_order(versions: Iterable[Held]) -> list[Held]:
    """Return versions by family as the table has them, by what computes, and by number."""
    families = [*registry.families()]

    def place(item: Held) -> tuple[object, ...]:
        known = item.family in families
        at = families.index(item.family) if known else len(families)
        return at, item.family, item.on, item.number

    return sorted(versions, key=place)


def _lines_of(name: str, versions: Sequence[Held]) -> set[tuple[str, str]]:
    """Return the lines that versions of a name are in: of a family all, of a row its own."""
    of_family = {item.line for item in versions if item.family == name}
    return of_family or {
        item.line for item in versions if item.subject.name.partition("@")[0] == name
    }


@cache
def _run_as(text: str) -> str:
    """Return the name under which `fitspec run` knows a version; empty if it knows none."""
    try:
        return registry.find(text).name
    except ValueError:
        return ""


def _number(version: str) -> Version:
    try:
        return Version(version)
    except InvalidVersion:
        return _NONE


def _release(version: str, parts: int | None = None) -> tuple[int, ...] | None:
    """Return the first parts of a version; None if it is none."""
    try:
        release = Version(version).release
    except InvalidVersion:
        return None
    return release if parts is None else (*release, 0, 0, 0)[:parts]
