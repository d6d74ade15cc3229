"""Which check decides which clause, found without running any."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from fitspec.conformance import checks

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Check:
    """The check of one clause.

    Args:
        clause: its id.
        name: of the test function.
        module: that it is in.
        line: where it begins there.
        sentence: the first line of its docstring.
        source: its code.
    """

    clause: str
    name: str
    module: str
    line: int
    sentence: str
    source: str


@cache
def index() -> Mapping[str, Check]:
    """Return the check of every clause that has one, by clause id.

    Raises:
        ValueError: two checks claim to decide the same clause.
    """
    found: dict[str, Check] = {}
    for info in sorted(pkgutil.iter_modules(checks.__path__), key=lambda item: item.name):
        module = importlib.import_module(f"{checks.__name__}.{info.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            for mark in getattr(function, "pytestmark", ()):
                if mark.name != "clause" or function.__module__ != module.__name__:
                    continue
                (clause_id, _) = mark.args
                if clause_id in found:
                    raise ValueError(f"{clause_id} has two checks: {found[clause_id].name}, {name}")
                lines, start = inspect.getsourcelines(function)
                sentence = (inspect.getdoc(function) or "").partition("\n")[0]
                found[clause_id] = Check(
                    clause_id, name, module.__name__, start, sentence, "".join(lines)
                )
    return found
