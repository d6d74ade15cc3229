"""Tests of `history.storing`: the file of a history."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from fitspec.conformance.history.history import Part
from fitspec.conformance.history.storing import SHIPPED, HistoryError, read, write
from fitspec.conformance.terminal import history as shown
from fitspec.conformance.terminal.printer import Printer

from .versioned import CLAUSE, history

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    """All of it, in order."""
    write(history(), tmp_path / "history.json")

    again = read(tmp_path / "history.json")

    assert again == history()
    assert [*again.clauses] == [*history().clauses]


def test_what_is_of_later_runs_is_written_with_it(tmp_path: Path) -> None:
    """And by which adapter and which checks it was."""
    part = Part((CLAUSE,), "2026-02-03T04:05:06+00:00", "later")
    given = history()
    first = replace(given.versions[0], adapter_digest="abc", parts=(part,))
    outcomes = replace(given.clauses[CLAUSE], checks=("abc", None, "def", "abc", None))
    given = replace(
        given,
        versions=(first, *given.versions[1:]),
        clauses={**given.clauses, CLAUSE: outcomes},
    )
    write(given, tmp_path / "history.json")

    assert read(tmp_path / "history.json") == given

    content = json.loads((tmp_path / "history.json").read_text("utf-8"))
    content["versions"][0]["parts"][0]["finished"] = "yesterday"
    (tmp_path / "history.json").write_text(json.dumps(content), "utf-8")
    with pytest.raises(HistoryError, match="version 0: a part: 'finished': 'yesterday'"):
        read(tmp_path / "history.json")


def test_the_file_is_of_its_schema(tmp_path: Path) -> None:
    """The one that comes with fitspec, and any other."""
    schema = json.loads((files("fitspec.conformance.history") / "history.schema.json").read_text())
    write(history(), tmp_path / "history.json")

    for file in (SHIPPED, tmp_path / "history.json"):
        content = json.loads(file.read_text("utf-8"))
        assert not [*Draft202012Validator(schema).iter_errors(content)]


def test_each_version_and_each_clause_has_a_line(tmp_path: Path) -> None:
    """So that a difference of two of them can be read."""
    write(history(), tmp_path / "history.json")

    lines = (tmp_path / "history.json").read_text("utf-8").splitlines()

    # The format, the headings beside it, five versions, two clauses, and what is missing.
    assert len(lines) == 4 + 5 + 2


def changed(content: dict[str, Any], at: object) -> str:
    content["clauses"][CLAUSE]["at"] = at
    return json.dumps(content)


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ([0, 0, 0, 0], "it is said of 4 versions, and there are 5"),
        ([0, 0, 0, 0, 9], "9 is none of its 2 outcomes"),
        ([0, 0, 0, 0, -1], "-1 is none of its 2 outcomes"),
        (None, "'at': None; a list of objects was expected"),
        ([0, 0, 0, 0, True], "True is none of its 2 outcomes"),
    ],
)
def test_what_contradicts_itself_is_refused(tmp_path: Path, at: object, words: str) -> None:
    """With the file, and what is wrong in it."""
    file = tmp_path / "history.json"
    write(history(), file)
    file.write_text(changed(json.loads(file.read_text("utf-8")), at), "utf-8")

    with pytest.raises(HistoryError, match=f"history.json: no history: .*{words}"):
        read(file)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no history"),
        ("[]", "no history"),
        ("{}", "no history: the key 'format' is missing"),
        ('{"format": 2}', "format 2; known is 1"),
        (
            '{"format": 1, "versions": [{}], "clauses": {}}',
            "no history: version 0: the key 'family'",
        ),
        ('{"format": 1, "versions": [], "versions": [], "clauses": {}}', "'versions' stands twice"),
        ('{"format": 1, "versions": NaN, "clauses": {}}', "NaN is no number"),
        ('{"format": true}', "format True; known is 1"),
        ("[" * 100_000, "it is nested too deeply"),
    ],
)
def test_what_is_no_history_is_refused(tmp_path: Path, text: str, words: str) -> None:
    """As is one of another format."""
    (tmp_path / "history.json").write_text(text, "utf-8")

    with pytest.raises(HistoryError, match=words):
        read(tmp_path / "history.json")


WRONG: list[Any] = [
    None,
    True,
    -1,
    2.5,
    10**400,
    "",
    "x\x1b[2J\ud800\u2028y",
    [],
    [[]],
    {},
    {"a": {}},
]


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield where something stands in what JSON has said, at whatever depth."""
    yield way
    inner: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, list):
        inner = enumerate(value)
    for key, item in inner:
        yield from places(item, (*way, key))


def doubled(content: dict[str, Any], of: str) -> None:
    clause, version = content["clauses"][CLAUSE], content["versions"][0]
    if of == "versions":
        content["versions"][1] = version
    elif of == "parts":
        part = {"clauses": [CLAUSE], "finished": "2026-11-30T00:00:00+00:00", "contract": ""}
        version["parts"] = [part, part]
    elif of == "outcomes":
        clause["outcomes"] = [clause["outcomes"][0]] * 2
    elif of == "checks":
        clause.update(checks=["a", "a"], by=[0, 1, 0, 1, 0])
    else:
        clause.pop("checks", None)
        clause["by"] = [0] * 5


@pytest.mark.parametrize(
    ("of", "words"),
    [
        ("versions", "stands 2 times among the versions"),
        ("parts", f"{CLAUSE!r} stands 2 times in its parts"),
        ("outcomes", f"{CLAUSE!r}: one of its outcomes stands twice"),
        ("checks", f"{CLAUSE!r}: one of its checks stands twice"),
        ("by", f"{CLAUSE!r}: 0 is none of its 0 checks"),
    ],
)
def test_what_is_said_twice_or_of_nothing_is_refused(tmp_path: Path, of: str, words: str) -> None:
    """Two days, or two outcomes that are the same, would be told as if they differed."""
    file = tmp_path / "history.json"
    write(history(), file)
    content = json.loads(file.read_text("utf-8"))
    doubled(content, of)
    file.write_text(json.dumps(content), "utf-8")

    with pytest.raises(HistoryError, match=words):
        read(file)


def test_whatever_is_missing_it_is_refused_or_is_as_usual(tmp_path: Path) -> None:
    """An item of a list or a key of an object; what is read then is written, and read again."""
    file = tmp_path / "history.json"
    write(history(), file)
    text = file.read_text("utf-8")
    refused = 0
    for way in [*places(json.loads(text))][1:]:
        content = holder = json.loads(text)
        for key in way[:-1]:
            holder = holder[key]
        del holder[way[-1]]
        file.write_text(json.dumps(content), "utf-8")
        try:
            found = read(file)
        except HistoryError as error:
            assert "history.json: no history: " in str(error)  # noqa: PT017  either is right
            refused += 1
            continue
        write(found, tmp_path / "again.json")
        assert read(tmp_path / "again.json") == found

    assert refused > 50


def test_whatever_stands_anywhere_it_is_refused_or_can_be_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No value of another type gets past the reader, and whatever gets past it is kept."""
    file = tmp_path / "history.json"
    write(history(), file)
    text = file.read_text("utf-8")
    refused = 0
    for way in [*places(json.loads(text))][1:]:
        for wrong in WRONG:
            content = json.loads(text)
            holder = content
            for key in way[:-1]:
                holder = holder[key]
            holder[way[-1]] = wrong
            file.write_text(json.dumps(content), "utf-8")
            try:
                found = read(file)
            except HistoryError:
                refused += 1
                continue
            shown.render_versions(found, Printer())
            for clause in found.clauses:
                shown.render_clause(found, clause, Printer())
            write(found, tmp_path / "again.json")
            assert read(tmp_path / "again.json") == found

    assert refused > 500
    assert "\x1b" not in capsys.readouterr().out
