"""Which expressions of a program name the same thing, and what is done with it."""

from __future__ import annotations

import ast
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from fitspec.conformance.upgrade.scopes import Bindings, is_self, read_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fitspec.conformance.upgrade.scopes import Located, Put, Scope

#: What tells things apart that have names: the first name, where it is bound, and the others.
Thing = tuple[object, ...] | None
Item = TypeVar("Item")


class Things(Bindings):
    """What is named in one program."""

    def thing(self, node: ast.expr, scope: Scope) -> Thing:
        """Return what is equal for the expressions that name the same thing; None of no name."""
        if (read := read_of(node)) is None:
            return None
        name, attributes = read
        if is_self(name):
            return "self", scope.owner, *attributes
        return name.id, scope.binding(name.id), *attributes

    def identity(self, node: ast.expr, scope: Scope) -> tuple[object, ...]:
        """Return what is equal for expressions that name the same thing, else the expression's."""
        return self.thing(node, scope) or (node, scope)

    def same(self, one: ast.expr, scope: Scope, other: ast.expr, where: Scope) -> bool:
        """Return whether two expressions name the same thing."""
        thing = self.thing(one, scope)
        return thing is not None and thing == self.thing(other, where)

    def by_thing(self, named: Iterable[tuple[ast.expr, Scope, Item]]) -> dict[Thing, list[Item]]:
        """Return items by what the expression beside each names; those of no name are left out."""
        found: dict[Thing, list[Item]] = {}
        for node, scope, item in named:
            if (thing := self.thing(node, scope)) is not None:
                found.setdefault(thing, []).append(item)
        return found

    def calls_of(self, model: ast.expr, scope: Scope, method: str) -> list[tuple[ast.Call, Scope]]:
        """Return the calls of a method of what an expression names, each with its scope."""
        return self._calls_of_things.get(self.thing(ast.Attribute(model, method), scope), [])

    @cached_property
    def _calls_of_things(self) -> dict[Thing, list[tuple[ast.Call, Scope]]]:
        return self.by_thing((call.func, scope, (call, scope)) for call, scope in self.calls)

    @cached_property
    def by_method(self) -> dict[str, list[tuple[ast.Call, Scope]]]:
        """The calls of methods by their names, whatever they are called of."""
        found: dict[str, list[tuple[ast.Call, Scope]]] = {}
        for call, scope in self.calls:
            if isinstance(call.func, ast.Attribute):
                found.setdefault(call.func.attr, []).append((call, scope))
        return found

    def put_into(self, node: ast.expr, scope: Scope) -> list[Put]:
        """Return what a container is given after it is made."""
        return self._put_into_things.get(self.thing(node, scope), [])

    @cached_property
    def _put_into_things(self) -> dict[Thing, list[Put]]:
        return self.by_thing((put.container, put.scope, put) for put in self.put)

    def put_at(self, node: ast.expr, scope: Scope, key: object) -> list[Located]:
        """Return what a container is given at a key after it is made."""
        return self._put_at_keys.get((self.thing(node, scope), key), [])

    @cached_property
    def _put_at_keys(self) -> dict[tuple[Thing, object], list[Located]]:
        found: dict[tuple[Thing, object], list[Located]] = {}
        for thing, there in self._put_into_things.items():
            for put in there:
                if isinstance(put.key, ast.Constant):
                    found.setdefault((thing, put.key.value), []).append((put.item, put.scope))
        return found

    def at_key(self, container: ast.expr, key: object) -> list[ast.expr]:
        """Return what a literal holds at a key; nothing where more may be there than is seen."""
        if container not in self._keyed:
            self._keyed[container] = _by_key(container)
        return self._keyed[container].get(key, [])

    @cached_property
    def _keyed(self) -> dict[ast.expr, dict[object, list[ast.expr]]]:
        return {}


def _by_key(container: ast.expr) -> dict[object, list[ast.expr]]:
    """Return what a literal holds, by key; nothing where more may be there than is seen."""
    found: dict[object, list[ast.expr]] = {}
    if isinstance(container, ast.Dict) and None not in container.keys:
        for at, item in zip(container.keys, container.values, strict=True):
            if isinstance(at, ast.Constant):
                found.setdefault(at.value, []).append(item)
    elif isinstance(container, ast.Tuple | ast.List):
        starred = any(isinstance(each, ast.Starred) for each in container.elts)
        found.update({} if starred else {at: [item] for at, item in enumerate(container.elts)})
    return found
