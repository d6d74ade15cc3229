"""Of which form the values in a report are, as `report.schema.json` says.

What a file holds is looked at before anything is made of it, so that nothing of a wrong type is
met later, where it would look like a fault of fitspec.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from fitspec.conformance.report.verdicts import Verdict


class Form(NamedTuple):
    """A form that a value can have.

    Args:
        words: what was expected, as a message says it.
        fits: whether a value has it.
    """

    words: str
    fits: Callable[[Any], bool]


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_count(value: Any) -> bool:
    # True is an int to Python, and no number to a reader.
    return type(value) is int and value >= 0


def _is_time(value: Any) -> bool:
    return type(value) in (int, float) and 0 <= value < math.inf


def _is_moment(value: Any) -> bool:
    try:
        return _is_text(value) and datetime.fromisoformat(value).year > 0
    except ValueError:
        return False


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _are_tries(value: Any) -> bool:
    return _are_texts(value) and len(set(value)) > 1


def _are_pairs(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_is_text, value.values()))


_TEXT: Final = Form("a text", _is_text)
_NAME: Final = Form("a text that is not empty", lambda value: _is_text(value) and value != "")
_FLAG: Final = Form("true or false", lambda value: isinstance(value, bool))
_COUNT: Final = Form("a whole number from 0", _is_count)
_TIME: Final = Form("a number of seconds from 0", _is_time)
_MOMENT: Final = Form("a date and time as in ISO 8601", _is_moment)
_TEXTS: Final = Form("a list of texts", _are_texts)
_TRIES: Final = Form("a list of texts that are not all the same", _are_tries)
_PAIRS: Final = Form("an object of texts", _are_pairs)
_ANY: Final = Form("anything", lambda _: True)
_VERDICT: Final = Form(
    f"one of {', '.join(Verdict)}", lambda value: _is_text(value) and value in set(Verdict)
)

Keys = Mapping[str, Form]


class Forms(NamedTuple):
    """The keys of an object: those that it has, and those that it may have besides."""

    required: Keys
    optional: Keys


HEADER: Final = Forms(
    {
        "type": _ANY,
        "format": _ANY,
        "fitspec": _TEXT,
        "started": _MOMENT,
        "finished": _MOMENT,
        "python": _TEXT,
        "platform": _TEXT,
        "clauses": _COUNT,
        "checked": _COUNT,
        "implementations": Form(
            "a list of at least one", lambda value: isinstance(value, list) and value != []
        ),
    },
    {"basis": _PAIRS, "contract": _TEXT},
)
IMPLEMENTATION: Final = Forms(
    {
        "name": _NAME,
        "title": _TEXT,
        "available": _FLAG,
        "reason": _TEXT,
        "remedy": _TEXT,
        "versions": _PAIRS,
        "python": _TEXT,
        "platform": _TEXT,
        "renames": _PAIRS,
        "seconds": _TIME,
        "seconds_inside": _TIME,
    },
    {
        "unpinned": _FLAG,
        "adapter": _TEXT,
        "dialect": _TEXT,
        "profiles": _TEXTS,
        "not_asked": _TEXTS,
    },
)
_FOUND: Final[Keys] = {
    "type": _ANY,
    "clause": _NAME,
    "implementation": _NAME,
    "expected": _TEXT,
    "observed": _TEXT,
    "detail": _TEXT,
    "seconds": _TIME,
    "seconds_inside": _TIME,
    "check": _TEXT,
}
_FOUND_BESIDES: Final[Keys] = {"example": _TEXT, "script": _TEXT, "tries": _TRIES}
#: By the type of a line.
FINDINGS: Final[Mapping[str, Forms]] = {
    "verdict": Forms({**_FOUND, "verdict": _VERDICT}, _FOUND_BESIDES),
    "observed": Forms({**_FOUND, "behaviour": _TEXT}, _FOUND_BESIDES),
}
FOOTER: Final = Forms(
    {
        "type": _ANY,
        "lines": _COUNT,
        "faults": _TEXTS,
        "counts": Form(
            "for each implementation an object of whole numbers",
            lambda value: (
                isinstance(value, dict)
                and all(
                    isinstance(item, dict) and all(map(_is_count, item.values()))
                    for item in value.values()
                )
            ),
        ),
    },
    {},
)


def fault(found: Any, forms: Forms) -> str:
    """Return what is wrong with an object; empty if it has each key it needs, in its form.

    Args:
        found: the object, as JSON has it.
        forms: of its values.
    """
    if not isinstance(found, dict):
        return f"{shown(found)}: an object was expected"
    for key in forms.required:
        if key not in found:
            return f"the key {key!r} is missing"
    for key, value in found.items():
        form = forms.required.get(key) or forms.optional.get(key)
        if form is None:
            return f"unknown key {shown(key)}"
        if not form.fits(value):
            return f"{key!r}: {shown(value)}; {form.words} was expected"
    return ""


def shown(value: Any) -> str:
    """Return a value as a message shows it, however long it is."""
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


_LONGEST: Final = 80
