"""One run of the checks: whom to hold against them, who is being talked to, and what was found."""

from __future__ import annotations

import platform
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fitspec import spec
from fitspec.conformance.environments import programs
from fitspec.conformance.environments.environment import (
    BuildFailed,
    Unavailable,
    prepare,
    require_posix,
)
from fitspec.conformance.implementations import registry, table
from fitspec.conformance.report.asked import promised
from fitspec.conformance.report.report import Report, Subject
from fitspec.conformance.report.verdicts import Verdict
from fitspec.conformance.running.listener import Listener
from fitspec.conformance.worker.limits import Limits
from fitspec.conformance.worker.session import Identity, Session

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fitspec.conformance.implementations.implementation import Implementation
    from fitspec.conformance.report.verdicts import Finding


class Blocked(Exception):  # noqa: N818  a verdict, not an error
    """A clause that this one depends on fell."""


def find_subjects(
    subjects: Iterable[str | Implementation], python: Path | None = None
) -> tuple[Implementation, ...]:
    """Return the implementations that are meant, before anything is done with them.

    Args:
        subjects: names, paths of adapter files, or implementations.
        python: the interpreter that shall be used for all, if any.

    Raises:
        ValueError: one is unknown or given twice, or `python` does not run.
        Unavailable: nothing can be run here.
    """
    require_posix()
    found = tuple(registry.find(item) if isinstance(item, str) else item for item in subjects)
    names = [item.name for item in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"{', '.join(twice)}: given twice; a report has one column for a name")
    if python is not None:
        for item in found:
            prepare(item, python=python)
    return found


@dataclass
class Suite:
    """The state of a run.

    Args:
        implementations: whom to hold against the clauses, in order.
        python: an interpreter to use for all of them instead of building environments.
        listener: hears what happens.
        limits: how long an implementation may take, and how much it may say.
        examples: how many points are drawn for each law; without a number, a few.
    """

    implementations: tuple[Implementation, ...]
    python: Path | None = None
    listener: Listener = field(default_factory=Listener)
    limits: Limits = field(default_factory=Limits)
    examples: int | None = None
    findings: list[Finding] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    #: By implementation, the clauses that were to be decided.
    asked: dict[str, set[str]] = field(default_factory=dict)
    _session: Session | None = None
    _inside: float = 0.0
    _unavailable: dict[str, Unavailable] = field(default_factory=dict)
    _identities: dict[str, Identity] = field(default_factory=dict)
    _started: datetime = field(default_factory=lambda: datetime.now(UTC))

    def session(self, name: str) -> Session:
        """Return the conversation with an implementation, which ends that with any other.

        Raises:
            Unavailable: it cannot be started here.
        """
        if name in self._unavailable:
            # A new one: an exception that is raised again gathers the frames of every raise.
            refusal = self._unavailable[name]
            raise Unavailable(refusal.reason, refusal.remedy)
        if self._session is not None and self._session.implementation.name != name:
            self.close()
        if self._session is None:
            self._session = self._open(name)
        return self._session

    def _open(self, name: str) -> Session:
        (implementation,) = (item for item in self.implementations if item.name == name)
        session = None
        try:
            programs.require(implementation, self.listener.progress)
            python = prepare(implementation, python=self.python, progress=self.listener.progress)
            self.listener.progress(f"starting {name}")
            session = Session(implementation, python, self.limits)
            self._identities[name] = session.start()
        except BaseException as error:
            if session is not None:
                session.close()
            refusal = _refusal(error)
            if refusal is None:
                raise
            self._unavailable[name] = refusal
            raise refusal from error.__cause__ if error is refusal else error
        return session

    def close(self) -> None:
        """End the conversation that is open."""
        if self._session is not None:
            session, self._session = self._session, None
            self._inside += session.inside
            session.close()

    def inside(self) -> float:
        """Return the time spent so far inside implementations, in s."""
        return self._inside + (0.0 if self._session is None else self._session.inside)

    def begin(self, clause_id: str, name: str, seconds: float) -> Session:
        """Return the conversation with an implementation, ready for the check of a clause.

        Args:
            clause_id: id of the clause.
            name: the implementation's.
            seconds: how long the check may take.

        Raises:
            Unavailable: the implementation cannot be started here, or not any more.
            Blocked: a clause on which this one depends has fallen.
        """
        session = self.session(name)
        self.demand(clause_id, name)
        try:
            session.begin(seconds)
        except Unavailable as refusal:
            self._unavailable[name] = refusal
            raise
        return session

    def demand(self, clause_id: str, name: str) -> None:
        """Check that no clause on which `clause_id` depends has fallen.

        Raises:
            Blocked: one has.
        """
        fallen = {
            item.clause for item in self.findings if item.implementation == name and item.fell_short
        }
        for needed in spec.contract().clause(clause_id).depends:
            if needed in fallen:
                raise Blocked(needed)

    def found(self, finding: Finding) -> None:
        """Keep a finding and tell the listener."""
        self.findings.append(finding)
        self.listener.decided(finding)

    def acquaintances(self) -> dict[str, dict[str, Any]]:
        """Return who answered, who could not be started and what was asked, as plain values."""
        return {
            "identities": {name: asdict(item) for name, item in self._identities.items()},
            "unavailable": {
                name: {"reason": item.reason, "remedy": item.remedy}
                for name, item in self._unavailable.items()
            },
            "asked": {name: sorted(clauses) for name, clauses in self.asked.items()},
        }

    def introduce(self, acquaintances: Mapping[str, Mapping[str, Any]]) -> None:
        """Take over the `acquaintances` of a run of the same checks in another process."""
        for name, fields in acquaintances["identities"].items():
            self._identities.setdefault(name, Identity(**fields))
        for name, fields in acquaintances["unavailable"].items():
            self._unavailable.setdefault(name, Unavailable(**fields))
        for name, clauses in acquaintances["asked"].items():
            self.asked.setdefault(name, set()).update(clauses)

    def versions(self, name: str) -> Mapping[str, str]:
        """Return the versions that an implementation stated; none if it did not start."""
        identity = self._identities.get(name)
        return {} if identity is None else identity.versions

    def report(self) -> Report:
        """Return what was found, with what it was found on."""
        contract = spec.contract()
        header = {
            "fitspec": version("fitspec"),
            "started": self._started.isoformat(timespec="seconds"),
            "finished": datetime.now(UTC).isoformat(timespec="seconds"),
            "python": platform.python_version(),
            "platform": platform.platform(),
            "clauses": len(contract.clauses),
            "contract": contract.edition(),
            "checked": len(
                {item.clause for item in self.findings if item.verdict is not Verdict.UNAVAILABLE}
            ),
        }
        subjects = tuple(self._subject(item) for item in self.implementations)
        return Report(header, subjects, tuple(self.findings), tuple(self.faults))

    def _subject(self, implementation: Implementation) -> Subject:
        name = implementation.name
        identity = self._identities.get(name)
        refusal = self._unavailable.get(name)
        own = [item for item in self.findings if item.implementation == name]
        wanted = self.asked.get(name, set()) | {item.clause for item in own}
        return Subject(
            name=name,
            title=implementation.title,
            available=refusal is None,
            reason="" if refusal is None else refusal.reason,
            remedy="" if refusal is None else refusal.remedy,
            versions=identity.versions if identity else {},
            python=identity.python if identity else "",
            platform=identity.platform if identity else "",
            renames=identity.renames if identity else {},
            dialect=identity.dialect if identity else "",
            seconds=sum(item.seconds for item in own),
            seconds_inside=sum(item.seconds_inside for item in own),
            unpinned=self.python is None and implementation.unpinned,
            adapter=_seen_from_here(implementation.adapter),
            profiles=implementation.profiles,
            not_asked=tuple(
                item for item in promised(implementation.profiles) if item not in wanted
            ),
        )


def _refusal(error: BaseException) -> Unavailable | None:
    """Return why an implementation cannot be started; None where that is not what an error says."""
    match error:
        case Unavailable():
            return error
        case BuildFailed():
            return Unavailable(str(error), f"the whole story is in {error.log}; then run again")
        case OSError():
            # A full disk is the machine's, no fault of the harness.
            where = error.filename or "this machine"
            help_ = "make room there, or have XDG_CACHE_HOME and TMPDIR name folders with room"
            return Unavailable(f"{where}: {error.strerror or error}", help_)
        case _:
            return None


def _seen_from_here(adapter: Path) -> str:
    """Return the path of an adapter as it may be published: none that begins at the root."""
    own = table.home()
    if adapter.is_relative_to(own):
        return f"fitspec/adapters/{adapter.relative_to(own).as_posix()}"
    if adapter.is_relative_to(Path.cwd()):
        return adapter.relative_to(Path.cwd()).as_posix()
    return adapter.name
