"""Tests of `fitspec.conformance.report.report`: whole or not at all."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fitspec.conformance.report.report import Report, ReportError, merged, read, write
from fitspec.conformance.report.verdicts import Verdict

from .. import hand_made

if TYPE_CHECKING:
    from collections.abc import Callable
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


HOSTILE = "\ud800 one\ntwo\r\n\u2028three\u2029\x85\x00\x1b[31m [red]four[/red] \"five' \\"


@settings(deadline=None)
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


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines(keepends=True)


def _edited(number: int, **fields: Any) -> Callable[[list[str]], list[str]]:
    def edit(lines: list[str]) -> list[str]:
        changed = {**json.loads(lines[number]), **fields}
        changed = {key: item for key, item in changed.items() if item is not ...}
        lines[number] = json.dumps(changed) + "\n"
        return lines

    return edit


SPOILT: dict[str, tuple[Callable[[list[str]], list[str]], str]] = {
    "empty": (lambda _: [], "no JSON"),
    "no header": (lambda lines: lines[1:], "does not begin with a header"),
    "no footer": (lambda lines: lines[:-1], "the footer is missing"),
    "header alone": (lambda lines: lines[:1], "the footer is missing"),
    "half a line": (lambda lines: [*lines[:-1], lines[-1][:20]], "line 5: no JSON"),
    "a line is missing": (lambda lines: [lines[0], *lines[2:]], "2 findings; the footer says 3"),
    "a line too many": (lambda lines: [*lines[:2], *lines[1:]], "4 findings; the footer says 3"),
    "nothing executed": (
        lambda lines: _edited(1, lines=0)([lines[0], lines[-1]]),
        "nothing was executed",
    ),
    "other format": (_edited(0, format=2), "format 2; known is 1"),
    "format of no number": (_edited(0, format=None), "format None"),
    "no implementations": (_edited(0, implementations=...), "malformed: 'implementations'"),
    "implementation without name": (_edited(0, implementations=[{}]), "malformed"),
    "implementations no list": (_edited(0, implementations=3), "malformed"),
    "unknown verdict": (_edited(1, verdict="splendid"), "malformed: 'splendid'"),
    "no verdict": (_edited(1, verdict=...), "malformed: 'verdict'"),
    "no clause": (_edited(1, clause=...), "malformed"),
    "no kind of line": (_edited(1, type=...), "malformed: 'type'"),
    "other kind of line": (_edited(1, type="opinion"), "a line of type 'opinion'"),
    "list instead of object": (lambda lines: [lines[0], "[]\n", *lines[2:]], "not an object"),
    "counts": (_edited(-1, counts={}), "the footer counts otherwise"),
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_spoilt_report_is_refused(tmp_path: Path, how: str) -> None:
    """What is not whole is no report, and the message says what is wrong with which file."""
    path = tmp_path / "r.ndjson"
    write(WHOLE, path)
    spoil, words = SPOILT[how]
    path.write_text("".join(spoil(_lines(path))), "utf-8")

    with pytest.raises(ReportError, match=words) as caught:
        read(path)

    assert str(path) in str(caught.value)


def test_any_cut_is_noticed(tmp_path: Path) -> None:
    """A report cut short at any byte is refused, but for the newline that ends it."""
    path = tmp_path / "r.ndjson"
    write(WHOLE, path)
    data = path.read_bytes()

    for end in range(0, len(data) - 1, 7):
        path.write_bytes(data[:end])
        with pytest.raises(ReportError):
            read(path)


def test_bytes_that_are_no_text_are_no_report(tmp_path: Path) -> None:
    """A file of another kind is refused as such."""
    path = tmp_path / "r.ndjson"
    path.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(ReportError, match="no report"):
        read(path)


def test_a_report_that_is_not_there_cannot_be_read(tmp_path: Path) -> None:
    """A missing file is an error of the system, not a spoilt report."""
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "r.ndjson")


def test_what_json_cannot_say_is_noticed_before_anything_is_touched(tmp_path: Path) -> None:
    """A number that is none is refused while there is still nothing to clean up."""
    spoilt = hand_made.report(replace(PASSED, seconds=float("nan")))

    with pytest.raises(ValueError, match="JSON"):
        write(spoilt, tmp_path / "r.ndjson")
    assert list(tmp_path.iterdir()) == []


def test_the_footer_says_how_many_and_what() -> None:
    """The footer holds the denominator and the counts of each implementation."""
    footer = Report.lines(WHOLE)[-1]

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
    assert whole.findings == first.findings + second.findings
    assert whole.faults == ("one", "two")
    assert whole.header == {
        **hand_made.HEADER,
        "started": "2026-01-01T00:00:00+00:00",
        "checked": 2,
    }
