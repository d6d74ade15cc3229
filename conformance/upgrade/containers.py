"""What the containers of a program hold."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fitspec.conformance.upgrade.names import Names
    from fitspec.conformance.upgrade.scopes import Located, Scope

#: Built-in functions that give the items of what they are given.
_COPIES: Final = frozenset({"list", "tuple", "set", "sorted", "reversed"})


def held(node: ast.expr, scope: Scope, names: Names) -> list[Located]:
    """Return the items of a container, as far as they can be seen."""
    put = [(each.item, each.scope) for each in names.put_into(node, scope)]
    value, where = names.located(node, scope) or (node, scope)
    items: list[ast.expr] = []
    if isinstance(value, ast.BinOp):
        value = value.left
    if isinstance(value, ast.List | ast.Tuple | ast.Set):
        items = value.elts
    elif isinstance(value, ast.ListComp | ast.GeneratorExp):
        items = [value.elt]
    elif isinstance(value, ast.Dict):
        items = value.values
    elif isinstance(value, ast.DictComp):
        items = [value.value]
    elif isinstance(value, ast.Call):
        return [*_held_by_call(value, where, names), *put]
    return [(item, where) for item in items] + put


def _held_by_call(call: ast.Call, scope: Scope, names: Names) -> Iterator[Located]:
    if isinstance(call.func, ast.Attribute) and call.func.attr == "values":
        yield from held(call.func.value, scope, names)
    if not isinstance(call.func, ast.Name) or scope.binding(call.func.id) or not call.args:
        return
    if call.func.id in _COPIES:
        yield from held(call.args[0], scope, names)
    function = names.function(call.args[0], scope) if call.func.id == "map" else None
    if function is not None:
        yield from ((each, names.scopes[function]) for each in names.returns.get(function, []))


def item_of(node: ast.Subscript, scope: Scope, names: Names, depth: int) -> Located | None:
    """Return the item of a container that is seen, as of a dict or of what is returned."""
    key = node.slice.value if isinstance(node.slice, ast.Constant) else None
    found = None if key is None else names.located(node.value, scope, depth)
    function = None
    if found is not None and isinstance(found[0], ast.Call):
        function = names.function(found[0].func, found[1])
    if function is not None:
        returned = names.returns.get(function, [])
        inner = names.scopes[function]
        found = names.located(returned[0], inner, depth) if len(returned) == 1 else None
    items = [] if found is None else [(each, found[1]) for each in _at(found[0], key)]
    items += [
        (put.item, put.scope)
        for put in (names.put_into(node.value, scope) if items else [])
        if isinstance(put.key, ast.Constant) and put.key.value == key
    ]
    return items[0] if len(items) == 1 else None


def _at(container: ast.expr, key: object) -> list[ast.expr]:
    """Return what a literal holds at a key; nothing where more may be there than is seen."""
    if isinstance(container, ast.Dict) and None not in container.keys:
        pairs = zip(container.keys, container.values, strict=True)
        return [item for at, item in pairs if isinstance(at, ast.Constant) and at.value == key]
    if not isinstance(container, ast.Tuple | ast.List) or not isinstance(key, int):
        return []
    starred = any(isinstance(each, ast.Starred) for each in container.elts)
    return [] if starred else container.elts[key : key + 1]
