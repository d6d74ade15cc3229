"""Whether a Sequential model has a layer that keeps its state from batch to batch."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from fitspec.conformance.upgrade.unseen import any_of

if TYPE_CHECKING:
    from fitspec.conformance.upgrade.names import Names
    from fitspec.conformance.upgrade.scopes import Scope
    from fitspec.conformance.upgrade.things import Thing

    #: Of what makes a model, what is known of each of its layers; None is not seen.
    Answers = dict[ast.expr, set[bool | None]]


class States:
    """The stateful layers of the models of a program.

    Args:
        names: of the program.
    """

    def __init__(self, names: Names) -> None:
        self._names = names
        self._added: dict[Thing, Answers] = {}

    def of(self, model: ast.expr, scope: Scope, line: int) -> bool | None:
        """Return whether a model has a stateful layer; None if not seen.

        Args:
            model: an expression that names it, or makes it.
            scope: in which it stands.
            line: at which it is asked.
        """
        names = self._names
        made, where = names.above(model, scope, line) or (model, scope)
        path = names.keras(made.func, where) if isinstance(made, ast.Call) else None
        if not isinstance(made, ast.Call) or path is None or not path.endswith("Sequential"):
            return None
        answers = set(self._of_all_added(model, scope).get(made, ()))
        for given in [*made.args, *(item.value for item in made.keywords if item.arg != "name")]:
            if not isinstance(given, ast.List):
                return None
            answers |= {self._keeps_state(layer, where) for layer in given.elts}
        return any_of(answers)

    def _of_all_added(self, model: ast.expr, scope: Scope) -> Answers:
        """Return what is known of the layers that are added under a name, by what makes it."""
        names, thing = self._names, self._names.thing(model, scope)
        if thing not in self._added:
            found: Answers = {}
            for call, where in names.calls_of(model, scope, "add"):
                assert isinstance(call.func, ast.Attribute)  # noqa: S101  a method
                made = names.above(call.func.value, where, call.lineno)
                if call.args and made is not None:
                    there = found.setdefault(made[0], set())
                    there.add(self._keeps_state(call.args[0], where))
            self._added[thing] = found
        return self._added[thing]

    def _keeps_state(self, layer: ast.expr, scope: Scope) -> bool | None:
        """Return whether a layer, or one in it, is stateful; None if not seen."""
        made, where = self._names.located(layer, scope) or (layer, scope)
        if not isinstance(made, ast.Call) or self._names.keras(made.func, where) is None:
            return None
        said = [
            node.value.value if isinstance(node.value, ast.Constant) else None
            for node in ast.walk(made)
            if isinstance(node, ast.keyword) and node.arg in ("stateful", None)
        ]
        return any_of(said)
