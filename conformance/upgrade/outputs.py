"""How many outputs a model has, and of which kind they are, where a program shows it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from fitspec.conformance.upgrade.names import Names
    from fitspec.conformance.upgrade.scopes import Located, Scope

#: Layers that give as many columns as they get.
_KEEPING: Final = frozenset(
    {"Activation", "Dropout", "BatchNormalization", "Softmax", "ReLU", "LeakyReLU", "ELU", "PReLU"}
)
#: What says how many columns a layer gives.
_COUNTS: Final = ("units", "filters", "output_dim")
#: Activations that give numbers above 1.
_UNBOUNDED: Final = (None, "linear", "relu", "elu", "selu", "softplus")
#: Functions that make a model like the one that they are given.
_ALIKE: Final = ("clone_model", "multi_gpu_model")
_STEPS: Final = 12


def outputs_of(node: ast.expr, scope: Scope, names: Names, depth: int = _STEPS) -> int | None:
    """Return the number of outputs of what is made by a call of `Model`; None if not seen."""
    if not isinstance(node, ast.Call) or not depth:
        return None
    path = names.keras(node.func, scope) or ""
    if path.endswith("Sequential"):
        return 1
    if path.endswith(_ALIKE) and node.args:
        alike = names.above(node.args[0], scope, node.lineno)
        return None if alike is None else outputs_of(*alike, names, depth - 1)
    given = _outputs(node) if path.endswith("Model") else None
    above = None if given is None else names.above(given, scope, node.lineno)
    if above is None:
        return None
    value, where = above
    if isinstance(value, ast.List | ast.Tuple):
        return len(value.elts)
    if isinstance(value, ast.ListComp):
        return _times(value, where, names)
    if not isinstance(value, ast.Call):
        return None
    # A layer gives one; what is applied may be a model.
    applied, there = names.above(value.func, where, value.lineno) or (value.func, where)
    kind = names.keras(applied.func, there) if isinstance(applied, ast.Call) else None
    is_layer = kind is not None and not kind.endswith("Model")
    return 1 if is_layer else outputs_of(applied, there, names, depth - 1)


def _times(made: ast.ListComp, scope: Scope, names: Names) -> int | None:
    """Return how many items a list has that is made `for each in range(4)`; None if not seen."""
    loop = made.generators[0]
    counts = isinstance(loop.iter, ast.Call) and isinstance(loop.iter.func, ast.Name)
    if len(made.generators) > 1 or loop.ifs or not counts:
        return None
    call: ast.Call = loop.iter  # type: ignore[assignment]  # one
    if call.func.id != "range" or len(call.args) != 1:  # type: ignore[attr-defined]  # a name
        return None
    return _whole_number(call.args[0], scope, names)


def columns_of(model: ast.expr, scope: Scope, names: Names, line: int) -> int | None:
    """Return the number of columns of the one output of a model; None if not seen.

    Args:
        model: an expression that names it, or makes it.
        scope: in which it stands.
        names: of the program.
        line: at which it is asked; what comes below counts no more.
    """
    layer = _Last(names, _KEEPING).of(model, scope, line)
    return None if layer is None else _units(*layer, names)


def gives_any_number(model: ast.expr, scope: Scope, names: Names, line: int) -> bool:
    """Return whether the one output of a model is seen to be no probability.

    The arguments are those of `columns_of`.
    """
    layer = _Last(names, frozenset({"Dropout"})).of(model, scope, line)
    if layer is None or not _counts(_name(*layer, names)):
        return False
    made = layer[0]
    assert isinstance(made, ast.Call)  # noqa: S101  it has a name
    given = [item.value for item in made.keywords if item.arg in ("activation", None)]
    before = 1 if _name(*layer, names) == "Dense" else 2
    return len(made.args) <= before and all(
        isinstance(each, ast.Constant) and each.value in _UNBOUNDED for each in given
    )


def is_softmax_of_two(model: ast.expr, scope: Scope, names: Names, line: int) -> bool:
    """Return whether the one output of a model is seen to be two columns that add up to 1.

    The arguments are those of `columns_of`.
    """
    layer = _Last(names, frozenset({"Dropout"})).of(model, scope, line)
    if layer is None or columns_of(model, scope, names, line) != 2:
        return False
    made = layer[0]
    assert isinstance(made, ast.Call)  # noqa: S101  it has columns
    given = [item.value for item in made.keywords if item.arg == "activation"] or made.args
    last = names.value_of(given[-1], layer[1]) if given else None
    said = last.value if isinstance(last, ast.Constant) else None
    return _name(*layer, names) == "Softmax" or said == "softmax"


@dataclass(frozen=True)
class _Last:
    """Looks for the last layer of a model, but for some kinds.

    Args:
        names: of the program.
        keeping: kinds of layers that are passed over.
    """

    names: Names
    keeping: frozenset[str]

    def of(self, model: ast.expr, scope: Scope, line: int, depth: int = _STEPS) -> Located | None:
        """Return it; None if not seen.

        Args:
            model: an expression that names it, or makes it.
            scope: in which it stands.
            line: at which it is asked; what comes below counts no more.
            depth: how many functions are gone through at most.
        """
        names = self.names
        made, where = names.above(model, scope, line) or (model, scope)
        if not isinstance(made, ast.Call) or not depth:
            return None
        function = names.function(made.func, where)
        if function is not None:
            returned = names.returns.get(function, [])
            if len(returned) != 1:
                return None
            inner = names.scopes[function]
            return self.of(returned[0], inner, returned[0].lineno, depth - 1)
        path = names.keras(made.func, where) or ""
        if path.endswith(_ALIKE) and made.args:
            return self.of(made.args[0], where, made.lineno, depth - 1)
        if path.endswith("Model"):
            output = _outputs(made)
            if output is None:
                return None
            return self._of_tensor(output, where, made.lineno, depth)
        first = names.value_of(made.args[0], where) if made.args else None
        layers = [(layer, where) for layer in first.elts] if isinstance(first, ast.List) else []
        layers += [
            (call.args[0], there)
            for call, there in names.calls_of(model, scope, "add")
            if call.args and made.lineno <= call.lineno <= line
        ]
        located = (names.located(*layer) or layer for layer in reversed(layers))
        return next((each for each in located if _name(*each, names) not in self.keeping), None)

    def _of_tensor(self, node: ast.expr, scope: Scope, line: int, depth: int) -> Located | None:
        """Return the layer that gives a tensor, `Dense(3)` of `Dense(3)(x)`."""
        names = self.names
        for _ in range(_STEPS):
            # Names are given again and again, as each layer is put on top of the one before.
            node, scope = names.above(node, scope, line) or (node, scope)
            if isinstance(node, ast.List | ast.Tuple) and len(node.elts) == 1:
                node = node.elts[0]
                continue
            if not isinstance(node, ast.Call) or not node.args:
                return None
            layer = names.located(node.func, scope) or (node.func, scope)
            name = _name(*layer, names)
            if name in self.keeping:
                node, line = node.args[0], node.lineno - 1
                continue
            if _counts(name):
                return layer
            # What is applied may be a model.
            return self.of(node.func, scope, node.lineno, depth - 1)
        return None


def _outputs(node: ast.Call) -> ast.expr | None:
    by_name = {item.arg: item.value for item in node.keywords}
    given = by_name.get("outputs", by_name.get("output"))
    return node.args[1] if given is None and len(node.args) > 1 else given


def _name(node: ast.expr, scope: Scope, names: Names) -> str:
    """Return the name of a kind of layer of Keras; empty for anything else."""
    made = names.keras(node.func, scope) if isinstance(node, ast.Call) else None
    return (made or "").rpartition(".")[2]


def _counts(name: str) -> bool:
    """Return whether a kind of layer says how many columns it gives."""
    return name == "Dense" or name.startswith("Conv")


def _units(layer: ast.expr, scope: Scope, names: Names) -> int | None:
    """Return the columns that a layer gives; None if not seen."""
    if not isinstance(layer, ast.Call) or not _counts(_name(layer, scope, names)):
        return None
    by_name = {item.arg: item.value for item in layer.keywords}
    given = next((by_name[each] for each in _COUNTS if each in by_name), None)
    units = layer.args[0] if given is None and layer.args else given
    return None if units is None else _whole_number(units, scope, names)


def _whole_number(node: ast.expr, scope: Scope, names: Names, depth: int = _STEPS) -> int | None:
    """Return the whole number that an expression comes to, as `size * size`; None if not seen."""
    value, where = names.located(node, scope) or (None, scope)
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Mult) and depth:
        sides = (_whole_number(each, where, names, depth - 1) for each in (value.left, value.right))
        left, right = sides
        return None if left is None or right is None else left * right
    is_number = isinstance(value, ast.Constant) and isinstance(value.value, int)
    return value.value if is_number else None  # type: ignore[union-attr]  # a number
