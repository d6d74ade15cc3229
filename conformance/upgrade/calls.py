"""The calls of the Model API in a program, and what reaches each argument."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from fitspec.conformance.upgrade.facts import OfCalls, of_program
from fitspec.conformance.upgrade.models import Models

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fitspec.conformance.upgrade.models import Seen
    from fitspec.conformance.upgrade.names import Names
    from fitspec.conformance.upgrade.scopes import Scope
    from fitspec.conformance.upgrade.sources import Source

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


@dataclass(frozen=True)
class Call:
    """A call of a method, or what else of a program touches clauses.

    Args:
        source: in which it stands.
        node: where.
        method: its name; "callback" for what a hook of a callback does, "metrics_names" for that.
        arguments: by name, what is given.
        open: whether more arguments may be given than can be seen.
        scope: in which names of arguments are looked for.
        names: of the program.
        model: of which it is called.
        facts: what is true of the program besides; None where it may be.
    """

    source: Source
    node: ast.expr
    method: str
    arguments: Mapping[str, ast.expr]
    open: bool
    scope: Scope
    names: Names
    model: Seen
    facts: Mapping[str, bool | None] = field(default_factory=dict)


def calls(names: Names) -> Iterator[Call]:
    """Yield the calls of the Model API in a program, in the order in which they stand."""
    source = names.source
    models = Models(names)
    facts, of_calls = of_program(names), OfCalls(names)
    for node, scope in names.calls:
        if not isinstance(node.func, ast.Attribute) or node.func.attr not in METHODS:
            continue
        method = node.func.attr
        bound = _by_super(node, scope, models)
        model = bound or models.of_call(node, scope)
        if model is None:
            continue
        arguments, open_ = _arguments(node, METHODS[method], scope, names)
        own = of_calls.of_call(node, arguments, scope, model)
        yield Call(source, node, method, arguments, open_, scope, names, model, {**facts, **own})
    for attribute, scope in names.attributes:
        if attribute.attr == "metrics_names":
            model = models.at(attribute.value, scope)
            if model is not None:
                yield Call(
                    source,
                    attribute,
                    "metrics_names",
                    {},
                    False,
                    scope,
                    names,
                    model,
                    facts,
                )


def _by_super(node: ast.Call, scope: Scope, models: Models) -> Seen | None:
    """Return the model of `super().fit(...)` in a class of the program that is one."""
    assert isinstance(node.func, ast.Attribute)  # noqa: S101  a method
    value = node.func.value
    is_super = (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Name)
        and value.func.id == "super"
    )
    return models.at(ast.Name("self", ast.Load()), scope) if is_super else None


def _arguments(
    node: ast.Call, order: tuple[str, ...], scope: Scope, names: Names
) -> tuple[dict[str, ast.expr], bool]:
    found: dict[str, ast.expr] = {}
    open_ = any(isinstance(item, ast.Starred) for item in node.args)
    if not open_:
        found.update(zip(order, node.args, strict=False))
    for item in node.keywords:
        if item.arg is not None:
            found[item.arg] = item.value
            continue
        inner = _entries(item.value, scope, names)
        if inner is None:
            open_ = True
        else:
            found.update(inner)
    return found, open_


def _entries(node: ast.expr, scope: Scope, names: Names) -> dict[str, ast.expr] | None:
    """Return what a literal dict, or a call of `dict`, passes by `**`; None if it is neither."""
    located = names.located(node, scope)
    if located is None:
        return None
    value, where = located
    pairs: list[tuple[ast.expr | None, ast.expr]]
    if isinstance(value, ast.Dict):
        pairs = [*zip(value.keys, value.values, strict=True)]
    elif isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and not value.args:
        if value.func.id != "dict":
            return None
        pairs = [
            (None if item.arg is None else ast.Constant(item.arg), item.value)
            for item in value.keywords
        ]
    else:
        return None
    pairs += [(key, item) for key, (item, _) in names.put_into(node, scope)]
    found: dict[str, ast.expr] = {}
    for key, item in pairs:
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            found[key.value] = item
            continue
        inner = _entries(item, where, names) if key is None else None
        if inner is None:
            return None
        found.update(inner)
    return found
