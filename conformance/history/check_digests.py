"""Which check decides a clause, by a digest of its source: what a changed one comes to may differ.

To a check belong what its module defines for it, and the arrangements that it uses. What all checks
stand on, such as how claims are made, does not.
"""

from __future__ import annotations

import ast
import hashlib
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

#: The folder of the checks.
_CHECKS: Final = files("fitspec.conformance") / "checks"
_ARRANGEMENTS: Final = "fitspec.conformance.arrangements"
_DIGITS: Final = 8


class _Module:
    """What a module defines, and what it takes from arrangements.

    Args:
        text: its source.
    """

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()
        self.defined: dict[str, ast.stmt] = {}
        self.taken: dict[str, tuple[str, str]] = {}
        for statement in ast.parse(text).body:
            for name in _names_of(statement):
                self.defined[name] = statement
            if isinstance(statement, ast.ImportFrom):
                origin = statement.module or ""
                self.taken |= {
                    item.asname or item.name: (origin, item.name) for item in statement.names
                }

    def source(self, name: str) -> str:
        """Return the lines that define a name, with decorators."""
        statement = self.defined[name]
        above = getattr(statement, "decorator_list", [])
        first = min([statement.lineno, *(item.lineno for item in above)])
        return "\n".join(self._lines[first - 1 : statement.end_lineno])

    def used(self, name: str) -> set[str]:
        """Return the names in what defines one."""
        return {item.id for item in ast.walk(self.defined[name]) if isinstance(item, ast.Name)}


def _names_of(statement: ast.stmt) -> Iterator[str]:
    match statement:
        case ast.FunctionDef() | ast.ClassDef():
            yield statement.name
        case ast.Assign(targets=targets):
            parts = (item for each in targets for item in ast.walk(each))
            yield from (item.id for item in parts if isinstance(item, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name
        case _:
            pass


@cache
def check_digests() -> dict[str, str]:
    """Return the digest of the check of each clause that has one."""
    arrangements = {
        f"{_ARRANGEMENTS}.{name}": _Module(text) for name, text in _sources(files(_ARRANGEMENTS))
    }
    found = {}
    with as_file(_CHECKS) as folder:
        for path in sorted(folder.rglob("test_*.py")):
            module = _Module(path.read_text("utf-8"))
            for name, statement in module.defined.items():
                if (clause := _clause_of(statement)) is not None:
                    modules = {"": module, **arrangements}
                    found[clause] = _digest(modules, name)
    return found


def _sources(folder: Traversable) -> Iterator[tuple[str, str]]:
    for item in folder.iterdir():
        if item.name.endswith(".py"):
            yield item.name.removesuffix(".py"), item.read_text("utf-8")


def _clause_of(statement: ast.stmt) -> str | None:
    """Return the clause that a function is the check of."""
    if isinstance(statement, ast.FunctionDef):
        for mark in statement.decorator_list:
            match mark:
                case ast.Call(
                    func=ast.Name(id="clause"), args=[ast.Constant(value=str(clause)), *_]
                ):
                    return clause
    return None


def _digest(modules: dict[str, _Module], name: str) -> str:
    """Return the digest of what a name of the first module stands for, with all that it uses."""
    found: set[tuple[str, str]] = set()
    pending = [("", name)]
    while pending:
        at = pending.pop()
        where, what = at
        module = modules.get(where)
        if module is None or at in found:
            continue
        if what in module.taken:
            pending.append(module.taken[what])
        elif what in module.defined:
            found.add(at)
            pending += [(where, used) for used in module.used(what)]
    text = "\n".join(modules[where].source(what) for where, what in sorted(found))
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]
