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
    values = bound.values.get(model.id, [])
    if len(values) == 1 and isinstance(values[0], ast.Subscript):
        item = names.item(values[0], bound)
        return [] if item is None or item[1] is bound else [item]
    return names.passed.get((bound.node, model.id), [])
