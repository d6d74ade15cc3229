"""Tests of `fitspec.conformance.report.reading`: a report is sound, or it is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from fitspec.conformance.report.forms import FINDINGS
from fitspec.conformance.report.reading import read
from fitspec.conformance.report.report import Report, ReportError, write
from fitspec.conformance.report.verdicts import Verdict

from .. import hand_made

if TYPE_CHECKING:
    from pathlib import Path

PASSED = hand_made.found("fit.epochs.final-epoch", Verdict.PASS)
FAILED = hand_made.found("fit.epochs.default-1", Verdict.FAIL, observed="10", detail="ten")
OPEN = hand_made.found("train_on_batch.loss-before-update", None, behaviour="before")
WHOLE = hand_made.report(PASSED, FAILED, OPEN, subjects=(hand_made.SUBJECT, hand_made.GONE))


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines(keepends=True)


Spoil = Callable[[list[str]], list[str]]


def _edited(number: int, **fields: Any) -> Spoil:
    def edit(lines: list[str]) -> list[str]:
        changed = {**json.loads(lines[number]), **fields}
        changed = {key: item for key, item in changed.items() if item is not ...}
        lines[number] = json.dumps(changed) + "\n"
        return lines

    return edit


def _of(number: int, **fields: Any) -> Spoil:
    """Return what changes an implementation of the header; `...` takes a key away."""

    def edit(lines: list[str]) -> list[str]:
        named = json.loads(lines[0])["implementations"]
        changed = {**named[number], **fields}
        named[number] = {key: item for key, item in changed.items() if item is not ...}
        return _edited(0, implementations=named)(lines)

    return edit


def _twice(lines: list[str]) -> list[str]:
    """Say of a clause first that it fell, then that it passed, and count both."""
    again = lines[2].replace('"verdict": "fail"', '"verdict": "pass"')
    counts = {"reference": {"pass": 2, "fail": 1}, "keras-3-torch": {}}
    return _edited(-1, lines=4, counts=counts)([*lines[:3], again, *lines[3:]])


def _raw(number: int, old: str, new: str) -> Spoil:
    def edit(lines: list[str]) -> list[str]:
        assert old in lines[number]
        lines[number] = lines[number].replace(old, new)
        return lines

    return edit


SPOILT: dict[str, tuple[Spoil, str]] = {
    "empty": (lambda _: [], "does not begin with a header"),
    "no header": (lambda lines: lines[1:], "does not begin with a header"),
    "no footer": (lambda lines: lines[:-1], "the footer is missing"),
    "header alone": (lambda lines: lines[:1], "the footer is missing"),
    "half a line": (lambda lines: [*lines[:-1], lines[-1][:20]], "line 5: no JSON"),
    "a line is missing": (lambda lines: [lines[0], *lines[2:]], "2 findings; the footer says 3"),
    "a line of long ago": (lambda lines: [*lines, "\n"], "line 6: no JSON"),
    "a second footer": (lambda lines: [*lines, lines[-1]], "line 6: something follows the footer"),
    "a second header": (lambda lines: [lines[0], *lines], "line 2: a line of type 'header'"),
    "a line twice": (
        lambda lines: [*lines[:2], *lines[1:]],
        "line 3: a second finding on 'fit.epochs.final-epoch' of 'reference'",
    ),
    "a clause twice": (_twice, "line 4: a second finding on 'fit.epochs.default-1'"),
    "a key twice": (
        _raw(2, '"verdict": "fail"', '"verdict": "fail", "verdict": "pass"'),
        "line 3: no JSON: the key 'verdict' stands twice",
    ),
    "nothing executed": (
        lambda lines: _edited(1, lines=0)([lines[0], lines[-1]]),
        "nothing was executed",
    ),
    "other format": (_edited(0, format=2), "format 2; known is 1"),
    "format of no number": (_edited(0, format=None), "format None"),
    "format that is true": (_edited(0, format=True), "format True"),
    "no implementations": (_edited(0, implementations=...), "the key 'implementations' is missing"),
    "none in the list": (_edited(0, implementations=[]), r"line 1: 'implementations': \[\]"),
    "implementation without name": (_of(0, name=...), "the key 'name' is missing"),
    "implementation with no name": (_of(0, name=""), "'name': ''; a text that is not empty"),
    "implementation that is a word": (_edited(0, implementations=["a"]), "an object was expected"),
    "an implementation twice": (
        _of(1, name="reference"),
        "line 1: 'reference' stands 2 times among the implementations",
    ),
    "of nobody in the header": (
        _edited(2, implementation="other"),
        "line 3: a finding on 'other'; the header names 'reference, keras-3-torch'",
    ),
    "nothing on one that is there": (
        _of(1, available=True),
        "'keras-3-torch' is available; no finding is on it",
    ),
    "unavailable after all": (
        _edited(2, verdict="unavailable"),
        "line 3: 'reference' is unavailable here; the header says that it is available",
    ),
    "unknown verdict": (_edited(1, verdict="splendid"), "line 2: 'verdict': 'splendid'; one of"),
    "no verdict": (_edited(1, verdict=...), "line 2: the key 'verdict' is missing"),
    "no clause": (_edited(1, clause=...), "line 2: the key 'clause' is missing"),
    "an unknown key": (_edited(1, opinion=3), "line 2: unknown key 'opinion'"),
    "no kind of line": (_edited(1, type=...), "line 2: a line of type None"),
    "other kind of line": (_edited(1, type="opinion"), "a line of type 'opinion'"),
    "kind that is a list": (_edited(1, type=[]), r"a line of type \[\]"),
    "list instead of object": (
        lambda lines: [lines[0], "[]\n", *lines[2:]],
        r"line 2: \[\]: not an object",
    ),
    "deep": (lambda lines: [lines[0], "[" * 200_000 + "\n", *lines[2:]], "line 2: no JSON"),
    "no number": (_raw(1, "0.01", "NaN"), "line 2: no JSON: NaN is no number"),
    "endless": (_raw(1, "0.01", "1e999"), "'seconds': inf; a number of seconds from 0"),
    "beyond all": (_raw(1, "0.01", "9" * 400), "a number of seconds from 0"),
    "negative": (_raw(1, "0.01", "-1"), "'seconds': -1; a number of seconds from 0"),
    "no day": (_edited(0, finished="yesterday"), "a date and time as in ISO 8601 was expected"),
    "other tries": (
        _edited(1, tries=["timeout", "timeout", "pass"]),
        "line 2: 'pass' came less often than another outcome of `tries`",
    ),
    "no tries": (_edited(1, tries=[]), r"'tries': \[\]; a list of texts, at least 2, was expected"),
    "tries that are the same": (_edited(1, tries=["pass", "pass"]), "'tries': .* not all the same"),
    "counts": (_edited(-1, counts={}), "the footer counts otherwise"),
    "counts of nobody": (
        _edited(-1, counts={"reference": {"pass": 1, "fail": 1}, "keras-3-torch": {}, "a": {}}),
        "the footer counts otherwise",
    ),
    "true as a count": (
        _edited(-1, counts={"reference": {"pass": True, "fail": 1}, "keras-3-torch": {}}),
        "'counts': .*; an object of objects of whole numbers was expected",
    ),
    "checked": (_edited(0, checked=2), "3 clauses were examined; the header says 2"),
    "no faults": (_edited(-1, faults=...), "line 5: the footer: the key 'faults' is missing"),
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


WRONG: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    2.5,
    "",
    "word",
    [],
    ["word"],
    [None],
    {},
    {"a": 1},
    {"a": "b"},
)


def _fields() -> list[tuple[int, int | None, str]]:
    """Return each field of a report: its line, its implementation if it is of one, its key."""
    lines = [
        {
            **line,
            **({"example": "a", "script": "b", "tries": ["fail", "pass"]} if place == 2 else {}),
        }
        for place, line in enumerate(WHOLE.lines())
    ]
    lines[0]["basis"] = {}
    found: list[tuple[int, int | None, str]] = [
        (place, None, key) for place, line in enumerate(lines) for key in line
    ]
    return found + [(0, 0, key) for key in lines[0]["implementations"][0]]


@pytest.mark.parametrize(("number", "implementation", "key"), _fields())
def test_a_wrongly_typed_field_is_refused_as_the_schema_does(
    tmp_path: Path, number: int, implementation: int | None, key: str
) -> None:
    """What the published schema refuses is refused with a sentence, and nothing else happens."""
    path = tmp_path / "r.ndjson"
    write(WHOLE, path)
    whole = _lines(path)
    schema = json.loads(
        (files("fitspec.conformance.report") / "report.schema.json").read_text("utf-8")
    )
    validator = Draft202012Validator(schema)
    refused = 0
    for value in WRONG:
        edit = (_edited if implementation is None else _of)(
            implementation or number, **{key: value}
        )
        lines = edit([*whole])
        path.write_text("".join(lines), "utf-8")
        if validator.is_valid(json.loads(lines[number])):
            continue
        refused += 1
        with pytest.raises(ReportError) as caught:
            read(path)
        assert str(path) in str(caught.value)
    assert refused


def test_the_schema_has_the_verdicts() -> None:
    """What is read by the schema is what a report can be written with."""
    words = FINDINGS["verdict"].by_key["verdict"].words

    assert words == f"one of {', '.join(Verdict)}"


FULL = hand_made.full()
LEFT_OUT = FULL.findings[3].clause
OF_FULL: dict[str, tuple[Report, str]] = {
    "a clause left out": (
        replace(FULL, findings=(*FULL.findings[:3], *FULL.findings[4:])),
        f"'reference': {LEFT_OUT} is neither decided nor listed as not asked",
    ),
    "decided though not asked": (
        replace(FULL, subjects=(replace(FULL.subjects[0], not_asked=(LEFT_OUT,)),)),
        f"'reference': '{LEFT_OUT}' is decided, and listed as not asked",
    ),
    "a clause that there is not": (
        replace(FULL, findings=(*FULL.findings, replace(PASSED, clause="fit.unheard.of"))),
        "'reference': the contract has no clause 'fit.unheard.of'",
    ),
    "a profile that there is not": (
        replace(FULL, subjects=(replace(FULL.subjects[0], profiles=("keras-1",)),)),
        "'reference': the contract has no profile 'keras-1'",
    ),
    "a failure told as a behaviour": (
        replace(
            FULL,
            findings=tuple(
                replace(item, verdict=None, behaviour="so") if item.fell_short else item
                for item in FULL.findings
            ),
        ),
        "has no verdict, which the contract asks for",
    ),
    "a behaviour told as a pass": (
        replace(
            FULL,
            findings=tuple(
                replace(item, verdict=Verdict.PASS, behaviour=None) for item in FULL.findings
            ),
        ),
        "has a verdict, for which no document settles it",
    ),
}


@pytest.mark.parametrize("how", OF_FULL)
def test_every_clause_of_a_profile_is_decided_or_listed(tmp_path: Path, how: str) -> None:
    """Of today's contract it is known what had to be decided, and how."""
    spoilt, words = OF_FULL[how]
    examined = len({item.clause for item in spoilt.findings})
    write(replace(spoilt, header={**spoilt.header, "checked": examined}), tmp_path / "r.ndjson")

    with pytest.raises(ReportError, match=words):
        read(tmp_path / "r.ndjson")


def test_what_was_not_asked_may_be_left_out(tmp_path: Path) -> None:
    """A run of some clauses says which ones it left out, and one with a fault proves nothing."""
    left = FULL.findings[4:]
    subject = replace(FULL.subjects[0], not_asked=tuple(item.clause for item in FULL.findings[:4]))
    header = {**FULL.header, "checked": len(left)}
    part = replace(FULL, header=header, subjects=(subject,), findings=left)
    broken = replace(part, subjects=FULL.subjects, faults=("it broke",))
    older = replace(part, header={**header, "contract": "another"}, subjects=FULL.subjects)

    for whole in (FULL, part, broken, older):
        write(whole, tmp_path / "r.ndjson")
        assert read(tmp_path / "r.ndjson") == whole
