"""The file of a history: JSON with a line for each version and for each clause.

Of a clause each distinct outcome stands once, and by its number at each version: most versions come
to the same. `history.schema.json` beside this file is the normative form.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fitspec.conformance.history.history import KEPT, Held, History, Outcomes, Part, kept
from fitspec.conformance.report import forms
from fitspec.conformance.report.forms import shown
from fitspec.conformance.report.verdicts import Finding, Verdict
from fitspec.conformance.system import atomic
from fitspec.conformance.system.strict_json import parsed

if TYPE_CHECKING:
    from collections.abc import Iterable

FORMAT: Final = 1
SHIPPED: Final = Path(str(files("fitspec.conformance.history") / "versions.json"))

#: Of a version, left out of the file where it is this.
_USUAL: Final = {
    "renames": {},
    "unpinned": False,
    "dialect": "",
    "profiles": (),
    "members": {},
    "seconds": 0.0,
    "adapter_digest": "",
    "parts": (),
}
#: Of an outcome, left out of the file where it is this.
_EMPTY: Final = {"expected": "", "observed": "", "detail": "", "example": "", "tries": ()}
#: Of a pair, which UTF-8 has no bytes for: JSON writes it out.
_HALF: Final = re.compile("[\ud800-\udfff]")

_SCHEMA: Final = json.loads(SHIPPED.with_name("history.schema.json").read_text("utf-8"))
_PARTS: Final = _SCHEMA["$defs"]
_WHOLE: Final = forms.forms(_SCHEMA, _PARTS)
_VERSION, _PART, _CLAUSE, _OUTCOME = (
    forms.forms(_PARTS[name], _PARTS) for name in ("version", "part", "clause", "outcome")
)


class HistoryError(ValueError):
    """A file is no history."""


@cache
def shipped() -> History:
    """Return the history that comes with fitspec."""
    return read(SHIPPED)


def read(path: Path) -> History:
    """Read the history at `path`.

    Raises:
        HistoryError: the file is none, or of another format.
        OSError: it cannot be read.
    """
    try:
        return _history(parsed(path.read_bytes()))
    except ValueError as error:
        raise HistoryError(f"{path}: no history: {error}") from error


def _history(found: Any) -> History:
    """Return what a file says.

    Raises:
        ValueError: it is no history, of another format, or contradicts itself.
    """
    known = found.get("format") if isinstance(found, dict) else None
    if known is not None and (type(known) is not int or known != FORMAT):
        raise ValueError(f"format {shown(known)}; known is {FORMAT}")
    _check(found, _WHOLE, "")
    versions = tuple(_held(at, item) for at, item in enumerate(found["versions"]))
    for item in versions:
        for clause, times in Counter(key for part in item.parts for key in part.clauses).items():
            if times > 1:
                raise ValueError(
                    f"{shown(item.name)}: {shown(clause)} stands {times} times in its parts"
                )
    for name, times in Counter(item.name for item in versions).items():
        if times > 1:
            raise ValueError(f"{shown(name)} stands {times} times among the versions")
    clauses = {key: _outcomes(key, item, versions) for key, item in found["clauses"].items()}
    return History(versions, clauses, found.get("missing", {}))


def _check(found: Any, wanted: forms.Forms, where: str) -> None:
    """Refuse what is not of its form.

    Raises:
        ValueError: saying what, and where.
    """
    if words := forms.fault(found, wanted):
        raise ValueError(f"{where}{words}")


def write(history: History, path: Path) -> None:
    """Write a history to `path`, whole or not at all.

    Raises:
        OSError: it cannot be written; what was at `path` before is untouched.
    """
    versions = _lines(_line(_plain_version(item)) for item in history.versions)
    clauses = _lines(
        f"{json.dumps(key)}: {_line(_plain_outcomes(item))}"
        for key, item in history.clauses.items()
    )
    missing = _lines(f"{json.dumps(asked)}: {_line(why)}" for asked, why in history.missing.items())
    text = (
        f'{{"format": {FORMAT},\n"versions": [{versions}],\n"missing": {{{missing}}},\n'
        f'"clauses": {{{clauses}}}}}\n'
    )
    atomic.write_text(path, text)


def _lines(given: Iterable[str]) -> str:
    text = ",\n".join(given)
    return f"\n{text}" if text else ""


def _line(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return _HALF.sub(lambda half: f"\\u{ord(half[0]):04x}", text)


def _plain_version(item: Held) -> dict[str, Any]:
    own = {key: value for key, value in asdict(item).items() if key != "subject"}
    told = {**own, **{key: getattr(item.subject, key) for key in KEPT}}
    return {key: value for key, value in told.items() if value != _USUAL.get(key, ...)}


def _held(at: int, plain: Any) -> Held:
    _check(plain, _VERSION, f"version {at}: ")
    own = {key: str(plain[key]) for key in ("family", "version", "on", "finished", "contract")}
    told = {**_USUAL, **plain}
    told["profiles"] = tuple(told["profiles"])
    return Held(
        subject=kept(told),
        **own,
        seconds=float(told["seconds"]),
        adapter_digest=str(told["adapter_digest"]),
        parts=tuple(_part(f"version {at}: ", item) for item in told["parts"]),
    )


def _part(where: str, plain: Any) -> Part:
    _check(plain, _PART, f"{where}a part: ")
    return Part(tuple(plain["clauses"]), str(plain["finished"]), str(plain["contract"]))


def _plain_outcomes(item: Outcomes) -> dict[str, Any]:
    plain = {"outcomes": [_plain_outcome(each) for each in item.distinct], "at": list(item.at)}
    if not item.checks:
        return plain
    digests = [each for each in dict.fromkeys(item.checks) if each is not None]
    by = [None if each is None else digests.index(each) for each in item.checks]
    return {**plain, "checks": digests, "by": by}


def _plain_outcome(item: Finding) -> dict[str, Any]:
    told = {key: value for key in _EMPTY if (value := getattr(item, key)) != _EMPTY[key]}
    came = {"behaviour": item.behaviour} if item.verdict is None else {"verdict": item.verdict}
    return {**came, **told}


def _outcomes(clause: str, plain: Any, versions: tuple[Held, ...]) -> Outcomes:
    _check(plain, _CLAUSE, f"{shown(clause)}: ")
    distinct = tuple(_outcome(clause, each) for each in plain["outcomes"])
    if len(set(distinct)) < len(distinct):
        raise ValueError(f"{shown(clause)}: one of its outcomes stands twice")
    at = _places(clause, plain["at"], versions, len(distinct), "outcomes")
    digests, by = plain.get("checks", []), plain.get("by", [])
    if len(set(digests)) < len(digests):
        raise ValueError(f"{shown(clause)}: one of its checks stands twice")
    if not (digests or by):
        return Outcomes(distinct, at)
    places = _places(clause, by, versions, len(digests), "checks")
    checked = tuple(None if each is None else digests[each] for each in places)
    return Outcomes(distinct, at, checked if any(checked) else ())


def _places(
    clause: str, plain: Any, versions: tuple[Held, ...], number: int, what: str
) -> tuple[int | None, ...]:
    """Return which of several things is meant for each version.

    Raises:
        ValueError: it is not of as many versions, or of what is not there.
    """
    if len(plain) != len(versions):
        raise ValueError(
            f"{shown(clause)}: it is said of {len(plain)} versions, and there are {len(versions)}"
        )
    for each in plain:
        if each is not None and not (type(each) is int and 0 <= each < number):
            raise ValueError(f"{shown(clause)}: {shown(each)} is none of its {number} {what}")
    return tuple(plain)


def _outcome(clause: str, plain: Any) -> Finding:
    where = f"{shown(clause)}: an outcome: "
    _check(plain, _OUTCOME, where)
    if ("verdict" in plain) == ("behaviour" in plain):
        raise ValueError(f"{where}either a verdict or a behaviour was expected")
    told = {**_EMPTY, **plain}
    verdict = told.pop("verdict", None)
    told["tries"] = tuple(told["tries"])
    return Finding(
        **{"behaviour": None, **told},
        clause=clause,
        implementation="",
        verdict=None if verdict is None else Verdict(verdict),
        seconds=0.0,
        seconds_inside=0.0,
        check="",
    )
