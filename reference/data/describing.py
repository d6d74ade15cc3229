"""What came instead of what was expected, in words."""

from __future__ import annotations

from collections.abc import Mapping

ENTRIES = 4
"""How many entries of a collection are described; a message is no place for more."""


def described(value: object) -> str:
    """Describe the type and shape of data: `tuple of 2 (ndarray of shape (3, 1), None)`."""
    if value is None:
        return "None"
    kind = type(value).__name__
    if isinstance(value, Mapping):
        entries = [f"{key!r}: {described(entry)}" for key, entry in value.items()]
        return f"{kind} of {len(value)}{listed(entries)}"
    if isinstance(value, (tuple, list)):
        entries = [described(entry) for entry in value[: ENTRIES + 1]]
        return f"{kind} of {len(value)}{listed(entries)}"
    if hasattr(value, "shape"):
        return f"{kind} of shape {tuple(value.shape)}"
    return kind


def listed(entries: list[str]) -> str:
    """List descriptions in brackets, as many as fit."""
    if not entries:
        return ""
    rest = ["..."] if len(entries) > ENTRIES else []
    return f" ({', '.join(entries[:ENTRIES] + rest)})"
