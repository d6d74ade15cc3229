"""From records to the parts of the contract."""

import re

from .clause import CheckStatus, Clause, Level
from .contradiction import Contradiction, Reading
from .document import Document, Profile
from .record import Record, Shape
from .renaming import Renaming
from .sentence import sentence_fault
from .touch import Touch, term_fault

CLAUSE = Shape(
    "clause",
    required=("id", "level", "profiles", "documents", "statement", "observe"),
    optional=("check", "depends", "reason", "realised", "touched_by"),
)
TOUCH = Shape(
    "touched_by",
    required=("when",),
    optional=("methods", "provided", "numbers", "refused", "raises"),
)
DOCUMENT = Shape("document", required=("id", "title", "system", "language", "covers"))
PROFILE = Shape("profile", required=("id", "title", "programs", "documents"))
READING = Shape("reading", required=("says",), optional=("documents", "implementations"))
CONTRADICTION = Shape(
    "contradiction",
    required=("id", "title", "resolution", "reason", "clauses", READING.kind),
)
RENAMING = Shape("renamed", required=("old", "new", "reason"))

# Capitals stand in the last part only, where exceptions are named.
_CLAUSE_ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9][a-z0-9_-]*)*\.[A-Za-z0-9][A-Za-z0-9_-]*")
_CONTRADICTION_ID = re.compile(r"C[1-9][0-9]*")


def parse_clause(record: Record, method: str) -> Clause:
    """Make a clause of a record in the file of a method."""
    id_ = record.text("id")
    if not _CLAUSE_ID.fullmatch(id_):
        raise record.fault("id", "lower-case parts joined by full stops, such as 'fit.epochs.last'")
    if not id_.startswith(f"{method}."):
        raise record.fault("id", f"an id that starts with '{method}.', as its file does")
    level = record.choice("level", tuple(Level))
    reason = record.text("reason") if record.has("reason") else None
    documents = record.names("documents")
    if not documents and level is not Level.OBSERVED and reason is None:
        raise record.fault("documents", "a document, or a reason why none is named")
    if not record.values["profiles"]:
        raise record.fault("profiles", "at least one profile")
    statement = record.text("statement")
    if wrong := sentence_fault(statement):
        raise record.fault("statement", f"one sentence, not a text that {wrong}")
    check = CheckStatus.PRESENT
    if record.has("check"):
        check = record.choice("check", (CheckStatus.PENDING, CheckStatus.UNOBSERVABLE))
    if check is CheckStatus.UNOBSERVABLE and reason is None:
        raise record.fault("check", "a reason beside it that says why")
    return Clause(
        id=id_,
        level=level,
        profiles=record.names("profiles"),
        documents=documents,
        statement=statement,
        observe=record.text("observe"),
        check=check,
        depends=record.names("depends"),
        reason=reason,
        realised=record.text("realised") if record.has("realised") else None,
        touched_by=tuple(map(parse_touch, record.records(TOUCH))) if record.has(TOUCH.kind) else (),
    )


def parse_touch(record: Record) -> Touch:
    """Make what touches a clause of a record in that of the clause."""
    when = record.text("when")
    if (wrong := term_fault(when)) is not None:
        raise record.fault("when", f"terms such as \"shuffle='batch'\" or 'x:list', not {wrong!r}")
    return Touch(
        when,
        methods=record.names("methods"),
        provided=record.text("provided") if record.has("provided") else "",
        numbers=record.flag("numbers"),
        refused=record.flag("refused"),
        raises=record.flag("raises"),
    )


def parse_document(record: Record) -> Document:
    """Make a document of a record."""
    return Document(
        id=record.text("id"),
        title=record.text("title"),
        system=record.text("system"),
        language=record.text("language"),
        covers=record.names("covers"),
    )


def parse_profile(record: Record) -> Profile:
    """Make a profile of a record."""
    return Profile(
        id=record.text("id"),
        title=record.text("title"),
        programs=record.text("programs"),
        documents=record.names("documents"),
    )


def parse_contradiction(record: Record) -> Contradiction:
    """Make a contradiction of a record and the readings in it."""
    if not _CONTRADICTION_ID.fullmatch(record.text("id")):
        raise record.fault("id", "'C' and a number")
    return Contradiction(
        id=record.text("id"),
        title=record.text("title"),
        readings=tuple(_parse_reading(reading) for reading in record.records(READING)),
        resolution=record.text("resolution"),
        reason=record.text("reason"),
        clauses=record.names("clauses"),
    )


def _parse_reading(record: Record) -> Reading:
    documents = record.names("documents")
    implementations = record.names("implementations")
    if not documents and not implementations:
        raise record.fault("says", "documents or implementations beside it that say so")
    return Reading(says=record.text("says"), documents=documents, implementations=implementations)


def parse_renaming(record: Record) -> Renaming:
    """Make the trace of a renamed clause of a record."""
    return Renaming(old=record.text("old"), new=record.names("new"), reason=record.text("reason"))
