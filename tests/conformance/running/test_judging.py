"""Tests of `running.judging`: how a check ended, as a verdict."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fitspec.adapters.wire import WireError
from fitspec.conformance.claims.expect import ClaimFault, ExpectationFell
from fitspec.conformance.environments.environment import Unavailable
from fitspec.conformance.implementations.registry import find
from fitspec.conformance.report.verdicts import Verdict
from fitspec.conformance.running.judging import judged, judged_reading
from fitspec.conformance.running.suite import Blocked
from fitspec.conformance.worker.process import WorkerDied, WorkerTimedOut
from fitspec.conformance.worker.remote import (
    LacksAttribute,
    NotOffered,
    ProtocolFault,
    RemoteError,
    RemoteObject,
)
from fitspec.conformance.worker.session import Session
from fitspec.conformance.worker.transcript import Request

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def session() -> Iterator[Session]:
    """A conversation in which nothing was asked; no worker is started."""
    with Session(find("reference"), Path(sys.executable)) as talk:
        yield talk


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (None, (Verdict.PASS, "")),
        (ExpectationFell("none of the known"), (Verdict.FAIL, "none of the known")),
        (NotOffered("no method `fit`"), (Verdict.ABSENT, "no method `fit`")),
        (LacksAttribute("no attribute"), (Verdict.ABSENT, "no attribute")),
        (RemoteError(["KeyError"], "a", ""), (Verdict.ERROR, "KeyError: a")),
        (WorkerTimedOut("no answer"), (Verdict.TIMEOUT, "no answer")),
        (WorkerDied("it is gone"), (Verdict.CRASH, "it is gone")),
        (Blocked("fit.epochs.default-1"), (Verdict.BLOCKED, "fit.epochs.default-1 fell")),
        (Unavailable("no Python 3.7", "get one"), (Verdict.UNAVAILABLE, "no Python 3.7")),
    ],
    ids=repr,
)
def test_each_end_has_its_verdict(
    error: BaseException | None, expected: tuple[Verdict, str]
) -> None:
    """With a line about it."""
    assert judged(error) == expected


@pytest.mark.parametrize(
    "error", [ClaimFault("twice"), ProtocolFault("x"), WireError("x"), KeyError("loss")], ids=repr
)
def test_what_may_be_our_own_fault_is_no_verdict(error: BaseException) -> None:
    """Nor is it one on an answer, while nothing was answered."""
    assert judged(error) is None
    assert judged_reading(None, error) is None


TENSOR = RemoteObject("1", ("Tensor",), {}, "Tensor([1])")
READ = [
    ([1.5], KeyError("loss"), "(KeyError: 'loss'): [1.5]"),
    (
        TENSOR,
        TypeError("'RemoteObject' object is not iterable"),
        "(TypeError: 'Tensor' object is not iterable): Tensor([1])",
    ),
    ("x\n" * 200, ValueError("no"), "(ValueError: no): " + "x " * 100 + "…"),
]


@pytest.mark.parametrize(("came", "error", "told"), READ)
def test_an_answer_that_cannot_be_read_is_a_fail(
    came: object, error: Exception, told: str, session: Session
) -> None:
    """With what came, and in no words of ours: an error is what the implementation raises."""
    session.transcript.add(Request("call", {}, came))

    assert judged_reading(session, error) == (
        Verdict.FAIL,
        f"what came cannot be read as documented {told}",
    )


def test_how_the_last_call_ended_is_what_came(session: Session) -> None:
    """Also where it brought an exception, which the check took for an answer."""
    error = RemoteError(["OSError"], "no disk", "")
    session.transcript.add(Request("call", {}, fell=True, error=error))

    verdict, told = judged_reading(session, AttributeError("'str' has no history")) or (None, "")

    assert verdict is Verdict.FAIL
    assert told.endswith(": OSError: no disk")
