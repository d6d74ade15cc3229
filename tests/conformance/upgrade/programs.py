"""Programs as people write them, and what `fitspec upgrade` finds in them."""

from __future__ import annotations

from functools import cache
from textwrap import dedent
from typing import TYPE_CHECKING

from fitspec.conformance.upgrade.findings import Examiner
from fitspec.conformance.upgrade.sides import comparison
from fitspec.conformance.upgrade.sources import Source, read

if TYPE_CHECKING:
    from pathlib import Path

    from fitspec.conformance.upgrade.findings import Finding

#: What the programs below begin with, on one line.
HEAD = "import numpy as np; from keras.models import Sequential; from keras.layers import Dense\n"
#: A model, on the second line, and data on the third.
MODEL = f"""{HEAD}model = Sequential([Dense(1)])
x, y = np.ones((16, 3)), np.ones((16, 1))
"""
#: The line that follows `MODEL`.
NEXT = 4


@cache
def examiner(before: str = "keras-2.3", after: str = "keras-3-jax") -> Examiner:
    """Return what finds the changes between two implementations."""
    return Examiner(comparison(before, after))


def source_of(text: str, folder: Path) -> Source:
    """Return a program, read from a file."""
    file = folder / "program.py"
    file.write_text(dedent(text), "utf-8")
    (found,) = read([file])
    assert isinstance(found, Source), found
    return found


def found_in(
    text: str, folder: Path, before: str = "keras-2.3", after: str = "keras-3-jax"
) -> list[Finding]:
    """Return what changes for a program."""
    return examiner(before, after).examine(source_of(text, folder))


def told(findings: list[Finding]) -> list[tuple[int, str, str, bool]]:
    """Return line, clause, kind and certainty of findings, by line."""
    return sorted((f.place.line, f.clause, str(f.kind), f.certain) for f in findings)


def told_after(head: str, text: str, folder: Path) -> list[tuple[int, str, str, bool]]:
    """Return what is told of a program, by lines counted from the one that follows its head."""
    begun = head.count("\n")
    return [
        (line - begun, clause, kind, certain)
        for line, clause, kind, certain in told(found_in(head + text, folder))
    ]
