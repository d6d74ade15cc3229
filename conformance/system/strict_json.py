"""JSON that can be read in one way: what a file says, and what a person sees in it, is the same."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any, NoReturn


def parsed(text: str | bytes) -> Any:
    """Return what JSON says in which each key of an object stands once, and numbers are some.

    Args:
        text: of a whole file or of a line; bytes are in UTF-8.

    Raises:
        ValueError: it is none; the message says what is wrong.
    """
    words = text.decode() if isinstance(text, bytes) else text
    try:
        return json.loads(words, object_pairs_hook=_object, parse_constant=_no_constant)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        times = Counter(key for key, _ in pairs)
        twice = next(key for key, count in times.items() if count > 1)
        raise ValueError(f"the key {twice!r:.80} stands twice")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")
