"""What a program shows of the optimizer that a model is compiled with."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from fitspec.conformance.upgrade.training import TRAINING, is_same_model, trainings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fitspec.conformance.upgrade.names import Names
    from fitspec.conformance.upgrade.scopes import Scope
    from fitspec.conformance.upgrade.training import Called

_RATES: Final = frozenset({"lr", "learning_rate"})


def of_compiling(
    node: ast.Call, optimizer: ast.expr | None, scope: Scope, names: Names
) -> dict[str, bool | None]:
    """Return what is true of the optimizer that is given to `compile`; None for what may be."""
    others = _of_other_models(node, scope, names)
    trained = [each for one in [(node, scope), *others] for each in trainings(*one, names)]
    # What is seen to be trained one after the other is told there.
    told = any(of_training(*each, names)["shared_optimizer"] for each in trained)
    above = [other for other in others if other[0].lineno < node.lineno]
    shared = bool(above) or _is_for_all_passed(node, scope, names)
    return {
        "usual_rate": _has_usual_rate(optimizer, scope, names),
        "same_optimizer": any(
            call.lineno < node.lineno and is_same_model(node, scope, call, where, names)
            for call, where in _compiled_alike(node, scope, names)
        ),
        "shared_optimizer": None if shared and not told else False,
        "same_layers": _are_alike((node, scope), above, names),
    }


def of_training(node: ast.Call, scope: Scope, names: Names) -> dict[str, bool | None]:
    """Return what is true of the optimizer of a model that a call trains, for the first time."""
    found: dict[str, bool | None] = {"shared_optimizer": False, "same_layers": False}
    assert isinstance(node.func, ast.Attribute)  # noqa: S101  a method
    if node.func.attr not in TRAINING:
        return found
    for one in names.calls_of(node.func.value, scope, "compile"):
        others = _of_other_models(*one, names)
        first = min(_lines(others, scope, names), default=node.lineno)
        # What the optimizer has learnt of this model before, it knows.
        if first < node.lineno and not _is_trained_above(one, node, scope, names):
            return {"shared_optimizer": True, "same_layers": _are_alike(one, others, names)}
    return found


def _is_trained_above(one: Called, node: ast.Call, scope: Scope, names: Names) -> bool:
    """Return whether the model that a call compiles is trained above another call of it."""
    return any(
        there.node is scope.node
        and call.lineno < node.lineno
        and is_same_model(node, scope, call, there, names)
        for call, there in trainings(*one, names)
    )


def _lines(compiled: Sequence[Called], scope: Scope, names: Names) -> list[int]:
    """Return where in a scope models are trained that some calls compile."""
    found = (each for one in compiled for each in trainings(*one, names))
    return [call.lineno for call, there in found if there.node is scope.node]


def _are_alike(one: Called, others: Sequence[Called], names: Names) -> bool:
    """Return whether models are seen to have the same layers, since they are made alike."""
    made = [_made(*each, names) for each in (one, *others)]
    return None not in made and len(set(made)) == 1


def _made(node: ast.Call, scope: Scope, names: Names) -> str | None:
    """Return how the model of a call is made; None if layers may be added to it later."""
    assert isinstance(node.func, ast.Attribute)  # noqa: S101  a method
    model = node.func.value
    found = names.above(model, scope, node.lineno) or names.located(model, scope)
    if found is None or not isinstance(found[0], ast.Call) or names.calls_of(model, scope, "add"):
        return None
    return ast.dump(found[0])


def _has_usual_rate(optimizer: ast.expr | None, scope: Scope, names: Names) -> bool | None:
    made = None if optimizer is None else names.value_of(optimizer, scope)
    if isinstance(made, ast.Call):
        given = {item.arg for item in made.keywords}
        return None if None in given else not made.args and not given & _RATES
    if optimizer is not None and made is None:
        return None
    return isinstance(made, ast.Constant | ast.Attribute | ast.Name)


def _of_other_models(node: ast.Call, scope: Scope, names: Names) -> list[Called]:
    """Return the calls that compile other models with the same optimizer object."""
    return [
        (call, where)
        for call, where in _compiled_alike(node, scope, names)
        if not is_same_model(node, scope, call, where, names)
    ]


def _compiled_alike(node: ast.Call, scope: Scope, names: Names) -> Iterator[Called]:
    """Yield the other calls of `compile` that are given the same optimizer object."""
    optimizer = _optimizer(node)
    made = _made_above(node, scope, names)
    if not isinstance(optimizer, ast.Name | ast.Attribute) or not isinstance(made, ast.Call):
        return
    for call, where in names.by_method.get("compile", []):
        given = _optimizer(call)
        same = given is not None and names.same(given, where, optimizer, scope)
        # A name may be given to one optimizer after the other.
        if call is not node and same and _made_above(call, where, names) is made:
            yield call, where


def _is_for_all_passed(node: ast.Call, scope: Scope, names: Names) -> bool:
    """Return whether a function compiles several models with one optimizer that is made outside."""
    assert isinstance(node.func, ast.Attribute)  # noqa: S101  a method
    model, optimizer = node.func.value, _optimizer(node)
    if not isinstance(model, ast.Name) or not isinstance(optimizer, ast.Name):
        return False
    passed = names.passed.get((scope.node, model.id), [])
    outside = scope.binding(optimizer.id) is not scope
    return (
        outside
        and isinstance(_made_above(node, scope, names), ast.Call)
        and len({names.thing(*given) for given in passed}) > 1
    )


def _made_above(call: ast.Call, scope: Scope, names: Names) -> ast.expr | None:
    """Return what makes the optimizer that a call of `compile` is given."""
    optimizer = _optimizer(call)
    if optimizer is None:
        return None
    return names.value_of(names.assigned_above(optimizer, scope, call), scope)


def _optimizer(call: ast.Call) -> ast.expr | None:
    named = (item.value for item in call.keywords if item.arg == "optimizer")
    return next(named, call.args[0] if call.args else None)
