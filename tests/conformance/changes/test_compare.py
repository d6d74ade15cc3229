"""Tests of `fitspec.conformance.changes.compare`: what differs between two sides."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fitspec.conformance.changes.compare import Kind, compare, in_order, side_of
from fitspec.conformance.report.report import ReportError
from fitspec.conformance.report.verdicts import Verdict

from ..hand_made import found, report
from ..two_sides import comparison, reported


def test_a_clause_that_passed_and_falls_now_starts_to_fail() -> None:
    """Whatever the verdict is that is no pass."""
    falling = {item.clause: item.after.verdict for item in comparison().of(Kind.STARTS_TO_FAIL)}

    assert falling == {
        "compile.loss.function": Verdict.ABSENT,
        "compile.sample_weight_mode.temporal": Verdict.ABSENT,
        "compile.sample_weight_mode.invalid-ValueError": Verdict.ABSENT,
        "fit.epochs.final-epoch": Verdict.FAIL,
        "fit.sample_weight.temporal-2d": Verdict.BLOCKED,
    }


def test_other_changes_are_told_apart() -> None:
    """What starts to pass, what falls in another way, and what behaves otherwise."""
    kinds = (Kind.STARTS_TO_PASS, Kind.FAILS_OTHERWISE, Kind.BEHAVES_OTHERWISE)

    changes = {kind: [item.clause for item in comparison().of(kind)] for kind in kinds}

    assert changes == {
        Kind.STARTS_TO_PASS: ["fit.shuffle.batch-chunks"],
        Kind.FAILS_OTHERWISE: ["fit.class_weight.with-sample-weight"],
        Kind.BEHAVES_OTHERWISE: ["fit.verbose.1-counts", "evaluate.retired.long-ago"],
    }


def test_what_was_examined_on_one_side_alone_is_not_compared() -> None:
    """What could not be started was not examined."""
    result = comparison()

    assert result.only_before == ("predict.order",)
    assert result.only_after == ("get_layer.by-name",)
    assert result.compared == 12


def test_a_side_does_not_differ_from_itself() -> None:
    """Times are no difference."""
    before = side_of(reported(), "keras-2.3")
    slower = {key: replace(item, seconds=9.0) for key, item in before.findings.items()}

    assert compare(before, replace(before, findings=slower)).changes == ()


def test_clauses_come_in_the_order_of_the_contract() -> None:
    """Ids that this version of it does not know come last, by name."""
    ids = ["fit.z.unknown", "get_layer.by-name", "fit.a.unknown", "compile.loss.string"]

    assert list(in_order(ids)) == [
        *("compile.loss.string", "get_layer.by-name", "fit.a.unknown", "fit.z.unknown"),
    ]


def test_what_proves_nothing_is_not_compared() -> None:
    """A run with a fault of the harness, and what could not be started, are refused."""
    one = found("fit.epochs.final-epoch", Verdict.PASS)
    unavailable = found("predict.order", Verdict.UNAVAILABLE)

    with pytest.raises(ReportError, match=r"keras-3-torch: it could not be started: Python 3\.11"):
        side_of(reported(), "keras-3-torch")
    with pytest.raises(ReportError, match="reference: the run had faults of fitspec: it broke"):
        side_of(replace(report(one), faults=("it broke",)), "reference")
    with pytest.raises(ReportError, match="reference: nothing was examined"):
        side_of(report(unavailable), "reference")


def test_a_change_that_another_check_decided_is_known_as_such() -> None:
    """Where one side has no digest of a check, that is not known."""
    known = comparison()
    first, second = known.changes[0].clause, known.changes[1].clause
    before = replace(known.before, checks={first: "one", second: "one"})

    def changed(**checks: str) -> list[str]:
        ids = {"first": first, "second": second}
        after = replace(known.after, checks={ids[name]: item for name, item in checks.items()})
        return compare(before, after).otherwise_checked

    assert known.otherwise_checked == []
    assert changed() == []
    assert changed(first="one", second="one") == []
    assert changed(first="other", second="one") == [first]
    assert changed(first="other") == [first]
