"""What the hooks of a program's own callbacks read of what `fit` gives them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from fitspec.conformance.upgrade.calls import Call
from fitspec.conformance.upgrade.models import Seen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fitspec.conformance.upgrade.names import Names

_BATCH_END: Final = frozenset({"on_batch_end", "on_train_batch_end"})
_BATCH: Final = _BATCH_END | {"on_batch_begin", "on_train_batch_begin"}


def hook_reads(names: Names) -> Iterator[Call]:
    """Yield what callbacks read, each as a call of the method "callback" with one argument."""
    for class_ in [node for node in names.scopes if isinstance(node, ast.ClassDef)]:
        if not names.derives(class_, frozenset({"Callback"})):
            continue
        inner = names.scopes[class_]
        own = {attribute for owner, attribute in names.own if owner is class_}
        for hook in inner.functions.values():
            for word, node in _reads(hook, own):
                scope = names.scopes[hook]
                yield Call(
                    names.source,
                    node,
                    "callback",
                    {word: node},
                    False,
                    scope,
                    names,
                    Seen(),
                )


def _reads(
    hook: ast.FunctionDef | ast.AsyncFunctionDef, own: set[str]
) -> Iterator[tuple[str, ast.expr]]:
    arguments = [item.arg for item in hook.args.args]
    logs = arguments[2] if len(arguments) > 2 else ""
    for node in ast.walk(hook):
        if isinstance(node, ast.Attribute) and _is_name(node.value, "self"):
            if node.attr == "validation_data" and node.attr not in own:
                yield "validation_data", node
        elif isinstance(node, ast.Subscript) and _is_name(node.value, logs):
            yield from _key(hook.name, node.slice, node)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr == "get" and _is_name(node.func.value, logs) and node.args:
                yield from _key(hook.name, node.args[0], node)
        elif isinstance(node, ast.Assign) and hook.name in _BATCH_END:
            for target in node.targets:
                if isinstance(target, ast.Attribute) and target.attr == "stop_training":
                    yield "stop_in_batch", target


def _key(hook: str, key: ast.expr, node: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    word = key.value if isinstance(key, ast.Constant) else None
    if hook in _BATCH_END and word == "loss":
        yield "batch_end_loss", node
    if hook in _BATCH and word in {"size", "batch"}:
        yield "batch_logs_size", node


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name
