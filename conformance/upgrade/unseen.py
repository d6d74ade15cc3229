"""Answers of which some cannot be seen, and are None."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection


def any_of(answers: Collection[object]) -> bool | None:
    """Return whether any answer is True; None if that depends on what cannot be seen."""
    return True if True in answers else None if None in answers else False
