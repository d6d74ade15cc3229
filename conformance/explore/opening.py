"""Starting those whom a campaign is about."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fitspec.conformance.environments import programs
from fitspec.conformance.environments.environment import Unavailable, prepare
from fitspec.conformance.explore.laws import LAWS
from fitspec.conformance.explore.looking import Against, Laws, Oracle
from fitspec.conformance.implementations import registry
from fitspec.conformance.worker.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from fitspec.conformance.implementations.implementation import Implementation


@dataclass(frozen=True)
class Opened:
    """What was started.

    Args:
        session: with the implementation that is looked at.
        oracles: who look.
    """

    session: Session
    oracles: Sequence[Oracle]

    @property
    def versions(self) -> dict[str, str]:
        """Those of the libraries of who is looked at."""
        identity = self.session.identity
        return {} if identity is None else dict(identity.versions)


@dataclass(frozen=True)
class Sides:
    """Whom a campaign is about, so that any process can start them.

    Args:
        implementation: who is looked at: a name, or the path of an adapter file.
        against: the other one likewise; empty if it is held against laws alone.
        laws: whether it is held against the laws.
        python: an interpreter for it that a user has made ready.
    """

    implementation: str
    against: str
    laws: bool
    python: Path | None = None

    @property
    def names(self) -> Sequence[str]:
        """What differences may be against.

        Raises:
            ValueError: there is no such implementation.
        """
        others = (registry.find(self.against).name,) if self.against else ()
        return (*(LAWS if self.laws else ()), *others)

    @contextmanager
    def opened(self, progress: Callable[[str], None]) -> Iterator[Opened]:
        """Start both; they end with the block.

        Args:
            progress: hears of what takes time.

        Raises:
            ValueError: there is no such one.
            RuntimeError: one does not start here.
        """
        with ExitStack() as sessions:
            mine = sessions.enter_context(opened(self.implementation, self.python, progress))
            oracles: list[Oracle] = [Laws(mine)] if self.laws else []
            if self.against:
                other = sessions.enter_context(opened(self.against, None, progress))
                oracles.append(Against(mine, other))
            yield Opened(mine, oracles)


@contextmanager
def opened(
    who: str | Implementation, python: Path | None, progress: Callable[[str], None]
) -> Iterator[Session]:
    """Start an implementation, whose environment is built if need be; it ends with the block.

    Raises:
        ValueError: there is no such one.
        RuntimeError: it does not start here.
    """
    implementation = registry.find(who) if isinstance(who, str) else who
    try:
        programs.require(implementation, progress)
        interpreter = prepare(implementation, python=python, progress=progress)
        with Session(implementation, interpreter) as session:
            session.start()
            yield session
    except Unavailable as error:
        raise RuntimeError(f"{error.reason}; {error.remedy}") from error
