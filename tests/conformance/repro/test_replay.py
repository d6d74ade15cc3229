"""Tests of `fitspec.conformance.repro.replay`: a check gone through again with recorded answers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.claims.expect import show
from fitspec.conformance.repro.replay import Diverged, replay
from fitspec.conformance.running import engine
from fitspec.conformance.running.listener import Listener
from fitspec.conformance.worker.remote import RemoteError

if TYPE_CHECKING:
    from fitspec.conformance.report.verdicts import Finding
    from fitspec.conformance.worker.transcript import Request


def recorded(clause: str) -> tuple[Finding, list[Request]]:
    """Return what a check finds on the reference, and what it asked."""
    kept: list[tuple[Finding, list[Request]]] = []
    listener = Listener(
        asked=lambda finding, session: kept.append((finding, session.transcript.since(0)))
    )
    engine.run("reference", clauses=[clause], listener=listener)
    (only,) = kept
    return only


@pytest.mark.parametrize(
    "clause",
    ["fit.callbacks.hook-order", "fit.validation_split.each-epoch", "get_layer.by-name"],
)
def test_the_same_is_claimed_again(clause: str) -> None:
    """Values, events and objects are what they were in the run."""
    finding, requests = recorded(clause)

    claimed = replay(clause, requests)

    assert show(claimed.observed) == finding.observed
    assert show(claimed.expected) == finding.expected.partition(" (±")[0]


def test_a_law_is_looked_at_in_one_point() -> None:
    """The arguments of a finding say which; of the requests, those made there are needed."""
    _, requests = recorded("fit.epochs.final-epoch")
    # A model that is validated is built, compiled and trained before; then one at each point.
    there = [*requests[:3], *[item for item in requests if not item.fell][-4:]]

    claimed = replay("fit.epochs.final-epoch", there, "initial_epoch=1, epochs=4, validates=False")

    # Three epochs of two updates, each of which halves the weight, a quarter at first: 2**-8.
    assert show(claimed.expected) == "0.00390625"


def test_a_law_that_has_other_arguments_by_now_is_not_looked_at() -> None:
    """A report may be older than the check."""
    _, requests = recorded("fit.epochs.final-epoch")

    with pytest.raises(Diverged, match="initial_epoch=1: the law is one of other arguments"):
        replay("fit.epochs.final-epoch", requests, "initial_epoch=1")


def test_an_answer_can_be_another_one() -> None:
    """What the check makes of an exception is seen without any implementation."""
    _, requests = recorded("evaluate.raises.not-compiled")
    error = RemoteError(["KeyError", "LookupError", "Exception"], "no", "")
    changed = [replace(item, error=error) if item.fell else item for item in requests]

    claimed = replay("evaluate.raises.not-compiled", changed)

    fell = ("not compiled", "a Sequential", "on a Sequence")
    assert claimed.observed == {"compiled": "returned", **dict.fromkeys(fell, "KeyError")}
    assert claimed.expected == {"compiled": "returned", **dict.fromkeys(fell, "RuntimeError")}


def test_requests_of_another_check_do_not_fit() -> None:
    """A check that asks for something else than was asked is not answered."""
    _, requests = recorded("get_layer.by-name")

    with pytest.raises(Diverged, match="the request was"):
        replay("evaluate.raises.not-compiled", requests)
    with pytest.raises(Diverged, match="there was no such request"):
        replay("get_layer.by-name", requests[:1])


def test_a_clause_without_verdict_has_no_sides() -> None:
    """Only what is expected can be compared."""
    _, requests = recorded("fit.callbacks.batch-logs-loss")

    with pytest.raises(Diverged, match="nothing that has two sides"):
        replay("fit.callbacks.batch-logs-loss", requests)
