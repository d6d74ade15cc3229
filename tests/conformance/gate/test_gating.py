"""Tests of `fitspec.conformance.gate.gating`: a report is as expected, or it is said where not."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from fitspec import spec
from fitspec.conformance.gate.expected import Entry
from fitspec.conformance.gate.gating import Earlier, Judgement, judge
from fitspec.conformance.gate.problems import ProblemKind
from fitspec.conformance.report.verdicts import Finding, Verdict

from .. import hand_made
from ..hand_made import GONE, OTHER, SUBJECT, found, outlined

if TYPE_CHECKING:
    from fitspec.conformance.report.report import Report

TODAY = date(2026, 11, 21)
FIRST, SECOND = "fit.epochs.final-epoch", "fit.epochs.default-1"
PASSES = hand_made.report(found(FIRST, Verdict.PASS), found(SECOND, Verdict.PASS))
FALLS = hand_made.report(found(FIRST, Verdict.FAIL, observed="[0]"), found(SECOND, Verdict.PASS))


def entry(clause: str = FIRST, verdict: Verdict = Verdict.FAIL, **fields: Any) -> Entry:
    """Return an entry about the reference."""
    values = {"reason": "Because.", "of": ("reference",), **fields}
    return Entry((clause,), verdict, **values)


def told(report: Report, *entries: Entry, **options: Any) -> list[tuple[ProblemKind, str, str]]:
    """Return the problems, their clauses and words."""
    found = judge(outlined(report), entries, TODAY, **options).problems
    return [(item.kind, item.clause, item.words) for item in found]


def test_what_passes_needs_no_entry() -> None:
    """A report that passes everything is as a file without entries expects."""
    judgement = judge(outlined(PASSES), (), TODAY)

    assert judgement == Judgement(outlined(PASSES), (), Counter(), Counter())
    assert not judgement.proves_nothing


def test_what_falls_short_as_expected_is_met() -> None:
    """An entry that says what is found is no problem, and is counted."""
    judgement = judge(outlined(FALLS), (entry(),), TODAY)

    assert judgement.problems == ()
    assert judgement.met == {"reference": 1}


BLOCKED, NEEDED = "fit.initial_epoch.resume-equivalence", FIRST


def few(*findings: Finding, not_asked: tuple[str, ...]) -> Report:
    """Return a report of a run that left clauses out."""
    return hand_made.report(*findings, subjects=(replace(SUBJECT, not_asked=not_asked),))


@pytest.mark.parametrize("of", [(), ("reference",)])
def test_what_was_not_asked_is_not_judged(of: tuple[str, ...]) -> None:
    """A run of a few clauses is held against a file about all of them."""
    entries = (entry(SECOND, of=of), entry(FIRST, of=of))
    fell = found(FIRST, Verdict.FAIL)

    assert told(few(fell, not_asked=(SECOND,)), *entries) == []
    assert told(few(fell, not_asked=()), *entries) == [(ProblemKind.NOT_EXAMINED, SECOND, "")]


def test_what_passed_before_and_was_not_asked_is_not_lost() -> None:
    """It was left out on purpose, which the totals say."""
    before = Earlier("old.ndjson", outlined(PASSES))
    shown = few(found(FIRST, Verdict.PASS), not_asked=(SECOND,))

    assert told(shown, earlier=before) == []


@pytest.mark.parametrize("verdict", [Verdict.PASS, Verdict.FAIL])
def test_what_was_to_be_blocked_is_not_judged_without_what_blocks_it(verdict: Verdict) -> None:
    """Alone it is run, and comes to what a run of all would not have shown."""
    blocked = entry(BLOCKED, Verdict.BLOCKED)
    alone = few(found(BLOCKED, verdict), not_asked=(NEEDED,))
    beside = few(found(BLOCKED, verdict), found(NEEDED, Verdict.PASS), not_asked=())
    kind = ProblemKind.PASSED if verdict is Verdict.PASS else ProblemKind.OTHERWISE

    assert told(alone, blocked) == []
    assert told(beside, blocked) == [(kind, BLOCKED, "")]
    assert told(alone, entry(BLOCKED, Verdict.ERROR))[0][1] == BLOCKED


CASES: dict[str, tuple[Report, list[Entry], list[tuple[ProblemKind, str]]]] = {
    "not listed": (FALLS, [], [(ProblemKind.UNEXPECTED, FIRST)]),
    "listed of another": (FALLS, [entry(of=("other",))], [(ProblemKind.UNEXPECTED, FIRST)]),
    "of other versions": (FALLS, [entry(versions="numpy < 2")], [(ProblemKind.UNEXPECTED, FIRST)]),
    "of these versions": (FALLS, [entry(versions="numpy >= 2")], []),
    "otherwise": (FALLS, [entry(verdict=Verdict.ERROR)], [(ProblemKind.OTHERWISE, FIRST)]),
    "passes": (PASSES, [entry()], [(ProblemKind.PASSED, FIRST)]),
    "passes at times": (PASSES, [entry(at_times=True)], []),
    "falls at times": (FALLS, [entry(at_times=True)], []),
    "of any": (FALLS, [entry(of=())], []),
    "passes, of any": (PASSES, [entry(of=())], [(ProblemKind.PASSED, FIRST)]),
    "not examined": (
        PASSES,
        [entry("predict.order")],
        [(ProblemKind.NOT_EXAMINED, "predict.order")],
    ),
    "not examined, of any": (
        PASSES,
        [entry("predict.order", of=())],
        [(ProblemKind.NOT_EXAMINED, "predict.order")],
    ),
    "no clause": (PASSES, [entry("predict.nothing")], [(ProblemKind.UNKNOWN, "predict.nothing")]),
    "no reason": (FALLS, [entry(reason="")], [(ProblemKind.UNREASONED, FIRST)]),
    "expired": (FALLS, [entry(expires=date(2026, 1, 1))], [(ProblemKind.EXPIRED, FIRST)]),
    "twice by versions": (
        FALLS,
        [entry(versions="numpy >= 2"), entry(versions="numpy > 1")],
        [(ProblemKind.TWICE, FIRST)],
    ),
    "twice": (FALLS, [entry(), entry()], [(ProblemKind.TWICE, FIRST)]),
}


@pytest.mark.parametrize("name", CASES)
def test_the_gate_is_strict(name: str) -> None:
    """What is not exactly as expected is a problem, and so is an entry that is of no use."""
    report, entries, problems = CASES[name]

    assert [(kind, clause) for kind, clause, _ in told(report, *entries)] == problems


def test_problems_come_by_kind_and_in_the_order_of_the_contract() -> None:
    """What is most pressing comes first."""
    report = hand_made.report(
        found("predict.order", Verdict.FAIL), *FALLS.findings, found("fit.x.array", Verdict.PASS)
    )

    problems = told(report, entry("no.clause"), entry("fit.x.array"))

    order = list(spec.contract().clauses)
    fallen = sorted([FIRST, "predict.order"], key=order.index)
    assert [(kind, clause) for kind, clause, _ in problems] == [
        *((ProblemKind.UNEXPECTED, clause) for clause in fallen),
        (ProblemKind.PASSED, "fit.x.array"),
        (ProblemKind.UNKNOWN, "no.clause"),
    ]


def test_a_gate_may_be_for_some_clauses() -> None:
    """Whatever is said of others is left aside; the file itself is still looked at."""
    entries = (entry("predict.order"), entry("predict.none"))

    assert told(FALLS, *entries, clauses=[SECOND]) == [
        (ProblemKind.UNKNOWN, "predict.none", told(FALLS, entries[1])[1][2])
    ]
    with pytest.raises(spec.UnknownClause):
        told(FALLS, clauses=["nonsense.*"])


def test_a_gate_for_nothing_is_refused() -> None:
    """A gate through which nothing can come would always be open."""
    open_one = found("get_layer.negative-index", None, behaviour="counts from the end")

    with pytest.raises(ValueError, match="no verdict on any of the clauses"):
        told(FALLS, clauses=["predict.*"])
    with pytest.raises(ValueError, match="no verdict on any of the clauses"):
        told(hand_made.report(open_one))


def test_what_has_no_verdict_is_not_judged() -> None:
    """A behaviour that the documents leave open decides nothing."""
    open_one = found("get_layer.negative-index", None, behaviour="counts from the end")

    assert told(hand_made.report(*PASSES.findings, open_one)) == []


def test_entries_that_are_about_nobody_here_are_told() -> None:
    """A file may be for more implementations than the report."""
    other, older = entry(of=("keras-2.3",)), entry(versions="numpy < 2")

    assert judge(outlined(PASSES), (other, older), TODAY).unused == (other, older)


def test_a_run_that_failed_proves_nothing() -> None:
    """Faults and implementations that could not be started keep a report from deciding."""
    gone = [found(FIRST, Verdict.UNAVAILABLE, implementation=GONE.name)]
    report = hand_made.report(*PASSES.findings, *gone, subjects=(SUBJECT, GONE))

    assert judge(outlined(report), (entry(of=(GONE.name,)),), TODAY).proves_nothing
    assert judge(outlined(report), (), TODAY).problems == ()
    assert judge(outlined(replace(PASSES, faults=("broke",))), (), TODAY).proves_nothing


# -- since when --

OLDER = replace(SUBJECT, versions={"fitspec": "0.1.0", "numpy": "2.4.5", "scipy": "1.0"})


def since(*findings: Finding, subject: Any = OLDER) -> Earlier:
    """Return an earlier report, in which there was another NumPy."""
    return Earlier("old.ndjson", outlined(hand_made.report(*findings, subjects=(subject,))))


CHANGED = "old.ndjson of 2026-01-02; numpy 2.4.5 then, 2.4.6 now; scipy 1.0 then, not there now"


@pytest.mark.parametrize(
    ("earlier", "kind", "words"),
    [
        (since(*PASSES.findings), ProblemKind.REGRESSION, f"pass in {CHANGED}"),
        (since(*FALLS.findings), ProblemKind.UNEXPECTED, f"fail in {CHANGED}"),
        (since(found(SECOND, Verdict.PASS)), ProblemKind.UNEXPECTED, f"not examined in {CHANGED}"),
        (
            since(found(FIRST, Verdict.PASS, implementation=OTHER.name), subject=OTHER),
            ProblemKind.UNEXPECTED,
            "old.ndjson says nothing of reference",
        ),
    ],
)
def test_it_is_said_since_when_something_falls(
    earlier: Earlier, kind: ProblemKind, words: str
) -> None:
    """The verdict of before, the day, and the versions that are others now."""
    assert told(FALLS, earlier=earlier) == [(kind, FIRST, words)]


def test_it_is_said_since_when_something_passes() -> None:
    """Also of a verdict that became better, the one of before is told."""
    same = since(*FALLS.findings, subject=SUBJECT)

    assert told(PASSES, entry(), earlier=same) == [
        (ProblemKind.PASSED, FIRST, "fail in old.ndjson of 2026-01-02")
    ]


def test_what_is_not_looked_at_any_more_is_found() -> None:
    """A clause that had a verdict before and has none is no proof of anything."""
    whole = since(*PASSES.findings, found("gone.clause", Verdict.PASS), subject=SUBJECT)
    part = hand_made.report(PASSES.findings[0])

    assert told(part, earlier=whole) == [
        (ProblemKind.LOST, SECOND, "pass in old.ndjson of 2026-01-02")
    ]
    assert told(part, earlier=whole, clauses=[FIRST]) == []


def test_nothing_is_lost_where_nothing_could_be_started_before() -> None:
    """A verdict `unavailable` of before is none."""
    gone = replace(GONE, name="reference")
    earlier = since(found(SECOND, Verdict.UNAVAILABLE), subject=gone)

    assert told(hand_made.report(PASSES.findings[0]), earlier=earlier) == []
