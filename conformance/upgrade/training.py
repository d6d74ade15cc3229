"""Whether a program trains the models that it compiles."""

from __future__ import annotations

import ast
from functools import cached_property
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fitspec.conformance.upgrade.names import Names
    from fitspec.conformance.upgrade.scopes import Scope
    from fitspec.conformance.upgrade.things import Thing

    #: A call, with its scope.
    Called = tuple[ast.Call, Scope]

TRAINING: Final = ("fit", "train_on_batch", "fit_generator")


def trainings(call: ast.Call, scope: Scope, names: Names) -> list[Called]:
    """Return the calls that train what a call compiles."""
    assert isinstance(call.func, ast.Attribute)  # noqa: S101  a method
    return [each for method in TRAINING for each in names.calls_of(call.func.value, scope, method)]


class Training:
    """What a program trains.

    Args:
        names: of the program.
    """

    def __init__(self, names: Names) -> None:
        self._names = names

    def may_follow(self, node: ast.Call, scope: Scope) -> bool:
        """Return whether a model may be trained as a call compiles it.

        Args:
            node: the call of `compile`.
            scope: in which it stands.

        Returns:
            False only where all that the program does with the model is seen, and where the
            program trains others: what compiles models alone may be there to be imported.
        """
        assert isinstance(node.func, ast.Attribute)  # noqa: S101  a method
        model, names = node.func.value, self._names
        if not isinstance(model, ast.Name) or scope.binding(model.id) is not scope:
            return True
        argument = scope.values.get(model.id, [None])[0] is None
        none_trained = not any(method in names.by_method for method in TRAINING)
        if argument or none_trained or names.thing(model, scope) in self._handed_on:
            return True
        all_of_name = trainings(node, scope, names)
        there = [each for each in all_of_name if is_same_model(node, scope, *each, names)]
        again = _compiled_again(node, scope, names)
        if again is None or any(where is not scope for _, where in all_of_name):
            return bool(there)
        return any(node.lineno < call.lineno < again for call, _ in there)

    @cached_property
    def _handed_on(self) -> frozenset[Thing]:
        """What is given to what may train it: a function, an object, a list."""
        return frozenset(
            self._names.thing(name, where)
            for value, where in _handed_on(self._names)
            for name in _whole(value)
        )


def is_same_model(one: ast.Call, scope: Scope, other: ast.Call, where: Scope, names: Names) -> bool:
    """Return whether two calls are of one model; a name may be given to one after the other."""
    assert isinstance(one.func, ast.Attribute)  # noqa: S101  a method
    assert isinstance(other.func, ast.Attribute)  # noqa: S101  a method
    if not names.same(one.func.value, scope, other.func.value, where):
        return False
    first = names.above(one.func.value, scope, one.lineno)
    second = names.above(other.func.value, where, other.lineno)
    return first is None or second is None or first[0] is second[0]


def _compiled_again(node: ast.Call, scope: Scope, names: Names) -> int | None:
    """Return the line below on which a model is compiled anew whenever it is on this one."""
    assert isinstance(node.func, ast.Attribute)  # noqa: S101  a method
    arms = names.arms.get(node, frozenset())
    lines = [
        call.lineno
        for call, where in names.calls_of(node.func.value, scope, "compile")
        if where is scope
        and call.lineno > node.lineno
        and names.arms.get(call, frozenset()) <= arms
        and is_same_model(node, scope, call, where, names)
    ]
    return min(lines, default=None)


def _handed_on(names: Names) -> Iterator[tuple[ast.expr, Scope]]:
    """Yield what is given to functions that are not Keras's, returned, and assigned."""
    for call, scope in names.calls:
        if names.keras(call.func, scope) is None:
            yield from ((each, scope) for each in call.args)
            yield from ((each.value, scope) for each in call.keywords)
    for node, scope in names.scopes.items():
        given = [*names.returns.get(node, []), *names.generators.get(node, [])]
        given += [each for values in scope.values.values() for each in values if each is not None]
        yield from ((each, scope) for each in given)
    for targets in names.set_attributes.values():
        yield from ((value, where) for _, value, where in targets)
    yield from ((put.item, put.scope) for put in names.put)


def _whole(value: ast.expr) -> Iterator[ast.Name]:
    """Yield the names whose values a value holds as they are, as a list does its items."""
    if isinstance(value, ast.Name):
        yield value
    elif isinstance(value, ast.List | ast.Tuple | ast.Set | ast.Dict | ast.Starred | ast.IfExp):
        for each in ast.iter_child_nodes(value):
            if isinstance(each, ast.expr):
                yield from _whole(each)
