"""Tests of `running.judging`: how a check ended, as a verdict."""

from __future__ import annotations

import pytest

from fitspec.adapters.wire import WireError
from fitspec.conformance.claims.expect import ClaimFault, ExpectationFell
from fitspec.conformance.environments.environment import Unavailable
from fitspec.conformance.report.verdicts import Verdict
from fitspec.conformance.running.judging import judged, judged_reading
from fitspec.conformance.running.suite import Blocked
from fitspec.conformance.worker.process import WorkerDied, WorkerTimedOut
from fitspec.conformance.worker.remote import LacksAttribute, NotOffered, ProtocolFault, RemoteError


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
