"""Tests of `fitspec.conformance.gate.expected`: the file of expectations."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.gate import expected
from fitspec.conformance.gate.expected import (
    Entry,
    MalformedExpectations,
    applicable,
    find,
    parse,
    read,
)
from fitspec.conformance.report.verdicts import Verdict

if TYPE_CHECKING:
    from pathlib import Path

FULL = """
# What is known.
[[expect]]
clause = "fit.shuffle.batch-chunks"
of = ["keras-3-jax", "keras-3-torch"]
verdict = "fail"
reason = "Mixes the rows of each batch."
link = "https://example.org/1"
versions = "keras >= 3.0, < 3.5"
expires = 2027-03-31
at_times = true

[[expect]]
clauses = ["fit.workers.upper-bound", "fit.epochs.final-epoch"]
verdict = "absent"
reason = ""
"""


def test_every_key_of_an_entry_is_read() -> None:
    """An entry holds what the file says, and where it says it."""
    first, second = parse(FULL, "e.toml")

    assert first == Entry(
        clauses=("fit.shuffle.batch-chunks",),
        verdict=Verdict.FAIL,
        reason="Mixes the rows of each batch.",
        of=("keras-3-jax", "keras-3-torch"),
        link="https://example.org/1",
        versions="keras >= 3.0, < 3.5",
        expires=date(2027, 3, 31),
        at_times=True,
    )
    assert first.place == "e.toml:3"
    assert second.clauses == ("fit.workers.upper-bound", "fit.epochs.final-epoch")
    assert second.place == "e.toml:13"


def entry(text: str = "", **replaced: str) -> str:
    """Return an entry as text, in which some lines are others."""
    keys = {"clause": '"a.b"', "verdict": '"fail"', "reason": '"Because."', **replaced}
    lines = [f"{key} = {value}" for key, value in keys.items() if value]
    return "\n".join(["[[expect]]", *lines, text])


MALFORMED = {
    "no TOML": ("[[expect", "no TOML"),
    "no number": (f"expect = {'9' * 5000}", "no TOML"),
    "nested": (f"expect = {'[' * 5000}", "no TOML"),
    "another table": ("[[shortfall]]", "only tables [[expect]]"),
    "no tables": ("expect = 3", "tables [[expect]] were expected"),
    "inline": ('expect = [{clause = "a.b"}]', "begin with [[expect]] on a line of its own"),
    "unknown key": (entry('reasons = "x"'), "did you mean `reason`?"),
    "unlike key": (entry("zzz = 3"), "unknown key `zzz`; known: clause, clauses"),
    "both forms": (entry('clauses = ["a.b"]'), "either `clause` or `clauses`"),
    "neither form": (entry(clause=""), "either `clause` or `clauses`"),
    "no verdict": (entry(verdict=""), "the key `verdict` is missing"),
    "no reason": (entry(reason=""), "the key `reason` is missing"),
    "no clauses": (entry("clauses = []", clause=""), "`clauses` is empty"),
    "clause no text": (entry(clause="3"), "`clause`: 3; a text"),
    "a pass": (entry(verdict='"pass"'), "one of fail, absent, error, crash, timeout, blocked"),
    "unavailable": (entry(verdict='"unavailable"'), "one of fail"),
    "verdict no text": (entry(verdict="3"), "`verdict`: 3"),
    "reason of lines": (entry(reason='"a\\nb"'), "a text of one line"),
    "reason no text": (entry(reason="3"), "a text of one line"),
    "of nobody": (entry("of = []"), "or no `of` for any"),
    "of no list": (entry('of = "keras-2.3"'), "a list of names"),
    "of twice": (entry('of = ["a", "a"]'), "each name once"),
    "of a blank": (entry('of = [" a"]'), "a text without blanks around it"),
    "link": (entry('link = "javascript:alert(1)"'), "begins with https:// or http://"),
    "link no text": (entry("link = 3"), "begins with https:// or http://"),
    "versions": (entry('versions = "3.0 keras"'), "a package and its versions"),
    "versions of none": (entry('versions = "keras"'), "a package and its versions"),
    "versions no text": (entry("versions = 3"), "a text"),
    "expires a text": (entry('expires = "2027-03-31"'), "a date without quotes"),
    "expires a time": (entry("expires = 2027-03-31T10:00:00"), "a date without quotes"),
    "at_times": (entry('at_times = "yes"'), "true or false"),
}


@pytest.mark.parametrize("how", MALFORMED)
def test_what_is_no_file_of_expectations_is_refused(how: str) -> None:
    """The message names the place, the key, what came and what was expected."""
    text, words = MALFORMED[how]

    with pytest.raises(MalformedExpectations) as caught:
        parse(text, "e.toml")

    assert words in str(caught.value)
    assert str(caught.value).startswith("e.toml")


def test_a_file_is_read(tmp_path: Path) -> None:
    """An empty file expects nothing; one that is no text is refused."""
    path = tmp_path / "e.toml"
    path.write_bytes(b"")
    other = tmp_path / "other.toml"
    other.write_bytes(b"\xff")

    assert read(path) == ()
    with pytest.raises(MalformedExpectations, match="no text in UTF-8"):
        read(other)
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "missing.toml")


VERSIONED = Entry(("a.b",), Verdict.FAIL, "r", versions="keras >= 3.0, < 3.5")


@pytest.mark.parametrize(
    ("versions", "holds"),
    [
        ({"keras": "3.0"}, True),
        ({"Keras": "3.4.9"}, True),
        ({"keras": "3.1.0rc1"}, True),
        ({"keras": "3.1.0+cpu"}, True),
        ({"keras": "3.5"}, False),
        ({"keras": "2.3.1"}, False),
        ({"keras": "of some day"}, False),
        ({"numpy": "3.1"}, False),
        ({}, False),
    ],
)
def test_a_condition_holds_for_the_versions_that_the_report_states(
    versions: dict[str, str], holds: bool
) -> None:
    """Versions compare as packages compare them; what is not stated meets no condition."""
    assert VERSIONED.holds_for("anyone", versions) is holds


def test_an_entry_is_for_those_that_it_names() -> None:
    """Without names it is for any implementation."""
    named = Entry(("a.b",), Verdict.FAIL, "r", of=("one", "two"))

    assert named.holds_for("two", {})
    assert not named.holds_for("three", {})
    assert Entry(("a.b",), Verdict.FAIL, "r").holds_for("three", {})


@pytest.mark.parametrize(
    ("at_times", "verdict", "allowed"),
    [
        (False, Verdict.FAIL, True),
        (False, Verdict.PASS, False),
        (False, Verdict.ERROR, False),
        (True, Verdict.PASS, True),
        (True, Verdict.ERROR, False),
    ],
)
def test_what_is_so_at_times_may_pass(at_times: bool, verdict: Verdict, allowed: bool) -> None:
    """A race excuses a pass, and no other verdict."""
    assert Entry(("a.b",), Verdict.FAIL, "r", at_times=at_times).allows(verdict) is allowed


def test_the_narrower_entry_is_the_one_that_counts() -> None:
    """A condition on versions goes before none, and names go before none."""
    anyone = Entry(("a.b", "a.c"), Verdict.FAIL, "anyone")
    named = Entry(("a.b",), Verdict.ERROR, "named", of=("one",))
    versioned = Entry(("a.b",), Verdict.CRASH, "versioned", versions="keras < 3")
    entries = (anyone, named, versioned)

    assert find(entries, "a.b", "one", {"keras": "2.3"}) == versioned
    assert find(entries, "a.b", "one", {"keras": "3.1"}) == named
    assert find(entries, "a.b", "two", {}) == anyone
    assert find(entries, "a.c", "one", {"keras": "2.3"}) == anyone
    assert find(entries, "a.d", "one", {}) is None


def test_entries_that_say_the_same_thing_are_all_found() -> None:
    """Whoever wants to know of a contradiction gets both sides of it."""
    first = Entry(("a.b",), Verdict.FAIL, "first", of=("one",))
    second = Entry(("a.b",), Verdict.ERROR, "second", of=("one", "two"))

    assert applicable((first, second), "a.b", "one", {}) == [first, second]
    assert applicable((first, second), "a.b", "two", {}) == [second]


def test_the_known_causes_come_with_fitspec(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All files of the folder are read, in the order of their names; without it there are none."""
    monkeypatch.setattr(expected, "files", lambda _: tmp_path)
    expected.known_causes.cache_clear()
    assert expected.known_causes() == ()
    (tmp_path / "tables" / "shortfalls").mkdir(parents=True)
    (tmp_path / "tables" / "shortfalls" / "b.toml").write_text(entry(clause='"second.one"'))
    (tmp_path / "tables" / "shortfalls" / "a.toml").write_text(entry(clause='"first.one"'))
    expected.known_causes.cache_clear()

    found = expected.known_causes()

    expected.known_causes.cache_clear()
    assert [(item.clauses, item.place) for item in found] == [
        (("first.one",), "a.toml:1"),
        (("second.one",), "b.toml:1"),
    ]
