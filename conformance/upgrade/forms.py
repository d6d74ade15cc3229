"""Of which form a value is that a program gives to an argument."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from fitspec.conformance.upgrade.names import Names, Scope

_PLAIN: Final[dict[type[ast.expr], str]] = {
    ast.List: "list",
    ast.ListComp: "list",
    ast.Tuple: "tuple",
    ast.Set: "set",
    ast.SetComp: "set",
    ast.Dict: "dict",
    ast.DictComp: "dict",
    ast.GeneratorExp: "generator",
    ast.JoinedStr: "text",
    ast.Lambda: "function",
}
_BUILTIN: Final = {"list": "list", "tuple": "tuple", "set": "set", "dict": "dict"}
#: Methods of Keras's ImageDataGenerator, which return a Sequence.
_FLOWS: Final = frozenset({"flow_from_directory", "flow_from_dataframe"})
_SEQUENCE: Final = frozenset({"Sequence", "PyDataset"})


def forms(node: ast.expr, scope: Scope, names: Names) -> frozenset[str] | None:
    """Return the forms of a value, one or more words; None if they cannot be seen.

    The words are "none", "text", "number", "list", "tuple", "set", "dict", "nested" (of a dict of
    dicts, or a list), "generator", "sequence", "array", "callback" and "function".
    """
    value = names.value_of(node, scope)
    if value is None:
        return None
    if isinstance(value, ast.Constant):
        return frozenset({_of_constant(value.value)})
    if isinstance(value, ast.Dict):
        inner = any(isinstance(item, ast.Dict | ast.List) for item in value.values)
        return frozenset({"dict", "nested"} if inner else {"dict"})
    for kind, word in _PLAIN.items():
        if isinstance(value, kind):
            return frozenset({"list", "nested"} if word == "list" and _of_dicts(value) else {word})
    if isinstance(value, ast.UnaryOp) and isinstance(value.operand, ast.Constant):
        return frozenset({"number"})
    if isinstance(value, ast.Subscript):
        return frozenset({"array"}) if _loaded(value, scope, names) else None
    if isinstance(value, ast.Call):
        word_of_call = _of_call(value, scope, names)
        return None if word_of_call is None else frozenset({word_of_call})
    return None


def _loaded(value: ast.expr, scope: Scope, names: Names) -> bool:
    """Return whether a value is one of the arrays of a data set of Keras."""
    while isinstance(value, ast.Subscript):
        value = value.value
    path = names.keras(value.func, scope) if isinstance(value, ast.Call) else None
    return path is not None and path.endswith(".load_data")


def _of_dicts(value: ast.expr) -> bool:
    return isinstance(value, ast.List) and any(isinstance(item, ast.Dict) for item in value.elts)


def _of_constant(value: object) -> str:
    if value is None:
        return "none"
    return "text" if isinstance(value, str) else "number"


def _of_call(call: ast.Call, scope: Scope, names: Names) -> str | None:
    function = names.function(call.func, scope)
    if function is not None:
        return "generator" if function in names.generators else None
    class_ = names.class_(call.func, scope)
    if class_ is not None:
        if names.derives(class_, _SEQUENCE):
            return "sequence"
        return "callback" if names.derives(class_, frozenset({"Callback"})) else None
    if isinstance(call.func, ast.Name) and scope.binding(call.func.id) is None:
        built_in = _BUILTIN.get(call.func.id)
        if built_in is not None:
            return built_in
    path = names.keras(call.func, scope)
    if path is not None:
        if path.startswith("callbacks."):
            return "callback"
        return "array" if path.endswith("utils.to_categorical") else None
    full = names.dotted(call.func, scope)
    if full is not None and full.startswith("numpy."):
        return "array"
    is_flow = isinstance(call.func, ast.Attribute) and call.func.attr in _FLOWS
    return "sequence" if is_flow else None
