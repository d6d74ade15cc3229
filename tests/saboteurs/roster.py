"""Who the saboteurs are, as their sources declare it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from fitspec import spec
from fitspec.conformance.implementations import registry

if TYPE_CHECKING:
    from collections.abc import Iterable

FOLDER = Path(__file__).resolve().parent
#: What stands for each reference without a defect, run by the same adapter.
CONTROLS = {"reference": "nothing_planted", "reference-r": "nothing_planted_in_r"}


@dataclass(frozen=True)
class Saboteur:
    """A defect as its source declares it: the clause it breaks, related ones, and its module.

    One that `hangs` makes checks wait until their time is up.
    """

    name: str
    clause: str
    also: tuple[str, ...]
    sentence: str
    place: str
    hangs: bool

    @property
    def base(self) -> str:
        """The reference that the defect is planted in: the first that the clause is asked of."""
        profiles = spec.contract().clause(self.clause).profiles
        return next(name for name in CONTROLS if not _profiles(name).isdisjoint(profiles))


@cache
def _profiles(control: str) -> frozenset[str]:
    return frozenset(registry.find(control).profiles)


def roster() -> list[Saboteur]:
    """Return all saboteurs, read from their sources: only a worker imports them."""
    return [found for file in sorted(FOLDER.glob("*/*.py")) for found in _declared(file)]


def _declared(file: Path) -> Iterable[Saboteur]:
    for node in ast.parse(file.read_text("utf-8")).body:
        if not isinstance(node, ast.FunctionDef):
            continue
        for call in node.decorator_list:
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "saboteur":
                given = {item.arg: ast.literal_eval(item.value) for item in call.keywords}
                yield Saboteur(
                    name=node.name,
                    clause=ast.literal_eval(call.args[0]),
                    also=tuple(given.get("also", ())),
                    sentence=ast.get_docstring(node) or "",
                    place=f"{file.parent.name}/{file.stem}",
                    hangs=bool(given.get("hangs")),
                )
