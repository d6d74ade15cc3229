"""The verdict for how a check ended."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fitspec.adapters.wire import WireError
from fitspec.conformance.claims.expect import ClaimFault, ExpectationFell, show
from fitspec.conformance.environments.environment import Unavailable
from fitspec.conformance.report.verdicts import Verdict
from fitspec.conformance.running.suite import Blocked
from fitspec.conformance.worker.process import WorkerFailed, WorkerTimedOut
from fitspec.conformance.worker.remote import NotOffered, ProtocolFault, RemoteError, RemoteObject

if TYPE_CHECKING:
    from fitspec.conformance.worker.session import Session
    from fitspec.conformance.worker.transcript import Request

#: What reading an answer raises that lacks something.
_UNREADABLE = (LookupError, AttributeError, TypeError, ValueError, ArithmeticError)
#: What says that a check is at fault, though it is of such a class.
_OURS = (ClaimFault, ProtocolFault, WireError)
#: Of what came, no more is told than this many characters.
_LONGEST = 200


def judged(error: BaseException | None) -> tuple[Verdict, str] | None:
    """Return the verdict for how a check ended, with a line about it.

    None is for a fault of ours, or of the machine, whose disk may be full.
    """
    match error:
        case None:
            return Verdict.PASS, ""
        case ExpectationFell():
            return Verdict.FAIL, str(error)
        case NotOffered():
            return Verdict.ABSENT, str(error)
        case RemoteError():
            return Verdict.ERROR, str(error)
        case WorkerTimedOut():
            return Verdict.TIMEOUT, str(error)
        case WorkerFailed():
            return Verdict.CRASH, str(error)
        case Blocked():
            return Verdict.BLOCKED, f"{error} fell"
        case Unavailable():
            return Verdict.UNAVAILABLE, error.reason
        case _:
            return None


def judged_reading(
    session: Session | None, error: BaseException | None
) -> tuple[Verdict, str] | None:
    """Return the verdict on an answer that the check could not take apart; None if there was none.

    A check reads what came as a user would: an entry of History, two values of a pair. What is not
    there is the implementation's doing, though it raised nothing; were it ours, the reference would
    not pass either.
    """
    answered = session is not None and bool(session.transcript.requests)
    if not answered or isinstance(error, _OURS) or not isinstance(error, _UNREADABLE):
        return None
    assert session is not None  # noqa: S101  it has answered
    requests = session.transcript.requests
    # What was refused beside it is not what was read.
    came = next((each for each in reversed(requests) if each.error is None), requests[-1])
    words = f"what came cannot be read as documented ({_words(error, came)})"
    return Verdict.FAIL, f"{words}: {_shown(came)}"


def _shown(came: Request) -> str:
    """Return what came last, or what was raised, in a line."""
    text = " ".join((show(came.answer) if came.error is None else str(came.error)).split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _words(error: BaseException, came: Request) -> str:
    """Return what Python says of the attempt, in which our classes have the names of theirs."""
    known = came.answer.classes if isinstance(came.answer, RemoteObject) else ()
    said = re.sub(rf"\b{RemoteObject.__name__}\b", known[0] if known else "object", str(error))
    return f"{type(error).__name__}: {said}"
