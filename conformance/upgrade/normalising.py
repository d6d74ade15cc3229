"""Whether what a program makes can hold layers that normalise batches."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from fitspec.conformance.upgrade.scopes import arguments_of

if TYPE_CHECKING:
    from fitspec.conformance.upgrade.names import Names
    from fitspec.conformance.upgrade.scopes import Scope

#: The applications of Keras that normalise no batches.
_PLAIN: Final = frozenset({"VGG16", "VGG19"})
#: How many functions of the program are gone through at most.
_DEPTH: Final = 6


def application_normalises(path: str) -> bool:
    """Return whether something of Keras is a network that comes trained, and normalises."""
    name = path.rpartition(".")[2]
    return path.startswith("applications.") and name[:1].isupper() and name not in _PLAIN


def may_normalise(node: ast.expr, scope: Scope, names: Names, depth: int = _DEPTH) -> bool:
    """Return whether a layer, or a model, can normalise batches.

    Args:
        node: an expression that names it, or makes it.
        scope: in which it stands.
        names: of the program.
        depth: how many functions are gone through at most.

    Returns:
        False only where all that it is made of is seen, and normalises nothing.
    """
    made, where = names.located(node, scope) or (node, scope)
    if not isinstance(made, ast.Call) or not depth:
        # Numbers, texts and shapes are no layers.
        return isinstance(made, ast.Name | ast.Attribute | ast.Subscript | ast.Call)
    function = names.function(made.func, where)
    if function is not None:
        within = {id(each) for each in ast.walk(function)}
        inside = [
            (call, there)
            for call, there in names.calls
            if id(call) in within and not _is_model(names.keras(call.func, there))
        ]
        # What the function makes a model of is made in it, or passed to it.
        passed = [
            each
            for name in arguments_of(function.args)
            for each in names.passed.get((function, name), [])
        ]
        return any(_call_may(*each, names, depth - 1) for each in inside) or any(
            may_normalise(*each, names, depth - 1) for each in passed
        )
    path = names.keras(made.func, where)
    if _is_model(path) or path is None or not path.endswith("Sequential"):
        return _is_model(path) or _call_may(made, where, names, depth)
    layers = [(item, where) for argument in made.args for item in _items(argument)]
    layers += [
        (call.args[0], there) for call, there in names.calls_of(node, scope, "add") if call.args
    ]
    return any(may_normalise(item, there, names, depth - 1) for item, there in layers)


def _is_model(path: str | None) -> bool:
    """Return whether something of Keras is the class that makes a model of layers made before."""
    return path is not None and path.rpartition(".")[2] == "Model"


def _items(argument: ast.expr) -> list[ast.expr]:
    return argument.elts if isinstance(argument, ast.List | ast.Tuple) else [argument]


def _call_may(call: ast.Call, scope: Scope, names: Names, depth: int) -> bool:
    """Return whether a call makes what normalises, or comes from where that is not seen."""
    path = names.keras(call.func, scope)
    if path is not None:
        name = path.rpartition(".")[2]
        return name in {"BatchNormalization", "load_model"} or application_normalises(path)
    if names.function(call.func, scope) is not None:
        return may_normalise(call, scope, names, depth)
    # A method, or a layer that is applied, makes none; what is imported may.
    dotted = names.dotted(call.func, scope)
    return dotted is not None and dotted.partition(".")[0] not in _OTHERS


#: Libraries that make no layers.
_OTHERS: Final = frozenset({"numpy", "tensorflow", "math", "random", "os"})
