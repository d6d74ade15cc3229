"""Of which form a value is that a program gives to an argument."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from fitspec.conformance.upgrade.scopes import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fitspec.conformance.upgrade.names import Names
    from fitspec.conformance.upgrade.scopes import Scope

_PLAIN: Final[dict[type[ast.expr], str]] = {
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
#: What built-in functions return.
_BUILTIN: Final = {
    "list": "list",
    "tuple": "tuple",
    "set": "set",
    "dict": "dict",
    **dict.fromkeys(("zip", "map", "filter"), "generator"),
}
#: Methods of Keras's ImageDataGenerator, which return a Sequence.
_FLOWS: Final = frozenset({"flow_from_directory", "flow_from_dataframe"})
#: What gives numbers that are whole, and no integers.
_ROUNDED: Final = frozenset({"numpy.ceil", "numpy.floor", "numpy.round"})
_SEQUENCE: Final = frozenset({"Sequence", "PyDataset"})
#: How many functions of the program are gone through at most.
_DEPTH: Final = 6


def forms(node: ast.expr, scope: Scope, names: Names, depth: int = _DEPTH) -> frozenset[str] | None:
    """Return the forms of a value, one or more words; None if they cannot be seen.

    The words are "none", "text", "number", "float" (of a quotient, too), "list", "tuple", "set",
    "dict", "nested" (of a dict of dicts, of lists or by names, and of a list of dicts), "flat" (of
    a list without lists), "generator", "lists" (of a generator of them), "sequence", "array",
    "callback", "function" and "unreduced" (of a loss).
    """
    located = names.located(node, scope)
    if located is None:
        return None
    value, scope = located
    if (literal := _of_literal(value)) is not None:
        return literal
    if isinstance(value, ast.Name) and names.function(value, scope) is not None:
        return frozenset({"function"})
    if isinstance(value, ast.Subscript):
        return frozenset({"array"}) if _loaded(value, scope, names) else None
    return _of_call(value, scope, names, depth) if isinstance(value, ast.Call) else None


def _of_call(call: ast.Call, scope: Scope, names: Names, depth: int) -> frozenset[str] | None:
    function = names.function(call.func, scope)
    if function is not None and function in names.generators:
        return frozenset({"generator", *_yielded(function, names)})
    if function is not None:
        returned = names.returns.get(function, [])
        if len(returned) != 1 or not depth:
            return None
        return forms(returned[0], names.scopes[function], names, depth - 1)
    if isinstance(call.func, ast.Name) and scope.binding(call.func.id) is None:
        if call.func.id == "iter" and call.args and depth:
            inner = forms(call.args[0], scope, names, depth - 1) or frozenset()
            return inner if "generator" in inner else frozenset({"generator"})
        if call.func.id in _BUILTIN:
            return frozenset({_BUILTIN[call.func.id]})
    word = _made(call, scope, names)
    return None if word is None else frozenset({word})


def _of_literal(value: ast.expr) -> frozenset[str] | None:
    if isinstance(value, ast.Constant):
        found = _of_constant(value.value)
        return frozenset({found, "float"} if isinstance(value.value, float) else {found})
    if isinstance(value, ast.Dict):
        return frozenset({"dict", "nested"} if _is_nested(value) else {"dict"})
    if isinstance(value, ast.List):
        return frozenset({"list", *_of_list(value)})
    for kind, word in _PLAIN.items():
        if isinstance(value, kind):
            return frozenset({word})
    if isinstance(value, ast.UnaryOp) and isinstance(value.operand, ast.Constant):
        return frozenset({"number"})
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Div):
        return frozenset({"float"})
    return None


def _loaded(value: ast.expr, scope: Scope, names: Names) -> bool:
    """Return whether a value is one of the arrays of a data set of Keras."""
    while isinstance(value, ast.Subscript):
        value = value.value
    path = names.keras(value.func, scope) if isinstance(value, ast.Call) else None
    return path is not None and path.endswith(".load_data")


def _is_nested(value: ast.Dict) -> bool:
    """Return whether a dict holds others, or has names as its keys."""
    keys = [key.value for key in value.keys if isinstance(key, ast.Constant)]
    inner = any(isinstance(item, ast.Dict | ast.List) for item in value.values)
    return inner or any(isinstance(key, str) for key in keys)


def _of_list(value: ast.List) -> Iterator[str]:
    if any(isinstance(item, ast.Dict) for item in value.elts):
        yield "nested"
    if value.elts and not any(isinstance(item, ast.List | ast.Tuple) for item in value.elts):
        yield "flat"


def _of_constant(value: object) -> str:
    if value is None:
        return "none"
    return "text" if isinstance(value, str) else "number"


def _yielded(function: ast.AST, names: Names) -> Iterator[str]:
    """Yield "lists" if all that a generator of the program yields are such."""
    inner = names.scopes[function]
    values = [names.value_of(item, inner) for item in names.generators[function]]
    if values and all(isinstance(item, ast.List) for item in values):
        yield "lists"


def _made(call: ast.Call, scope: Scope, names: Names) -> str | None:
    class_ = names.class_(call.func, scope)
    if class_ is not None:
        if names.derives(class_, _SEQUENCE):
            return "sequence"
        return "callback" if names.derives(class_, frozenset({"Callback"})) else None
    path = names.keras(call.func, scope)
    if path is not None:
        if path.startswith("callbacks."):
            return "callback"
        if path.startswith("losses.") and any(_reduces_nothing(item) for item in call.keywords):
            return "unreduced"
        return "array" if path.endswith("utils.to_categorical") else None
    full = names.dotted(call.func, scope)
    if full in _ROUNDED:
        # Numbers of NumPy, which are none of Python's own.
        return "float"
    if full is not None and full.startswith("numpy."):
        return "array"
    is_flow = isinstance(call.func, ast.Attribute) and call.func.attr in _FLOWS
    return "sequence" if is_flow else None


def _reduces_nothing(item: ast.keyword) -> bool:
    """Return whether an argument of a loss says that it gives one for each sample."""
    text = item.value.value if isinstance(item.value, ast.Constant) else last_name(item.value)
    return item.arg == "reduction" and str(text).lower() == "none"
