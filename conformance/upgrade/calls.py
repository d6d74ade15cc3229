"""The calls of the Model API in a program, and what reaches each argument."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from fitspec.conformance.upgrade.models import Models

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fitspec.conformance.upgrade.models import Seen
    from fitspec.conformance.upgrade.names import Names, Scope
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
#: What else of a program its calls depend on, in words.
FACTS: Final[Mapping[str, str]] = {
    "several_outputs": "the model has several outputs",
    "frozen_layers": "layers are frozen",
    "batch_normalization": "a layer normalises batches",
    "stateful_layers": "a layer is stateful",
    "time_steps": "a layer gives time steps",
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
    facts = _facts(names)
    for node, scope in names.calls:
        if not isinstance(node.func, ast.Attribute) or node.func.attr not in METHODS:
            continue
        method = node.func.attr
        bound = _by_super(node, scope, models)
        model = bound or models.of_call(node, scope)
        if model is None:
            continue
        arguments, open_ = _arguments(node, METHODS[method], scope, names)
        own = {**facts, "several_outputs": _several(model, arguments)}
        yield Call(source, node, method, arguments, open_, scope, names, model, own)
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


def _several(model: Seen, arguments: Mapping[str, ast.expr]) -> bool | None:
    """Return whether a model has several outputs: loss weights, or losses by output, hint at it."""
    if model.several_outputs is not None:
        return model.several_outputs
    loss = arguments.get("loss")
    hinted = "loss_weights" in arguments or isinstance(loss, ast.List | ast.Dict)
    return None if hinted else False


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
        inner = _entries(names.value_of(item.value, scope))
        if inner is None:
            open_ = True
        else:
            found.update(inner)
    return found, open_


def _entries(value: ast.expr | None) -> dict[str, ast.expr] | None:
    """Return what a literal dict, or a call of `dict`, passes by `**`; None if it is neither."""
    if isinstance(value, ast.Dict):
        found = {}
        for key, item in zip(value.keys, value.values, strict=True):
            if not (isinstance(key, ast.Constant) and isinstance(key.value, str)):
                return None
            found[key.value] = item
        return found
    is_dict = isinstance(value, ast.Call) and isinstance(value.func, ast.Name)
    if is_dict and value.func.id == "dict" and not value.args:  # type: ignore[union-attr]  # a call of a name
        return _named(value)  # type: ignore[arg-type]  # as above
    return None


def _named(call: ast.Call) -> dict[str, ast.expr] | None:
    if any(item.arg is None for item in call.keywords):
        return None
    return {item.arg: item.value for item in call.keywords if item.arg is not None}


def _facts(names: Names) -> dict[str, bool | None]:
    """Return what else of a program its calls depend on."""
    made = [
        (path.rpartition(".")[2], node)
        for node, scope in names.calls
        if (path := names.keras(node.func, scope)) is not None
    ]
    frozen = any(
        target.attr == "trainable" and isinstance(value, ast.Constant) and value.value is False
        for target, value in names.set_attributes
    )
    return {
        "frozen_layers": frozen,
        "batch_normalization": any(name == "BatchNormalization" for name, _ in made),
        "stateful_layers": _set(made, "stateful"),
        "time_steps": any(name == "TimeDistributed" for name, _ in made)
        or _set(made, "return_sequences"),
    }


def _set(made: list[tuple[str, ast.Call]], argument: str) -> bool | None:
    """Return whether a layer is made with an argument that is true; None if it may be."""
    given = [item.value for _, node in made for item in node.keywords if item.arg == argument]
    constant = [item.value for item in given if isinstance(item, ast.Constant)]
    if any(constant):
        return True
    return None if len(constant) < len(given) else False
