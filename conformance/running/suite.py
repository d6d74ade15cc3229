"""One run of the checks: whom to hold against them, who is being talked to, and what was found."""

from __future__ import annotations

import platform
import sys
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

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
    from collections.abc import Callable, Iterable, Mapping

    from fitspec.conformance.implementations.implementation import Implementation
    from fitspec.conformance.report.verdicts import Finding


#: Folders into which pip installs.
_INSTALLED: Final = frozenset({"site-packages", "dist-packages"})


class Blocked(Exception):  # noqa: N818  a verdict, not an error
    """A clause that this one depends on fell."""


def find_subjects(
    subjects: Iterable[str | Implementation], python: Path | None = None, *, at_hand: bool = False
) -> tuple[Implementation, ...]:
    """Return the implementations that are meant, before anything is done with them.

    Args:
        subjects: names, paths of adapter files, or implementations.
        python: the interpreter that shall be used for all, if any.
        at_hand: whether an adapter that is none of fitspec's is run in the interpreter at hand,
            which has the library that is worked on, and not in the environment that it asks for.

    Raises:
        ValueError: one is unknown or given twice, `python` does not run, or an adapter asks for
            another Python than the one at hand.
        Unavailable: nothing can be run here.
    """
    require_posix()
    found = tuple(registry.find(item) if isinstance(item, str) else item for item in subjects)
    if at_hand and python is None:
        found = tuple(map(_at_hand, found))
    names = [item.name for item in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"{', '.join(twice)}: given twice; a report has one column for a name")
    if python is not None:
        for item in found:
            prepare(item, python=python)
    return found


def _at_hand(item: Implementation) -> Implementation:
    """Return an adapter of somebody's own in the interpreter at hand, all others as they are.

    Raises:
        ValueError: it asks for another Python.
    """
    if item.adapter.is_relative_to(table.home()):
        return item
    running = f"{sys.version_info.major}.{sys.version_info.minor}"
    if item.python not in (None, running):
        raise ValueError(
            f"{item.name}: its adapter asks for Python {item.python}, and the interpreter at hand "
            f"is {running}; name one that has the library, or have an environment built"
        )
    return item.at_hand()


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
    #: What fell in other processes that share the checks, of that on which the next one depends.
    fallen_elsewhere: frozenset[str] = frozenset()
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
            python = ready(implementation, self.python, self.listener.progress)
            self.listener.progress(f"starting {name}")
            session = Session(implementation, python, self.limits)
            identity = replace(session.start(), members=session.members())
            self._identities[name] = identity
            self.listener.introduced(name, identity)
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
            seconds: how long any one answer may take.

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
            if needed in fallen | self.fallen_elsewhere:
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

    def not_asked(self, name: str) -> frozenset[str]:
        """Return the clauses of the contract that are not to be decided of an implementation."""
        return frozenset(spec.contract().clauses) - self.asked.get(name, frozenset())

    def interpreter(self, implementation: Implementation) -> str:
        """Return in words in which interpreter an implementation is run."""
        if self.python is not None:
            return "the interpreter given"
        if implementation.needs_environment:
            return "an environment of its own"
        if implementation.program is not None:
            return implementation.program.command[0]
        return "the interpreter at hand"

    def origin(self, implementation: Implementation) -> str:
        """Start an implementation, and return in a line which build of it that is."""
        try:
            self.session(implementation.name)
        except Unavailable as refusal:
            return f"{implementation.name}: unavailable: {refusal.reason}"
        return f"{implementation.name}: {self._subject(implementation).origin}"

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
            members=identity.members if identity else {},
            seconds=sum(item.seconds for item in own),
            seconds_inside=sum(item.seconds_inside for item in own),
            unpinned=self.python is None and implementation.unpinned,
            adapter=_seen_from_here(implementation.adapter),
            interpreter=self.interpreter(implementation) if identity else "",
            places=places_from_here(identity.places) if identity else {},
            profiles=implementation.profiles,
            not_asked=tuple(
                item for item in promised(implementation.profiles) if item not in wanted
            ),
        )


def ready(implementation: Implementation, python: Path | None, tell: Callable[[str], None]) -> Path:
    """Return the interpreter of an implementation, once all that it needs is there.

    Args:
        implementation: that is to be started.
        python: an interpreter to use instead of building an environment.
        tell: hears what takes time.

    Raises:
        Unavailable, BuildFailed, OSError: something it needs cannot be had here.
    """
    programs.require(implementation, tell)
    return prepare(implementation, python=python, progress=tell)


def _refusal(error: BaseException) -> Unavailable | None:
    """Return why an implementation cannot be started; None where that is not what an error says."""
    match error:
        case Unavailable():
            return error
        case BuildFailed():
            return Unavailable(str(error), f"the whole story is in {error.log}; then run again")
        case OSError():
            # A full disk is the machine's, no fault of the harness; so is one that refuses.
            where = error.filename or "this machine"
            help_ = (
                "make room there, or have FITSPEC_CACHE and TMPDIR name folders that have room and "
                "can be written to"
            )
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


def places_from_here(places: Mapping[str, str]) -> dict[str, str]:
    """Return from where libraries were loaded, of those that are not installed."""
    seen = {library: _place_from_here(place) for library, place in places.items()}
    return {library: place for library, place in seen.items() if place}


def _place_from_here(place: str) -> str:
    """Return from where code was loaded as it may be published; empty where it was installed."""
    path = Path(place)
    if not _INSTALLED.isdisjoint(path.parts):
        return ""
    if path.is_relative_to(Path.cwd()):
        return path.relative_to(Path.cwd()).as_posix()
    return "/".join(("…", *path.parts[-2:]))
