"""The file of expectations: which verdicts are known not to be a pass, and why.

A table for each cause::

    [[expect]]
    clause = "fit.shuffle.batch-chunks"     # or clauses = ["...", "..."]; ids, never patterns
    of = ["keras-3-jax"]                    # optional: names of implementations; else any
    verdict = "fail"
    reason = "Mixes the rows of each batch."
    link = "https://example.org/issues/1"   # optional
    versions = "keras >= 3.0, < 3.5"        # optional: it holds only for these
    expires = 2027-03-31                    # optional: the last day on which it holds
    at_times = true                         # optional: a race in it decides; a pass is fine too

Reading it says only whether it is such a file. Whether its entries are still right is said by
`entry_faults`, and whether a report is as they say by `gating`.
"""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion

from fitspec import spec
from fitspec.conformance.gate.expected_source import starts
from fitspec.conformance.report.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping
    from pathlib import Path

    from fitspec.conformance.report.verdicts import Finding

_REQUIRED: Final = ("verdict", "reason")
_KEYS: Final = (
    *("clause", "clauses", "of", "verdict", "reason", "link", "versions", "expires", "at_times"),
)
#: What can be expected: that it could not be started is no finding about an implementation.
EXPECTABLE: Final = tuple(
    item for item in Verdict if item not in (Verdict.PASS, Verdict.UNAVAILABLE)
)


class MalformedExpectations(ValueError):  # noqa: N818  reads as the finding that it is
    """A file is no file of expectations."""


@dataclass(frozen=True)
class Entry:
    """One cause for which clauses are not passed.

    Args:
        clauses: their ids, at least one.
        verdict: what each gets.
        reason: why, in a line; empty where a person has not yet written it.
        of: names of the implementations that it holds for; none for any.
        link: where more is said about it.
        versions: the condition under which it holds, as "keras >= 3.0, < 3.5"; empty for always.
        expires: the last day on which it holds.
        at_times: whether a race inside the implementation decides, so that it passes as well.
        file, line: where it stands.
    """

    clauses: tuple[str, ...]
    verdict: Verdict
    reason: str
    of: tuple[str, ...] = ()
    link: str = ""
    versions: str = ""
    expires: date | None = None
    at_times: bool = False
    file: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)

    @property
    def place(self) -> str:
        """File and line, as editors take them."""
        return f"{self.file}:{self.line}" if self.line else self.file

    @property
    def narrowness(self) -> tuple[bool, bool]:
        """How much it says about whom it is for: of two that hold, the narrower one counts."""
        return bool(self.versions), bool(self.of)

    def holds_for(self, name: str, versions: Mapping[str, str]) -> bool:
        """Return whether it is about an implementation in the versions that its report states.

        Args:
            name: of the implementation.
            versions: of its packages, by name.
        """
        if self.of and name not in self.of:
            return False
        if not self.versions:
            return True
        condition = Requirement(self.versions)
        wanted = canonicalize_name(condition.name)
        there = {canonicalize_name(package): version for package, version in versions.items()}
        try:
            return wanted in there and condition.specifier.contains(there[wanted], prereleases=True)
        except InvalidVersion:
            return False

    def allows(self, verdict: Verdict) -> bool:
        """Return whether a verdict is as expected."""
        return verdict is self.verdict or (self.at_times and verdict is Verdict.PASS)


def applicable(
    entries: Iterable[Entry], clause: str, name: str, versions: Mapping[str, str]
) -> list[Entry]:
    """Return the entries that say what a clause gets from an implementation.

    One with a condition on versions that holds goes before one without, and after that one that
    names implementations before one that does not. More than one is a contradiction.
    """
    found = [item for item in entries if clause in item.clauses and item.holds_for(name, versions)]
    narrowest = max((item.narrowness for item in found), default=None)
    return [item for item in found if item.narrowness == narrowest]


def find(
    entries: Iterable[Entry], clause: str, name: str, versions: Mapping[str, str]
) -> Entry | None:
    """Return what is expected of a clause on an implementation; None if it is a pass.

    Args:
        entries: of a file.
        clause: its id.
        name: of the implementation.
        versions: of its packages, as its report states them.
    """
    found = applicable(entries, clause, name, versions)
    return found[0] if found else None


def left_open(entry: Entry, clause: str, verdict: Verdict, not_asked: Container[str]) -> str:
    """Return why a verdict cannot be held against an entry: the clause that was not asked.

    What was to be blocked is not where nobody asked the clause that was to fall. Empty where the
    verdict is to be judged.

    Args:
        entry: what is expected.
        clause: its id.
        verdict: what it got.
        not_asked: the clauses that the run left out.
    """
    if entry.verdict is not Verdict.BLOCKED or verdict is Verdict.BLOCKED:
        return ""
    pending = list(spec.contract().clause(clause).depends)
    for needed in pending:
        if needed in not_asked:
            return needed
        pending += spec.contract().clause(needed).depends
    return ""


def cause_of(
    finding: Finding, versions: Mapping[str, str], entries: Iterable[Entry]
) -> Entry | None:
    """Return the entry that expects a finding to fall short as it does; None if there is none.

    Args:
        finding: of any verdict.
        versions: of the packages of its implementation, as its report states them.
        entries: of a file.
    """
    if finding.verdict is None or not finding.fell_short:
        return None
    entry = find(entries, finding.clause, finding.implementation, versions)
    return entry if entry is not None and entry.allows(finding.verdict) else None


@cache
def known_causes() -> tuple[Entry, ...]:
    """Return the known causes of verdicts that the implementations of fitspec get.

    They come with fitspec, in the form of expectations, found in the implementations' sources.
    """
    folder = files("fitspec.adapters") / "tables" / "shortfalls"
    if not folder.is_dir():
        return ()
    found = sorted(
        (item for item in folder.iterdir() if item.name.endswith(".toml")),
        key=lambda item: item.name,
    )
    return tuple(
        entry for item in found for entry in parse(item.read_text(encoding="utf-8"), item.name)
    )


def read(path: Path) -> tuple[Entry, ...]:
    """Read a file of expectations.

    Raises:
        MalformedExpectations: it is none; the message says where and what was expected.
        OSError: it cannot be read.
    """
    return parse(text_of(path), str(path))


def text_of(path: Path) -> str:
    """Return what a file of expectations holds.

    Raises:
        MalformedExpectations, OSError: as `read`.
    """
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise MalformedExpectations(f"{path}: no text in UTF-8: {error}") from error


def parse(text: str, file: str) -> tuple[Entry, ...]:
    """Read expectations from text.

    Args:
        text: what the file holds.
        file: how messages call it.

    Raises:
        MalformedExpectations: as `read`.
    """
    try:
        content = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise MalformedExpectations(f"{file}: no TOML: {error}") from error
    for key in content:
        if key != "expect":
            raise MalformedExpectations(
                f"{file}: unknown key {key!r}; only tables [[expect]] were expected"
            )
    tables = content.get("expect", [])
    if not isinstance(tables, list):
        raise MalformedExpectations(
            f"{file}: `expect`: {tables!r}; tables [[expect]] were expected"
        )
    lines = starts(text)
    if len(lines) != len(tables):
        raise MalformedExpectations(
            f"{file}: {len(tables)} entries, of which {len(lines)} begin with [[expect]] on a line"
            " of its own; each was expected to"
        )
    return tuple(_entry(table, file, line) for table, line in zip(tables, lines, strict=True))


def _entry(table: Any, file: str, line: int) -> Entry:
    where = f"{file}:{line}"
    if not isinstance(table, dict):
        raise MalformedExpectations(f"{where}: {table!r}; a table was expected")
    for key in table:
        if key not in _KEYS:
            near = difflib.get_close_matches(key, _KEYS, n=1)
            question = f"; did you mean `{near[0]}`?" if near else f"; known: {', '.join(_KEYS)}"
            raise MalformedExpectations(f"{where}: unknown key `{key}`{question}")
    if ("clause" in table) == ("clauses" in table):
        raise MalformedExpectations(f"{where}: either `clause` or `clauses` was expected")
    for key in _REQUIRED:
        if key not in table:
            raise MalformedExpectations(f"{where}: the key `{key}` is missing")
    clauses = (
        _names(where, "clauses", table["clauses"])
        if "clauses" in table
        else (_text(where, "clause", table["clause"]),)
    )
    if not clauses:
        raise MalformedExpectations(f"{where}: `clauses` is empty; ids of clauses were expected")
    if "of" in table and not table["of"]:
        raise MalformedExpectations(
            f"{where}: `of`: {table['of']!r}; names of implementations were expected, or no `of`"
            " for any"
        )
    return Entry(
        clauses=clauses,
        verdict=_verdict(where, table["verdict"]),
        reason=_line(where, "reason", table["reason"]),
        of=_names(where, "of", table.get("of", [])),
        link=_link(where, table.get("link", "")),
        versions=_condition(where, table.get("versions")),
        expires=_day(where, table.get("expires")),
        at_times=_flag(where, "at_times", table.get("at_times", False)),
        file=file,
        line=line,
    )


def _wrong(where: str, key: str, value: object, expected: str) -> MalformedExpectations:
    return MalformedExpectations(f"{where}: `{key}`: {value!r}; {expected} was expected")


def _text(where: str, key: str, value: object) -> str:
    if not isinstance(value, str) or not value or value != value.strip():
        raise _wrong(where, key, value, "a text without blanks around it")
    return value


def _line(where: str, key: str, value: object) -> str:
    if not isinstance(value, str) or len(value.splitlines()) > 1:
        raise _wrong(where, key, value, "a text of one line")
    return value.strip()


def _names(where: str, key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise _wrong(where, key, value, "a list of names")
    found = tuple(_text(where, key, item) for item in value)
    if len(set(found)) < len(found):
        raise _wrong(where, key, value, "each name once")
    return found


def _verdict(where: str, value: object) -> Verdict:
    for item in EXPECTABLE:
        if value == item:
            return item
    raise _wrong(where, "verdict", value, f"one of {', '.join(EXPECTABLE)}")


def _link(where: str, value: object) -> str:
    if value == "":
        return ""
    # Pages make a link of it, and no other kind may be followed from there.
    if not isinstance(value, str) or not value.startswith(("https://", "http://")):
        raise _wrong(where, "link", value, "an address that begins with https:// or http://")
    return _line(where, "link", value)


def _condition(where: str, value: object) -> str:
    if value is None:
        return ""
    expected = 'a package and its versions, such as "keras >= 3.0, < 3.5",'
    text = _text(where, "versions", value)
    try:
        condition = Requirement(text)
    except InvalidRequirement as error:
        raise _wrong(where, "versions", value, expected) from error
    if not condition.specifier or condition.url or condition.marker or condition.extras:
        raise _wrong(where, "versions", value, expected)
    return text


def _day(where: str, value: object) -> date | None:
    if value is not None and (not isinstance(value, date) or isinstance(value, datetime)):
        raise _wrong(where, "expires", value, "a date without quotes, such as 2027-03-31,")
    return value


def _flag(where: str, key: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise _wrong(where, key, value, "true or false")
    return value
