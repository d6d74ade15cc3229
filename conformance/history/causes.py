"""Which change of a project made a version come to something else.

`changes.toml` beside this file has a table for each, found in the project's own history and read
there::

    [[change]]
    clauses = ["fit.epochs.not-greater-than-initial"]
    of = "keras"                        # the family of the versions
    on = ["jax"]                        # optional: what computes for them; else whatever does
    version = "3.7.0"                   # the first release with it
    what = "`fit` returns nothing rather than what no epoch has set."
    link = "https://example.org/commit/1"
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from packaging.version import Version

if TYPE_CHECKING:
    from fitspec.conformance.history.history import Held
    from fitspec.conformance.history.since import Stretch


@dataclass(frozen=True)
class Change:
    """A change of an implementation's sources.

    Args:
        clauses: the ids of those that come to something else by it.
        of: the family of the versions.
        on: what computes for the versions that it is about; none for whatever does.
        version: the first release that has it.
        what: it does, in a line.
        link: to where the project has it.
    """

    clauses: tuple[str, ...]
    of: str
    on: tuple[str, ...]
    version: str
    what: str
    link: str

    def lies_between(self, before: Held, after: Held) -> bool:
        """Return whether the later one of two versions has it, and the earlier one does not."""
        if after.family != self.of or (self.on and after.on not in self.on):
            return False
        return before.number < Version(self.version) <= after.number


@cache
def known_changes() -> tuple[Change, ...]:
    """Return the changes that come with fitspec."""
    text = (files(__package__) / "changes.toml").read_text(encoding="utf-8")
    return tuple(
        Change(
            tuple(item["clauses"]),
            item["of"],
            tuple(item.get("on", ())),
            item["version"],
            item["what"],
            item["link"],
        )
        for item in tomllib.loads(text)["change"]
    )


def causes(clause: str, before: Stretch, after: Stretch) -> list[Change]:
    """Return the known changes because of which a clause came to something else.

    Args:
        clause: its id.
        before: the versions that came to what was before.
        after: those that came to something else.
    """
    last, first = before.versions[-1], after.versions[0]
    return [
        item
        for item in known_changes()
        if clause in item.clauses and item.lies_between(last, first)
    ]
