"""A clause: one observable requirement with a permanent id."""

from dataclasses import dataclass
from enum import StrEnum

from .touch import Touch

CLAUSES = "clauses"
"""The folder of the files of clauses."""


def file_of(method: str) -> str:
    """Return where the clauses of a method lie in the folder of a contract."""
    return f"{CLAUSES}/{method}.toml"


class Level(StrEnum):
    """How binding a clause is."""

    MUST = "must"
    """A document states it, or it follows from what one states."""
    SHOULD = "should"
    """A document advises or implies it: judged, and shown apart."""
    OBSERVED = "observed"
    """No document settles it: the behaviour is recorded without a verdict."""


class CheckStatus(StrEnum):
    """Whether a clause has its executable form."""

    PRESENT = "present"
    """A check names the clause."""
    PENDING = "pending"
    """A check can be written and has not been yet."""
    UNOBSERVABLE = "unobservable"
    """No check can see it; the clause's reason says why."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One observable requirement.

    Attributes:
        id: permanent name: the method, the argument or topic, and what is required of it.
        level: how binding it is.
        profiles: ids of the profiles that promise it.
        documents: ids of the documents that it is drawn from; none if all of them are silent.
        statement: the requirement in one sentence that can be understood alone.
        observe: the arrangement, and what is looked at.
        check: whether a check covers it.
        depends: ids of the clauses without which this one cannot be judged.
        reason: what the level, the documents or the statement alone leave unexplained.
        realised: what realises the clause in the reference, where no line of it is the clause's own
            and bears its id.
        touched_by: the calls in programs whose outcome it decides.
    """

    id: str
    level: Level
    profiles: tuple[str, ...]
    documents: tuple[str, ...]
    statement: str
    observe: str
    check: CheckStatus = CheckStatus.PRESENT
    depends: tuple[str, ...] = ()
    reason: str | None = None
    realised: str | None = None
    touched_by: tuple[Touch, ...] = ()

    @property
    def method(self) -> str:
        """The method that the clause is about; "r" for what the R functions add."""
        return self.id.split(".")[0]

    @property
    def topic(self) -> str:
        """The argument, the result or the other side of the method that the clause is about."""
        return self.id.split(".")[1]
