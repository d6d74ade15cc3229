"""What may survive: mutants that do the same, or what no document forbids.

`survivors.toml` lists them. An entry is for a module; for the mutants of one function of it, if it
names that; for one of them, if it has the lines before and after the change.
"""

from __future__ import annotations

import fnmatch
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .changes import Mutant

LIST = Path(__file__).with_name("survivors.toml")


@dataclass(frozen=True)
class Entry:
    """Why mutants may survive.

    Args:
        reason: why.
        module: its path below the reference, as a pattern.
        function: the qualified name of the function or class, as a pattern.
        before: the lines as they are, each with single spaces; empty for any.
        after: the lines as they become; empty for any.
    """

    reason: str
    module: str
    function: str = "*"
    before: str = ""
    after: str = ""

    def allows(self, mutant: Mutant) -> bool:
        """Whether it speaks of a mutant."""
        return (
            fnmatch.fnmatchcase(mutant.module, self.module)
            and fnmatch.fnmatchcase(mutant.change.function, self.function)
            and self.before in {"", mutant.before}
            and self.after in {"", mutant.after}
        )


def entries() -> tuple[Entry, ...]:
    """Return what the list says.

    Raises:
        ValueError: an entry has no reason.
    """
    found = []
    for group in tomllib.loads(LIST.read_text("utf-8"))["reasons"]:
        if not group["reason"].strip():
            raise ValueError(f"an entry has no reason: {group}")
        found += [Entry(group["reason"], **one) for one in group["of"]]
    return tuple(found)


def reason(mutant: Mutant, known: Iterable[Entry]) -> str | None:
    """Return why a mutant may survive, or None."""
    return next((one.reason for one in known if one.allows(mutant)), None)
