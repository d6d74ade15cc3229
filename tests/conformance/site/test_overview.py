"""Tests of `fitspec.conformance.site.overview`: reports side by side."""

from __future__ import annotations

from dataclasses import replace

from fitspec.conformance.gate import expected
from fitspec.conformance.report.verdicts import Verdict
from fitspec.conformance.site.overview import site_of, totals

from .. import hand_made

CHUNKS = "fit.shuffle.batch-chunks"
FINAL = "fit.epochs.final-epoch"
LOSS = "fit.returns.epoch-loss-sample-weighted-mean"

CAUSES = """
[[expect]]
clause = "fit.shuffle.batch-chunks"
verdict = "fail"
reason = "Mixes the rows of each batch."
versions = "keras >= 2.3"
"""


def test_reports_are_columns_in_the_order_given_and_clauses_rows_in_that_of_the_contract() -> None:
    """Whatever the order of the findings, the matrix has that of the contract."""
    one = hand_made.report(
        hand_made.found(CHUNKS, Verdict.PASS), hand_made.found(FINAL, Verdict.PASS)
    )
    fell = hand_made.found(FINAL, Verdict.FAIL, implementation="keras-2.3")
    other = hand_made.report(fell, subjects=(hand_made.OTHER,))

    site = site_of([other, one])

    assert [column.name for column in site.columns] == ["keras-2.3", "reference"]
    assert [row.clause.id for row in site.rows] == [FINAL, CHUNKS]
    assert [[cell and cell.kind for cell in row.cells] for row in site.rows] == [
        ["fail", "pass"],
        [None, "pass"],
    ]
    assert totals(site.rows, 0) == (0, 1)
    assert totals(site.rows, 1) == (2, 2)


def test_some_implementations_can_come_first() -> None:
    """The others follow in the order of the reports."""
    reports = [
        hand_made.report(
            hand_made.found(FINAL, Verdict.PASS, implementation=name),
            subjects=(replace(hand_made.OTHER, name=name),),
        )
        for name in ("mine", "keras-3", "keras-2.3", "yours")
    ]

    columns = site_of(reports, first=["reference", "keras-2.3", "keras-3"]).columns

    assert [column.name for column in columns] == ["keras-2.3", "keras-3", "mine", "yours"]


def test_behaviours_get_the_same_letter_if_they_are_the_same() -> None:
    """In a row, a letter stands for a behaviour."""
    subjects = (hand_made.SUBJECT, hand_made.OTHER, replace(hand_made.OTHER, name="keras-3"))
    report = hand_made.report(
        *(
            hand_made.found(LOSS, None, implementation=item.name, behaviour=words)
            for item, words in zip(subjects, ["weighted", "plain", "weighted"], strict=True)
        ),
        subjects=subjects,
    )

    (row,) = site_of([report]).rows

    assert [cell and cell.mark for cell in row.cells] == ["a", "b", "a"]
    assert row.behaviours == {"a": "weighted", "b": "plain"}
    assert totals([row], 0) == (0, 0)


def test_what_is_unsteady_is_read_out_and_in_the_legend() -> None:
    """A verdict that came otherwise in another try says so, with the counts."""
    tries = ("timeout", "pass", "pass")

    site = site_of([hand_made.report(hand_made.found(FINAL, Verdict.PASS, tries=tries))])

    cell = site.columns[0].cells[FINAL]
    assert cell.word == "pass, unsteady"
    assert cell.facts == [("unsteady", "pass in 2 of 3 tries, timeout in 1")]
    assert site.has_unsteady
    assert not site_of([hand_made.report(hand_made.found(FINAL, Verdict.PASS))]).has_unsteady


def test_a_cause_stands_where_it_explains_the_verdict() -> None:
    """An entry explains the verdict it names, on the versions it names, and no other one."""
    entries = expected.parse(CAUSES, "causes.toml")
    fell = hand_made.found(CHUNKS, Verdict.FAIL, implementation="keras-2.3")
    known = hand_made.report(fell, subjects=(hand_made.OTHER,))
    errs = hand_made.report(replace(fell, verdict=Verdict.ERROR), subjects=(hand_made.OTHER,))
    elsewhere = hand_made.report(hand_made.found(CHUNKS, Verdict.FAIL))

    site = site_of([known, errs, elsewhere], [entries])

    (row,) = site.rows
    causes = [cell.cause.reason if cell and cell.cause else None for cell in row.cells]
    assert causes == ["Mixes the rows of each batch.", None, None]


def test_the_first_file_of_causes_counts() -> None:
    """What a user writes goes before what comes with fitspec."""
    theirs = expected.parse(CAUSES, "shipped.toml")
    own = expected.parse(CAUSES.replace("Mixes the rows of each batch.", "Ours."), "own.toml")
    fell = hand_made.found(CHUNKS, Verdict.FAIL, implementation="keras-2.3")

    site = site_of([hand_made.report(fell, subjects=(hand_made.OTHER,))], [own, theirs])

    (cell,) = site.rows[0].cells
    assert cell is not None
    assert cell.cause is not None
    assert cell.cause.reason == "Ours."


def test_an_implementation_in_several_reports_has_several_columns() -> None:
    """The time of the report tells them apart, and a number where that is the same as well."""
    report = hand_made.report(hand_made.found(FINAL, Verdict.PASS))
    later = replace(report, header={**report.header, "started": "2026-02-02T03:04:05+00:00"})

    columns = site_of([report, report, later]).columns

    assert [column.name for column in columns] == [
        "reference (2026-01-02 03:04)",
        "reference (2026-01-02 03:04) 2",
        "reference (2026-02-02 03:04)",
    ]
    assert len({column.address for column in columns}) == 3


def test_clauses_that_the_contract_does_not_have_are_counted_apart() -> None:
    """A report of another version loses nothing silently."""
    known, unknown = hand_made.found(FINAL, Verdict.PASS), hand_made.found("no.such", Verdict.FAIL)

    site = site_of([hand_made.report(known, unknown)])

    assert [row.clause.id for row in site.rows] == [FINAL]
    assert site.strangers == {"no.such": 1}


def test_what_could_not_be_started_is_not_counted() -> None:
    """It was not judged, and so did not fail."""
    gone = hand_made.found(FINAL, Verdict.UNAVAILABLE, implementation="keras-3-torch")

    site = site_of([hand_made.report(gone, subjects=(hand_made.GONE,))])

    assert totals(site.rows, 0) == (0, 0)


def test_a_check_that_all_of_several_fail_is_suspected() -> None:
    """Of one implementation, a failure says nothing about the check."""
    fell = hand_made.found(FINAL, Verdict.FAIL)
    also = replace(fell, implementation="keras-2.3")
    gone = replace(fell, implementation="keras-3-torch", verdict=Verdict.UNAVAILABLE)
    subjects = (hand_made.SUBJECT, hand_made.OTHER, hand_made.GONE)

    (alone,) = site_of([hand_made.report(fell)]).rows
    (everywhere,) = site_of([hand_made.report(fell, also, gone, subjects=subjects)]).rows

    assert not alone.suspected
    assert everywhere.suspected
