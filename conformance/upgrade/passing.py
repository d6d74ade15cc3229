"""What the functions of a program are passed for what they call a model."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fitspec.conformance.upgrade.names import Names
    from fitspec.conformance.upgrade.scopes import Located, Scope


def passed_for(model: ast.expr, scope: Scope, names: Names) -> list[Located]:
    """Return what a name of a function is passed, by itself or among others in a tuple."""
    bound = scope.binding(model.id) if isinstance(model, ast.Name) else None
    if not isinstance(model, ast.Name) or bound is None:
        return []
    item = _item_of(model, bound, names)
    if item is not None:
        return [] if item[1] is bound else [item]
    return [_made(*given, names) for given in names.passed.get((bound.node, model.id), [])]


def _made(value: ast.expr, scope: Scope, names: Names) -> Located:
    """Return what is passed; where a function returned it among others, what that names there."""
    bound = scope.binding(value.id) if isinstance(value, ast.Name) else None
    if not isinstance(value, ast.Name) or bound is None:
        return value, scope
    item = _item_of(value, bound, names)
    return (value, scope) if item is None or item[1] is bound else item


def _item_of(name: ast.Name, bound: Scope, names: Names) -> Located | None:
    """Return the item of a tuple that a name is given, if it is given nothing else."""
    values = bound.values.get(name.id, [])
    alone = values[0] if len(values) == 1 else None
    return names.item(alone, bound) if isinstance(alone, ast.Subscript) else None
