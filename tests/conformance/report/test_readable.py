"""Tests of `fitspec.conformance.report.readable`: a report as one text."""

from __future__ import annotations

from dataclasses import replace

from fitspec import spec
from fitspec.conformance.report import readable
from fitspec.conformance.report.verdicts import Verdict

from .. import hand_made
from ..hand_made import GONE, SUBJECT, found

CLAUSE = "fit.epochs.default-1"
MINE = replace(SUBJECT, adapter="tests/mine.py", interpreter="the interpreter at hand")


def test_what_fell_short_is_told_with_how_to_go_on() -> None:
    """Who was examined, the counts, each in full, and the commands for the first of them."""
    fell = found(CLAUSE, Verdict.FAIL, observed="10", detail="ten", expected="1")
    missing = found("predict.order", Verdict.ABSENT, observed="no method `predict`", detail="")
    report = hand_made.report(missing, fell, found("predict.test-mode", Verdict.PASS))
    report = replace(report, subjects=(MINE,))

    assert str(report).splitlines() == [
        f"reference: {MINE.made_of}; Python 3.11.7, the interpreter at hand",
        "2 of 3 clauses fell short: 1 fail, 1 absent",
        "",
        f"{CLAUSE}  fail",
        f"  says      {spec.contract().clause(CLAUSE).statement}",
        "  expected  1",
        "  observed  10",
        "  as if     ten",
        "",
        "predict.order  absent",
        f"  says      {spec.contract().clause('predict.order').statement}",
        "  observed  no method `predict`",
        "",
        "to go on",
        f"  fitspec explain {CLAUSE}    the check, and who documents it",
        f"  fitspec repro {CLAUSE} --implementation tests/mine.py    a script that shows it",
        "  what is to stay so goes into a file of expectations: `fitspec expect --update`",
    ]


def test_of_very_many_only_some_are_told_in_full() -> None:
    """The others are listed, with their verdicts."""
    ids = list(spec.contract().clauses)[: readable.IN_FULL + 2]
    report = hand_made.report(*(found(item, Verdict.ERROR) for item in ids))

    lines = str(report).splitlines()

    assert sum(line.startswith("  says") for line in lines) == readable.IN_FULL
    assert lines[lines.index("and") + 1 :][:3] == [*(f"  {item}  error" for item in ids[-2:]), ""]
    assert f"--implementation {SUBJECT.name} " in lines[-2]


def test_what_could_not_be_found_out_is_said() -> None:
    """Nothing is proved by a fault, or by what does not start."""
    report = replace(hand_made.report(subjects=(GONE,)), faults=("a check broke",))

    text = str(report)

    assert text.startswith("fault of fitspec, not of any implementation: a check broke\n")
    assert text.endswith(f"{GONE.reason}\n{GONE.remedy}")


def test_a_report_without_a_shortfall_says_so() -> None:
    """No commands: there is nothing to go on with."""
    report = hand_made.report(found(CLAUSE, Verdict.PASS))

    assert str(report).splitlines()[1:] == ["0 of 1 clauses fell short"]
