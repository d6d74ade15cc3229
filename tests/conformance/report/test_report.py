"""Tests of `fitspec.conformance.report.report`: whole or not at all."""

from __future__ import annotations

import json
import tracemalloc
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitspec.conformance.report.reading import read
from fitspec.conformance.report.report import ReportError, merged, write
from fitspec.conformance.report.verdicts import Verdict

from .. import hand_made

if TYPE_CHECKING:
    from pathlib import Path

PASSED = hand_made.found("fit.epochs.final-epoch", Verdict.PASS)
FAILED = hand_made.found("fit.epochs.default-1", Verdict.FAIL, observed="10", detail="ten")
OPEN = hand_made.found("train_on_batch.loss-before-update", None, behaviour="before")
WHOLE = hand_made.report(PASSED, FAILED, OPEN, subjects=(hand_made.SUBJECT, hand_made.GONE))


def test_a_report_that_was_written_is_read_again(tmp_path: Path) -> None:
    """Header, implementations, findings and faults survive."""
    report = replace(WHOLE, faults=("a check broke",))
    write(report, tmp_path / "r.ndjson")

    assert read(tmp_path / "r.ndjson") == report


def test_what_a_working_copy_is_made_of_says_from_where() -> None:
    """A library that is not installed is told with its folder; which interpreter, after it."""
    subject = replace(
        hand_made.SUBJECT,
        versions={"mine": "2.0.dev1", "numpy": "2.4.6"},
        places={"mine": "src/mine"},
        interpreter="the interpreter at hand",
    )

    assert subject.made_of == "mine 2.0.dev1 from src/mine, numpy 2.4.6"
    assert subject.origin == f"{subject.made_of}; Python 3.11.7, the interpreter at hand"
    assert hand_made.GONE.origin == "unavailable"


def test_a_report_is_short_where_it_is_shown_as_a_value() -> None:
    """A failing `assert not report.fell_short` shows both, and no wall."""
    four = [hand_made.found(f"predict.{item}", Verdict.FAIL) for item in "abcd"]
    assert repr(WHOLE) == "<report of reference, keras-3-torch>"
    assert repr(WHOLE.fell_short) == "<1 fell short: fit.epochs.default-1; str(report) tells>"
    assert "predict.c and 1 more;" in repr(hand_made.report(*four).fell_short)
    assert WHOLE.fell_short == [FAILED]


HOSTILE = "\ud800 one\ntwo\r\n\u2028three\u2029\x85\x00\x1b[31m [red]four[/red] \"five' \\"


@given(st.one_of(st.just(HOSTILE), st.text(st.characters(codec=None))))
def test_any_text_survives(text: str) -> None:
    """Whatever an implementation says, the lines of the report stay lines."""
    finding = hand_made.found("fit.epochs.default-1", Verdict.ERROR, observed=text, detail=text)
    subject = replace(hand_made.SUBJECT, versions={text: text}, reason=text)
    report = replace(hand_made.report(finding, subjects=(subject,)), faults=(text,))

    lines = [json.dumps(line) for line in report.lines()]

    assert [len(line.splitlines()) for line in lines] == [1, 1, 1]
    assert all(line.isascii() for line in lines)


def test_hostile_text_survives_on_disk(tmp_path: Path) -> None:
    """Lone surrogates, every kind of newline and escape sequences come back as they were."""
    finding = hand_made.found("fit.epochs.default-1", Verdict.ERROR, observed=HOSTILE)
    write(hand_made.report(finding), tmp_path / "r.ndjson")

    assert read(tmp_path / "r.ndjson").findings == (finding,)


def test_the_counts_are_those_of_verdicts() -> None:
    """What got no verdict is not counted as one, and only what fell short falls short."""
    assert WHOLE.counts("reference") == {Verdict.PASS: 1, Verdict.FAIL: 1}
    assert WHOLE.fell_short == [FAILED]
    assert WHOLE.unavailable == [hand_made.GONE]
    assert WHOLE.of("keras-3-torch") == []


def test_what_json_cannot_say_is_noticed_before_anything_is_touched(tmp_path: Path) -> None:
    """A number that is none is refused while there is still nothing to clean up."""
    spoilt = hand_made.report(replace(PASSED, seconds=float("nan")))

    with pytest.raises(ValueError, match="JSON"):
        write(spoilt, tmp_path / "r.ndjson")
    assert list(tmp_path.iterdir()) == []


def test_the_footer_says_how_many_and_what() -> None:
    """The footer holds the denominator and the counts of each implementation."""
    *_, footer = WHOLE.lines()

    assert footer == {
        "type": "footer",
        "lines": 3,
        "counts": {"reference": {"pass": 1, "fail": 1}, "keras-3-torch": {}},
        "faults": [],
    }


def test_reports_of_several_become_one() -> None:
    """Implementations, findings and faults follow each other; each clause is counted once."""
    other = replace(hand_made.OTHER, unpinned=True)
    first = replace(hand_made.report(PASSED, FAILED), faults=("one",))
    second = replace(
        hand_made.report(replace(PASSED, implementation="keras-2.3"), subjects=(other,)),
        header={**hand_made.HEADER, "started": "2026-01-01T00:00:00+00:00", "basis": {"a": "b"}},
    )

    whole = merged([first, second], ["two"])

    assert whole.subjects == (hand_made.SUBJECT, other)
    assert whole.findings == (*first.findings, *second.findings)
    assert whole.faults == ("one", "two")
    assert whole.header == {
        **hand_made.HEADER,
        "started": "2026-01-01T00:00:00+00:00",
        "checked": 2,
    }


def test_a_long_report_is_written_and_read_a_line_at_a_time(tmp_path: Path) -> None:
    """A text of all lines would be 400 times as long as one; what is equal in them is held once."""
    text = "x" * 10**5
    report = hand_made.report(
        *(
            hand_made.found(f"fit.a{number}.b", Verdict.FAIL, observed=text)
            for number in range(400)
        ),
        subjects=(hand_made.SUBJECT,),
    )
    path = tmp_path / "r.ndjson"

    peaks = []
    for action in (lambda: write(report, path), lambda: read(path)):
        tracemalloc.start()
        result = action()
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert path.stat().st_size > 400 * len(text)
    assert max(peaks) < 40 * len(text)
    assert result == report


def test_findings_of_one_implementation_are_read_by_its_name(tmp_path: Path) -> None:
    """The report is held to be whole all the same."""
    path = tmp_path / "r.ndjson"
    both = hand_made.report(
        hand_made.found("predict.order", Verdict.PASS),
        replace(hand_made.found("predict.order", Verdict.FAIL), implementation="other"),
        subjects=(hand_made.SUBJECT, replace(hand_made.SUBJECT, name="other")),
    )
    write(both, path)

    assert read(path, "other").findings == both.findings[1:]

    path.write_text(path.read_text("utf-8").replace('"lines": 2', '"lines": 3'), "utf-8")
    with pytest.raises(ReportError, match="the footer says 3"):
        read(path, "other")
