"""The trace of a clause that no longer has its old id."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Renaming:
    """A clause that was renamed, split, merged or dropped.

    Attributes:
        old: the former id, which is never used again.
        new: ids of the clauses that took its place; none if it was dropped.
        reason: why.
    """

    old: str
    new: tuple[str, ...]
    reason: str
