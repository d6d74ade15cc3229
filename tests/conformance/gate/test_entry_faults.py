"""Tests of `fitspec.conformance.gate.entry_faults`: what a gate refuses about the file itself."""

from __future__ import annotations

from datetime import date

import pytest

from fitspec.conformance.gate.entry_faults import entry_faults
from fitspec.conformance.gate.expected import Entry
from fitspec.conformance.gate.problems import ProblemKind
from fitspec.conformance.report.verdicts import Verdict

TODAY = date(2026, 11, 21)
FINE = Entry(("fit.epochs.final-epoch",), Verdict.FAIL, "Because.", ("one",), file="e.toml", line=3)


def told(*entries: Entry) -> list[tuple[ProblemKind, str, str]]:
    """Return the problems of entries, their clauses and words."""
    found = entry_faults(entries, TODAY)
    assert all(item.entry in entries for item in found)
    return [(item.kind, item.clause, item.words) for item in found]


def changed(**fields: object) -> Entry:
    """Return a fine entry, but for some fields."""
    values = {name: getattr(FINE, name) for name in ("clauses", "verdict", "reason", "of")}
    return Entry(**{**values, "file": "e.toml", "line": 9, **fields})  # type: ignore[arg-type]


def test_an_entry_in_order_is_no_problem() -> None:
    """An entry that expires today still holds."""
    assert told(FINE) == []
    assert told(changed(expires=TODAY)) == []


def test_an_id_that_is_none_is_found_with_what_took_its_place() -> None:
    """A misspelt id has its nearest, a former one its successors; a verdict there must be."""
    ids = ("fit.epochs.final-epohc", "train_on_batch.sample_weight", "get_layer.negative-index")

    near, renamed, observed = told(changed(clauses=ids))

    assert near == (ProblemKind.UNKNOWN, ids[0], near[2])
    assert "the nearest are 'fit.epochs.final-epoch'" in near[2]
    assert "renamed to 'train_on_batch.sample_weight.flat'" in renamed[2]
    assert observed[2] == "it is of level `observed`, on which there is no verdict"


def test_an_expired_entry_is_found() -> None:
    """The day after its last day it is of no use any more."""
    entry = changed(expires=date(2026, 11, 20), clauses=("fit.epochs.final-epoch", "predict.order"))

    assert told(entry) == [
        (ProblemKind.EXPIRED, "fit.epochs.final-epoch and 1 more", "on 2026-11-20: Because.")
    ]


def test_an_entry_without_reason_is_found() -> None:
    """Why something falls short has to be said."""
    assert told(changed(reason="")) == [(ProblemKind.UNREASONED, "fit.epochs.final-epoch", "fail")]


@pytest.mark.parametrize(
    ("other", "twice"),
    [
        (changed(), True),
        (changed(verdict=Verdict.ERROR), True),
        (changed(of=("two", "one")), True),
        (changed(clauses=("predict.order", "fit.epochs.final-epoch")), True),
        (changed(of=("two",)), False),
        (changed(of=()), False),
        (changed(versions="keras < 3"), False),
        (changed(clauses=("predict.order",)), False),
    ],
)
def test_entries_that_say_what_another_says_are_found(other: Entry, twice: bool) -> None:
    """Two may be about the same if one is narrower, or holds for some versions."""
    expected = [(ProblemKind.TWICE, "fit.epochs.final-epoch", "also at e.toml:3")]

    assert told(FINE, other) == (expected if twice else [])
