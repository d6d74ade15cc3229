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
    from types import FunctionType, ModuleType


@dataclass(frozen=True)
class Check:
    """The check of one clause.

    Args:
        clause: its id.
        function: the test.
    """

    clause: str
    function: FunctionType

    @property
    def name(self) -> str:
        """The name of the test."""
        return self.function.__name__

    @property
    def module(self) -> str:
        """The module that it is in."""
        return self.function.__module__

    @property
    def file(self) -> str:
        """Where the module is, from the folder that holds all of fitspec."""
        return f"{self.module.removeprefix('fitspec.').replace('.', '/')}.py"

    @property
    def line(self) -> int:
        """Where it begins there, with its marks."""
        return self.function.__code__.co_firstlineno

    @property
    def source(self) -> str:
        """Its code. It is read only now: to find the end of each takes longer than a short run."""
        return inspect.getsource(self.function)


def _modules() -> list[ModuleType]:
    found = pkgutil.walk_packages(checks.__path__, f"{checks.__name__}.")
    return [importlib.import_module(name) for name in sorted(info.name for info in found)]


@cache
def index() -> Mapping[str, Check]:
    """Return the check of every clause that has one, by clause id.

    Raises:
        ValueError: two checks claim to decide the same clause, or one check two.
    """
    found: dict[str, Check] = {}
    for module in _modules():
        for name, function in inspect.getmembers(module, inspect.isfunction):
            marks = [mark for mark in getattr(function, "pytestmark", ()) if mark.name == "clause"]
            if not marks or function.__module__ != module.__name__:
                continue
            if len(marks) > 1:
                raise ValueError(f"{module.__name__}.{name} decides two clauses; it may decide one")
            (clause_id, _) = marks[0].args
            if clause_id in found:
                raise ValueError(f"{clause_id} has two checks: {found[clause_id].name}, {name}")
            found[clause_id] = Check(clause_id, function)
    return found
