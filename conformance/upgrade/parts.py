"""What a model of a program is made of: layers, and other models."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fitspec.conformance.upgrade.names import Names
    from fitspec.conformance.upgrade.scopes import Located, Scope
    from fitspec.conformance.upgrade.things import Thing


class Parts:
    """The parts of the models of a program.

    Args:
        names: of the program.
    """

    def __init__(self, names: Names) -> None:
        self._names = names
        self._known: dict[Thing, frozenset[Thing] | None] = {}
        self._made: dict[Thing, bool] = {}

    def of(self, model: ast.expr, scope: Scope) -> frozenset[Thing] | None:
        """Return what is named where a model is made, with itself; None if that is not seen."""
        thing = self._names.thing(model, scope)
        if thing is None:
            return None
        if thing not in self._known:
            found: dict[Thing, None] = {}
            self._visit(model, scope, found)
            values = self._values(model, scope)
            self._known[thing] = frozenset(found) if values else None
        return self._known[thing]

    def shared(self, one: frozenset[Thing], other: frozenset[Thing]) -> bool:
        """Return whether a layer, or a model, is among both."""
        return any(self._made.get(thing, False) for thing in one & other)

    def _visit(self, node: ast.expr, scope: Scope, found: dict[Thing, None]) -> None:
        names = self._names
        thing = names.thing(node, scope)
        if thing is None:
            for child in ast.iter_child_nodes(node):
                inner = child.value if isinstance(child, ast.keyword) else child
                if isinstance(inner, ast.expr):
                    self._visit(inner, scope, found)
            return
        if thing in found:
            return
        found[thing] = None
        values = self._values(node, scope)
        self._made[thing] = any(self._is_made(*each) for each in values)
        added = [
            (call.args[0], where) for call, where in names.calls_of(node, scope, "add") if call.args
        ]
        for part, where in [*values, *added]:
            self._visit(part, where, found)
        if isinstance(node, ast.Attribute) and not values:
            # Such as the output of another model.
            self._visit(node.value, scope, found)

    def _values(self, node: ast.expr, scope: Scope) -> list[Located]:
        names = self._names
        if isinstance(node, ast.Attribute):
            return names.attribute(node, scope)
        bound = scope.binding(node.id) if isinstance(node, ast.Name) else None
        if not isinstance(node, ast.Name) or bound is None:
            return []
        own = [(value, bound) for value in bound.values.get(node.id, []) if value is not None]
        return [*own, *names.passed.get((bound.node, node.id), [])]

    def _is_made(self, value: ast.expr, scope: Scope) -> bool:
        """Return whether a value is a layer or a model, and not what one of them gives."""
        if not isinstance(value, ast.Call):
            return False
        path = self._names.keras(value.func, scope)
        if path is not None:
            name = path.rpartition(".")[2]
            return name[:1].isupper() and name != "Input"
        return self._names.function(value.func, scope) is not None
