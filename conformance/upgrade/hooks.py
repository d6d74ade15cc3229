"""What the hooks of a program's own callbacks read of what `fit` gives them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from fitspec.conformance.upgrade.calls import Call
from fitspec.conformance.upgrade.models import Seen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fitspec.conformance.upgrade.names import Names
    from fitspec.conformance.upgrade.scopes import Function

_BATCH_END: Final = frozenset({"on_batch_end", "on_train_batch_end"})
#: Methods of a dict that give all that is in it.
_ALL: Final = frozenset({"items", "values", "copy"})
#: What `params` told once of the data and of the metrics.
_PARAMS: Final = frozenset({"samples", "batch_size", "metrics", "do_validation"})
_BATCH: Final = _BATCH_END | {"on_batch_begin", "on_train_batch_begin"}


def hook_reads(names: Names) -> Iterator[Call]:
    """Yield what callbacks read, each as a call of the method "callback" with one argument."""
    for hook, name, own in _hooks(names):
        for word, node in _reads(hook, name, own):
            scope = names.scopes[hook]
            yield Call(names.source, node, "callback", {word: node}, False, scope, names, Seen())


def _hooks(names: Names) -> Iterator[tuple[Function | ast.Lambda, str, set[str] | None]]:
    """Yield each hook, what it is called, and what its callback has of its own.

    What is given to a `LambdaCallback` is a hook of no callback: None.
    """
    for class_ in [node for node in names.scopes if isinstance(node, ast.ClassDef)]:
        if names.derives(class_, frozenset({"Callback"})):
            own = {attribute for owner, attribute in names.own if owner is class_}
            for name, hook in names.scopes[class_].functions.items():
                yield hook, name, own
    for call, scope in names.calls:
        if (names.keras(call.func, scope) or "").rpartition(".")[2] == "LambdaCallback":
            for item in call.keywords:
                function = names.function(item.value, scope)
                if function is not None and item.arg is not None:
                    yield function, item.arg, None


def _reads(
    hook: Function | ast.Lambda, name: str, own: set[str] | None
) -> Iterator[tuple[str, ast.expr]]:
    arguments = [item.arg for item in hook.args.args]
    position = 1 if own is None else 2
    logs = arguments[position] if len(arguments) > position else ""
    for node in ast.walk(hook):
        if isinstance(node, ast.Attribute) and _is_name(node.value, "self"):
            if node.attr == "validation_data" and own is not None and node.attr not in own:
                yield "validation_data", node
        elif isinstance(node, ast.Subscript | ast.Call):
            yield from _of_logs(node, logs, name)
            if own is not None and "params" not in own:
                yield from _of_params(node)
        elif isinstance(node, ast.Assign) and name in _BATCH_END:
            for target in node.targets:
                if isinstance(target, ast.Attribute) and target.attr == "stop_training":
                    yield "stop_in_batch", target


def _of_params(node: ast.Subscript | ast.Call) -> Iterator[tuple[str, ast.expr]]:
    """Yield what is read of `self.params`, by a key."""
    if isinstance(node, ast.Subscript):
        read, key, word = node.value, node.slice, "params_read"
    elif isinstance(node.func, ast.Attribute) and node.func.attr == "get" and node.args:
        read, key, word = node.func.value, node.args[0], "params_got"
    else:
        return
    is_params = isinstance(read, ast.Attribute) and read.attr == "params"
    if is_params and _is_name(read.value, "self") and _text(key) in _PARAMS:  # type: ignore[attr-defined]  # an attribute
        yield word, node


def _of_logs(
    node: ast.Subscript | ast.Call, logs: str, hook: str
) -> Iterator[tuple[str, ast.expr]]:
    """Yield what is read of the logs of a hook, by a key or as a whole."""
    if isinstance(node, ast.Subscript):
        if _is_name(node.value, logs):
            yield from _key(hook, node.slice, node)
    elif isinstance(node.func, ast.Attribute) and _is_name(node.func.value, logs):
        if node.func.attr == "get" and node.args:
            yield from _key(hook, node.args[0], node)
        elif node.func.attr in _ALL:
            yield from _key(hook, ast.Constant("loss"), node)


def _key(hook: str, key: ast.expr, node: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    word = _text(key)
    if hook in _BATCH_END and word == "loss":
        yield "batch_end_loss", node
    if hook in _BATCH and word in {"size", "batch"}:
        yield "batch_logs_size", node


def _text(key: ast.expr) -> object:
    return key.value if isinstance(key, ast.Constant) else None


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name
