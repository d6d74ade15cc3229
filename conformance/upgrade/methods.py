"""The methods of the Model API in a program: where they are called, and where they are passed."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from fitspec.conformance.upgrade.scopes import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fitspec.conformance.upgrade.names import Names
    from fitspec.conformance.upgrade.scopes import Scope

_QUEUE: Final = ("max_queue_size", "workers", "use_multiprocessing")
#: The methods, with the arguments that are given by position, in the order of the documents.
METHODS: Final[Mapping[str, tuple[str, ...]]] = {
    "compile": (
        *("optimizer", "loss", "metrics", "loss_weights", "sample_weight_mode"),
        *("weighted_metrics", "target_tensors"),
    ),
    "fit": (
        *("x", "y", "batch_size", "epochs", "verbose", "callbacks", "validation_split"),
        *("validation_data", "shuffle", "class_weight", "sample_weight", "initial_epoch"),
        *("steps_per_epoch", "validation_steps", "validation_freq", *_QUEUE),
    ),
    "evaluate": (
        *("x", "y", "batch_size", "verbose", "sample_weight", "steps", "callbacks", *_QUEUE),
    ),
    "predict": ("x", "batch_size", "verbose", "steps", "callbacks", *_QUEUE),
    "train_on_batch": ("x", "y", "sample_weight", "class_weight", "reset_metrics"),
    "test_on_batch": ("x", "y", "sample_weight", "reset_metrics"),
    "predict_on_batch": ("x",),
    "get_layer": ("name", "index"),
    "fit_generator": (
        *("generator", "steps_per_epoch", "epochs", "verbose", "callbacks", "validation_data"),
        *("validation_steps", "validation_freq", "class_weight", *_QUEUE, "shuffle"),
        "initial_epoch",
    ),
    "evaluate_generator": ("generator", "steps", "callbacks", *_QUEUE, "verbose"),
    "predict_generator": ("generator", "steps", "callbacks", *_QUEUE, "verbose"),
}
#: Methods of which it counts that they are named.
_GONE: Final = frozenset({"fit_generator", "evaluate_generator", "predict_generator"})
#: Functions that call what they are given, with what follows it.
_CALLERS: Final = frozenset({"partial", "submit", "to_thread", "run_in_executor", "run_sync"})


def methods(names: Names) -> Iterator[tuple[ast.Call, Scope]]:
    """Yield the calls of methods with such names, in the order in which they stand.

    What is done in another way is yielded as the call that it comes to: of a name that a method was
    given, of what `getattr` returns, of what a function is given to call it.
    """
    called: set[int] = set()
    for node, scope in names.calls:
        if isinstance(node.func, ast.Attribute):
            called.add(id(node.func))
            if node.func.attr in METHODS:
                yield node, scope
        elif (method := _method(node.func, scope, names)) is not None:
            called.add(id(method))
            yield _call(method, node.args, node.keywords, node), scope
        for place, each in enumerate(node.args[:2]):
            method = _method(each, scope, names)
            if method is not None and _calls(node.func):
                called.add(id(method))
                yield _call(method, node.args[place + 1 :], node.keywords, node), scope
    for attribute, scope in names.attributes:
        # What is taken to be called somewhere: all of its arguments may be given there.
        if attribute.attr in _GONE and id(attribute) not in called:
            more = [ast.keyword(None, ast.Name("", ast.Load()))]
            yield _call(attribute, [], more, attribute), scope


def _method(node: ast.expr, scope: Scope, names: Names) -> ast.Attribute | None:
    """Return the method that an expression stands for; None for anything else."""
    found: ast.expr | None = names.asked_for(node, scope)
    if found is None:
        located = names.located(node, scope)
        if located is None or isinstance(located[0], ast.Call):
            found = None if located is None else names.asked_for(*located)
        elif isinstance(node, ast.Attribute) or _is_of(located[0], located[1], scope, names):
            found = located[0]
    is_method = isinstance(found, ast.Attribute) and found.attr in METHODS
    return found if is_method else None  # type: ignore[return-value]  # one


def _is_of(node: ast.expr, where: Scope, scope: Scope, names: Names) -> bool:
    """Return whether an expression means the same in another scope."""
    if not isinstance(node, ast.Attribute):
        return False
    thing = names.thing(node.value, where)
    return thing is not None and thing == names.thing(node.value, scope)


def _calls(function: ast.expr) -> bool:
    return last_name(function) in _CALLERS


def _call(
    method: ast.Attribute, arguments: list[ast.expr], keywords: list[ast.keyword], at: ast.expr
) -> ast.Call:
    return ast.copy_location(ast.Call(method, arguments, keywords), at)
