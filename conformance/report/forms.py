"""Of which form the values in a file are: what its schema says, with words for it.

What a file holds is looked at before anything is made of it, so that nothing of a wrong type is
met later, where it would look like a fault of fitspec.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Form(NamedTuple):
    """A form that a value can have.

    Args:
        words: what was expected, as a message says it.
        many: what several of them are called.
        fits: whether a value has it.
    """

    words: str
    many: str
    fits: Callable[[Any], bool]


class Forms(NamedTuple):
    """The keys that an object must have, and the form of each that it may have."""

    required: tuple[str, ...]
    by_key: Mapping[str, Form]


def _is_moment(value: Any) -> bool:
    try:
        return isinstance(value, str) and datetime.fromisoformat(value).year > 0
    except ValueError:
        return False


#: By the type of a schema. True is an int to Python, and no number to a reader.
_PLAIN: Final = {
    "string": Form("a text", "texts", lambda value: isinstance(value, str)),
    "boolean": Form("true or false", "flags", lambda value: isinstance(value, bool)),
    "integer": Form(
        "a whole number from 0", "whole numbers", lambda value: type(value) is int and value >= 0
    ),
    "number": Form(
        "a number of seconds from 0",
        "seconds",
        # A whole number may be greater than any that is counted with.
        lambda value: type(value) in (int, float) and 0 <= value <= sys.float_info.max,
    ),
}
_MOMENT: Final = Form("a date and time as in ISO 8601", "moments", _is_moment)
_ANY: Final = Form("anything", "objects", lambda _: True)


def _form(schema: Mapping[str, Any]) -> Form:
    """Return the form that a schema asks for, as far as ours go."""
    match schema:
        case {"type": "array", "items": items}:
            within, least = _form(items), schema.get("minItems", 0)
            enough = f", at least {least}," if least else ""
            return Form(
                f"a list of {within.many}{enough}",
                "lists",
                lambda value: (
                    isinstance(value, list) and len(value) >= least and all(map(within.fits, value))
                ),
            )
        case {"type": "object", "additionalProperties": items}:
            within = _form(items)
            return Form(
                f"an object of {within.many}",
                f"objects of {within.many}",
                lambda value: isinstance(value, dict) and all(map(within.fits, value.values())),
            )
        case {"enum": [*words]}:
            return Form(f"one of {', '.join(words)}", "words", lambda value: value in words)
        case {"format": "date-time"}:
            return _MOMENT
        case {"minLength": _}:
            one = _PLAIN["string"]
            return Form(
                f"{one.words} that is not empty",
                one.many,
                lambda value: one.fits(value) and value != "",
            )
        case {"type": str(name)}:
            return _PLAIN[name]
    # What says which line it is has been looked at, and each part of a whole is by itself.
    return _ANY


def forms(part: Mapping[str, Any], parts: Mapping[str, Any]) -> Forms:
    """Return the forms that the schema of an object asks for.

    Args:
        part: that schema.
        parts: what it can refer to, by name.
    """
    base = forms(parts[part["$ref"].rpartition("/")[2]], parts) if "$ref" in part else Forms((), {})
    found = {key: _form(schema) for key, schema in part["properties"].items()}
    return Forms((*base.required, *part.get("required", ())), {**base.by_key, **found})


_PARTS: Final = json.loads((files(__package__) / "report.schema.json").read_text("utf-8"))["$defs"]
HEADER: Final = forms(_PARTS["header"], _PARTS)
IMPLEMENTATION: Final = forms(_PARTS["implementation"], _PARTS)
#: By the type of a line.
FINDINGS: Final[Mapping[str, Forms]] = {
    name: forms(_PARTS[name], _PARTS) for name in ("verdict", "observed")
}
FOOTER: Final = forms(_PARTS["footer"], _PARTS)


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
        form = forms.by_key.get(key)
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
