"""By which names a program asks for what a training gives."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from fitspec.conformance.upgrade.scopes import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Callbacks that are told what to look at, with its place among what they are given.
_MONITORS: Final = {"EarlyStopping": 0, "ReduceLROnPlateau": 0, "ModelCheckpoint": 1}
#: What is filled in, in the name of a file: `{val_acc:.2f}`.
_FILLED: Final = re.compile(r"\{(\w+)[:}!]")


def asked_for(tree: ast.Module) -> frozenset[str]:
    """Return the names by which a program asks for results: keys, and what callbacks look at."""
    found: set[str] = set()
    looped: dict[str, set[str]] = {}
    keys: set[str] = set()
    for node in ast.walk(tree):
        found.update(_texts(node))
        if isinstance(node, ast.For | ast.comprehension) and isinstance(node.target, ast.Name):
            looped.setdefault(node.target.id, set()).update(_held(node.iter))
        elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Name):
            keys.add(node.slice.id)
    return frozenset(found.union(*(looped.get(name, set()) for name in keys)))


def _texts(node: ast.AST) -> Iterator[str]:
    asked: list[ast.expr] = []
    if isinstance(node, ast.Subscript):
        asked = [node.slice]
    elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
        asked = [node.left]
    elif isinstance(node, ast.Call):
        asked = [item.value for item in node.keywords if item.arg == "monitor"]
        place = _MONITORS.get(last_name(node.func), 0 if _gets(node.func) else None)
        asked += [] if place is None else node.args[place : place + 1]
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield from _FILLED.findall(node.value)
    for each in asked:
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value


def _gets(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and function.attr in {"get", "pop"}


def _held(container: ast.expr) -> Iterator[str]:
    items = container.elts if isinstance(container, ast.List | ast.Tuple | ast.Set) else []
    for each in items:
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value
