"""How many outputs a model has, and how many columns they have, where a program shows it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from fitspec.conformance.upgrade.names import Names
    from fitspec.conformance.upgrade.scopes import Scope

#: Layers that give as many columns as they get.
_KEEPING: Final = frozenset(
    {"Activation", "Dropout", "BatchNormalization", "Softmax", "ReLU", "LeakyReLU", "ELU", "PReLU"}
)
#: What says how many columns a layer gives.
_COUNTS: Final = ("units", "filters", "output_dim")
_STEPS: Final = 12


def outputs_of(node: ast.expr, scope: Scope, names: Names) -> int | None:
    """Return the number of outputs of what is made by a call of `Model`; None if not seen."""
    if not isinstance(node, ast.Call):
        return None
    path = names.keras(node.func, scope) or ""
    if path.endswith("Sequential"):
        return 1
    given = _outputs(node) if path.endswith("Model") else None
    value, _ = (None if given is None else names.above(given, scope, node.lineno)) or (None, None)
    if isinstance(value, ast.List | ast.Tuple):
        return len(value.elts)
    return 1 if isinstance(value, ast.Call) else None


def columns_of(
    model: ast.expr, scope: Scope, names: Names, line: int, depth: int = _STEPS
) -> int | None:
    """Return the number of columns of the one output of a model; None if not seen.

    Args:
        model: an expression that names it, or makes it.
        scope: in which it stands.
        names: of the program.
        line: at which it is asked; what comes below counts no more.
        depth: how many functions are gone through at most.
    """
    made, where = names.above(model, scope, line) or (model, scope)
    if not isinstance(made, ast.Call) or not depth:
        return None
    function = names.function(made.func, where)
    if function is not None:
        returned = names.returns.get(function, [])
        if len(returned) != 1:
            return None
        inner = names.scopes[function]
        return columns_of(returned[0], inner, names, returned[0].lineno, depth - 1)
    path = names.keras(made.func, where) or ""
    if path.endswith("Model"):
        output = _outputs(made)
        return None if output is None else _of_tensor(output, where, names, made.lineno, depth)
    first = names.value_of(made.args[0], where) if made.args else None
    layers = [(layer, where) for layer in first.elts] if isinstance(first, ast.List) else []
    layers += [
        (call.args[0], there)
        for call, there in names.calls_of(model, scope, "add")
        if call.args and made.lineno <= call.lineno <= line
    ]
    for layer, there in reversed(layers):
        units, keeps = _of_layer(layer, there, names)
        if not keeps:
            return units
    return None


def _outputs(node: ast.Call) -> ast.expr | None:
    by_name = {item.arg: item.value for item in node.keywords}
    given = by_name.get("outputs", by_name.get("output"))
    return node.args[1] if given is None and len(node.args) > 1 else given


def _of_tensor(node: ast.expr, scope: Scope, names: Names, line: int, depth: int) -> int | None:
    """Return the columns of what a layer gives: `Dense(3)(x)`."""
    for _ in range(_STEPS):
        # Names are given again and again, as each layer is put on top of the one before.
        node, scope = names.above(node, scope, line) or (node, scope)
        if isinstance(node, ast.List | ast.Tuple) and len(node.elts) == 1:
            node = node.elts[0]
            continue
        if not isinstance(node, ast.Call) or not node.args:
            return None
        units, keeps = _of_layer(node.func, scope, names)
        if not keeps:
            # What is applied may be a model.
            return units or columns_of(node.func, scope, names, node.lineno, depth - 1)
        node, line = node.args[0], node.lineno - 1
    return None


def _of_layer(node: ast.expr, scope: Scope, names: Names) -> tuple[int | None, bool]:
    """Return the columns that a layer gives, and whether it gives as many as it gets."""
    layer, scope = names.located(node, scope) or (node, scope)
    if not isinstance(layer, ast.Call):
        return None, False
    name = (names.keras(layer.func, scope) or "").rpartition(".")[2]
    by_name = {item.arg: item.value for item in layer.keywords}
    given = next((by_name[each] for each in _COUNTS if each in by_name), None)
    units = layer.args[0] if given is None and layer.args else given
    value = None if units is None else names.value_of(units, scope)
    counts = name == "Dense" or name.startswith("Conv")
    if counts and isinstance(value, ast.Constant) and isinstance(value.value, int):
        return value.value, False
    return None, name in _KEEPING
