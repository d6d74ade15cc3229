"""What a program shows of the optimizer that a model is compiled with."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fitspec.conformance.upgrade.names import Names
    from fitspec.conformance.upgrade.scopes import Located, Scope

_TRAINING: Final = ("fit", "train_on_batch", "fit_generator")
_RATES: Final = frozenset({"lr", "learning_rate"})


def of_optimizer(
    node: ast.Call, optimizer: ast.expr | None, scope: Scope, names: Names
) -> dict[str, bool | None]:
    """Return what is true of the optimizer that is given to `compile`; None for what may be."""
    return {
        "usual_rate": _has_usual_rate(optimizer, scope, names),
        "same_optimizer": any(
            call.lineno < node.lineno and _is_same_model(node, scope, call, where, names)
            for call, where in _compiled_alike(node, scope, names)
        ),
        "shared_optimizer": _is_shared(node, scope, names),
    }


def trained_after_another(node: ast.Call, scope: Scope, names: Names) -> bool:
    """Return whether a call trains a model with the optimizer of one that is trained above."""
    assert isinstance(node.func, ast.Attribute)  # noqa: S101  a method
    if node.func.attr not in _TRAINING:
        return False
    compiled = names.calls_of(node.func.value, scope, "compile")
    others = [
        (call, where)
        for one in compiled
        for call, where in _compiled_alike(*one, names)
        if not _is_same_model(*one, call, where, names)
    ]
    return any(
        training.lineno < node.lineno and there.node is scope.node
        for call, where in others
        for training, there in _trainings(call, where, names)
    )


def _has_usual_rate(optimizer: ast.expr | None, scope: Scope, names: Names) -> bool | None:
    made = None if optimizer is None else names.value_of(optimizer, scope)
    if isinstance(made, ast.Call):
        given = {item.arg for item in made.keywords}
        return None if None in given else not made.args and not given & _RATES
    return isinstance(made, ast.Constant | ast.Attribute | ast.Name)


def _is_shared(node: ast.Call, scope: Scope, names: Names) -> bool | None:
    """Return whether a model above was compiled with the optimizer, and both are trained."""
    others = [
        (call, where)
        for call, where in _compiled_alike(node, scope, names)
        if call.lineno < node.lineno and not _is_same_model(node, scope, call, where, names)
    ]
    if not others:
        return False
    trained = any(_trainings(*other, names) for other in others)
    return True if trained and _trainings(node, scope, names) else None


def _trainings(call: ast.Call, scope: Scope, names: Names) -> list[Located]:
    """Return the calls that train what a call compiles."""
    assert isinstance(call.func, ast.Attribute)  # noqa: S101  a method
    return [each for method in _TRAINING for each in names.calls_of(call.func.value, scope, method)]


def _compiled_alike(node: ast.Call, scope: Scope, names: Names) -> Iterator[tuple[ast.Call, Scope]]:
    """Yield the other calls of `compile` that are given the same optimizer object."""
    optimizer = _optimizer(node)
    made = None if optimizer is None else names.value_of(optimizer, scope)
    if not isinstance(optimizer, ast.Name | ast.Attribute) or not isinstance(made, ast.Call):
        return
    for call, where in names.by_method.get("compile", []):
        given = _optimizer(call)
        if call is not node and given is not None and names.same(given, where, optimizer, scope):
            yield call, where


def _optimizer(call: ast.Call) -> ast.expr | None:
    named = (item.value for item in call.keywords if item.arg == "optimizer")
    return next(named, call.args[0] if call.args else None)


def _is_same_model(
    one: ast.Call, scope: Scope, other: ast.Call, where: Scope, names: Names
) -> bool:
    """Return whether two calls are of one model; a name may be given to one after the other."""
    assert isinstance(one.func, ast.Attribute)  # noqa: S101  a method
    assert isinstance(other.func, ast.Attribute)  # noqa: S101  a method
    if not names.same(one.func.value, scope, other.func.value, where):
        return False
    first = names.above(one.func.value, scope, one.lineno)
    second = names.above(other.func.value, where, other.lineno)
    return first is None or second is None or first[0] is second[0]
