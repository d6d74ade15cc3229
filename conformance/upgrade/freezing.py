"""Whether layers of a model are frozen, or thawed, after it was compiled."""

from __future__ import annotations

import ast
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from fitspec.conformance.upgrade.normalising import may_normalise
from fitspec.conformance.upgrade.parts import Parts
from fitspec.conformance.upgrade.passing import passed_for
from fitspec.conformance.upgrade.unseen import any_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fitspec.conformance.upgrade.names import Names
    from fitspec.conformance.upgrade.scopes import Located, Scope
    from fitspec.conformance.upgrade.things import Thing

_UNKNOWN: Final = object()


class Freezing:
    """What is frozen and thawed in a program.

    Args:
        names: of the program.
    """

    def __init__(self, names: Names) -> None:
        self._names = names
        self._parts = Parts(names)
        self._known: dict[Thing, bool] = {}

    def changed_after_compile(self, node: ast.Call, scope: Scope) -> bool | None:
        """Return whether `trainable` is otherwise at a call than when the model was compiled.

        Args:
            node: the call of a method of a model.
            scope: in which it stands.

        Returns:
            None if that depends on the order in which functions are called, or on a value.
        """
        assert isinstance(node.func, ast.Attribute)  # noqa: S101  a method
        model, names = node.func.value, self._names
        found = self._changed(model, scope, node.lineno)
        passed = passed_for(model, scope, names)
        if found is not False or not passed:
            return found
        answers = [self._changed(value, where, value.lineno) for value, where in passed]
        if names.thing(model, scope) in self._settings:
            # The function freezes and thaws what it is given.
            return None if any(answer is not False for answer in answers) else False
        return answers[0] if len(set(answers)) == 1 else None

    def frozen_before(self, node: ast.Call, scope: Scope) -> bool | None:
        """Return whether normalising layers of a model are frozen above a call, or elsewhere.

        Args:
            node: the call of a method of a model.
            scope: in which it stands.

        Returns:
            None if that is not seen.
        """
        assert isinstance(node.func, ast.Attribute)  # noqa: S101  a method
        names = self._names
        own = self._parts.of(node.func.value, scope) if self._of_normalising else None
        answers = [
            _is_false(value, where, names)
            for target, value, where in self._of_normalising
            if (target.lineno < node.lineno if where is scope else _reaches(where, scope, names))
            and any(
                self._holds(own, *owner) is not False
                for owner in _owners(target.value, where, names)
            )
        ]
        return any_of(answers)

    def _holds(self, parts: frozenset[Thing] | None, owner: ast.expr, scope: Scope) -> bool | None:
        """Return whether a model of some parts has another in it; None if it has some of that."""
        thing = self._names.thing(owner, scope)
        if parts is None or thing is None or thing in parts:
            return True
        inner = self._parts.of(owner, scope)
        return None if inner is None or self._parts.shared(parts, inner) else False

    def _changed(self, model: ast.expr, scope: Scope, line: int) -> bool | None:
        compiled = [call.lineno for call, _ in self._names.calls_of(model, scope, "compile")]
        if not compiled or not self._settings:
            return False
        own, parts = self._names.thing(model, scope), self._parts.of(model, scope)
        answers = []
        for thing, (owner, where) in self._owners_set.items():
            held = thing == own or (parts is not None and self._holds(parts, owner, where))
            found = held is not False and _changed_from(self._settings[thing], compiled, line)
            answers.append(None if held is None and found else found)
        return any_of(answers)

    @cached_property
    def _of_normalising(self) -> list[tuple[ast.Attribute, ast.expr, Scope]]:
        """The settings of `trainable` of layers that can normalise."""
        names = self._names
        return [
            (target, value, where)
            for target, value, where in names.set_attributes.get("trainable", [])
            if any(self._may_normalise(*owner) for owner in _owners(target.value, where, names))
        ]

    def _may_normalise(self, owner: ast.expr, scope: Scope) -> bool:
        """Return whether a layer, or a model, can normalise batches; each is looked at once."""
        thing = self._names.thing(owner, scope)
        if thing is None:
            return may_normalise(owner, scope, self._names)
        if thing not in self._known:
            self._known[thing] = may_normalise(owner, scope, self._names)
        return self._known[thing]

    @cached_property
    def _settings(self) -> dict[Thing, list[tuple[int, bool | None]]]:
        """The settings of `trainable` of each model, by lines: the line, and the value."""
        found = self._names.by_thing(self._set())
        for there in found.values():
            there.sort(key=itemgetter(0))
        return found

    @cached_property
    def _owners_set(self) -> dict[Thing, Located]:
        """The models of which `trainable` is set, each by one expression that names it."""
        return {self._names.thing(owner, where): (owner, where) for owner, where, _ in self._set()}

    def _set(self) -> Iterator[tuple[ast.expr, Scope, tuple[int, bool | None]]]:
        """Yield each setting of `trainable`: the model that it is of, the line, and the value."""
        names = self._names
        for target, value, scope in names.set_attributes.get("trainable", []):
            seen = names.value_of(value, scope)
            for owner, where in _owners(target.value, scope, names):
                at: list[tuple[int, ast.expr | None]] = [(owner.lineno, None)]
                if where is scope:
                    at = [(target.lineno, None)]
                elif passed := [*self._passed_beside((owner, where), value, scope)]:
                    # With the model, a function may be given whether to freeze or to thaw it.
                    at = passed
                for line, beside in at:
                    given = seen if beside is None else beside
                    known = given.value if isinstance(given, ast.Constant) else None
                    yield owner, where, (line, known if isinstance(known, bool) else None)

    def _passed_beside(
        self, given: Located, value: ast.expr, scope: Scope
    ) -> Iterator[tuple[int, ast.expr | None]]:
        """Yield where a function is passed a model, and what for another name of its own."""
        names = self._names
        for call, where in self._calls_of_functions.get(scope.node, []):
            matched = {name: item for name, item, _ in names.matched(call, where, scope.node)}  # type: ignore[arg-type]  # it is called
            if any(names.same(item, where, *given) for item in matched.values()):
                beside = matched.get(value.id) if isinstance(value, ast.Name) else None
                yield call.lineno, None if beside is None else names.value_of(beside, where)

    @cached_property
    def _calls_of_functions(self) -> dict[ast.AST | None, list[tuple[ast.Call, Scope]]]:
        found: dict[ast.AST | None, list[tuple[ast.Call, Scope]]] = {}
        for call, scope in self._names.calls:
            found.setdefault(self._names.function(call.func, scope), []).append((call, scope))
        return found


def _reaches(where: Scope, scope: Scope, names: Names) -> bool:
    """Return whether what is done in one scope can come before a call in another one."""
    if where is names.module or (where.owner is not None and where.owner is scope.owner):
        return True
    # It is called there, or makes at the top what is passed on.
    makes = where.node in names.returns
    return any(
        names.function(call.func, there) is where.node
        for call, there in names.calls
        if there is scope or (there is names.module and makes)
    )


def _changed_from(
    frozen: list[tuple[int, bool | None]], compiled: list[int], line: int
) -> bool | None:
    """Return whether a setting is otherwise at a line than at the last one of some above."""
    before = [at for at in compiled if at < line]
    if not before:
        # A method that stands above the one in which all that happens.
        return None if frozen[-1][0] > compiled[-1] else False
    then, now = (_at(frozen, at) for at in (before[-1], line))
    return None if _UNKNOWN in (then, now) and then is not now else then is not now


def _is_false(value: ast.expr, scope: Scope, names: Names) -> bool | None:
    seen = names.value_of(value, scope)
    return seen.value is False if isinstance(seen, ast.Constant) else None


def _at(frozen: list[tuple[int, bool | None]], line: int) -> object:
    found = [value for at, value in frozen if at < line]
    if not found:
        return True
    return _UNKNOWN if found[-1] is None else found[-1]


def _owners(node: ast.expr, scope: Scope, names: Names) -> Iterator[Located]:
    """Yield the models that a layer, or a model, belongs to: of `model.layers[3]`, the model."""
    while True:
        inner = isinstance(node, ast.Attribute) and node.attr == "layers"
        if inner or isinstance(node, ast.Subscript):
            node = node.value  # type: ignore[attr-defined]  # both have one
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            node = node.func.value
        else:
            break
    bound = scope.binding(node.id) if isinstance(node, ast.Name) else None
    if isinstance(node, ast.Name) and bound is not None:
        for container in bound.looped.get(node.id, []):
            yield from _owners(container, bound, names)
        # A function of the program's own that freezes what it is given.
        yield from names.passed.get((bound.node, node.id), [])
    yield node, scope
