"""What reaches the arguments of a call."""

from __future__ import annotations

import ast
from collections import ChainMap
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

from fitspec.conformance.upgrade.scopes import Function, arguments_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fitspec.conformance.upgrade.names import Names
    from fitspec.conformance.upgrade.scopes import Located, Scope
    from fitspec.conformance.upgrade.things import Thing

#: How many dicts of dicts are gone through at most.
_DEPTH: Final = 6
#: What tells apart what dicts give: the literal, the name, the arms of `if`, and how deep it is.
_Asked = tuple[ast.expr | None, "Thing", frozenset[int], int]


@dataclass(frozen=True)
class Given:
    """What is given to a call.

    Args:
        arguments: by name, what is given.
        open: whether more may be given than can be seen.
        perhaps: the arguments that are given in some cases only.
    """

    arguments: Mapping[str, ast.expr]
    open: bool
    perhaps: frozenset[str]


@dataclass
class _Entries:
    """What is seen of a dict; the fields are those of what is given to a call."""

    arguments: dict[str, ast.expr] = field(default_factory=dict)
    open: bool = False
    perhaps: set[str] = field(default_factory=set)

    def add(self, other: _Entries) -> None:
        """Add what another dict gives."""
        self.arguments.update(other.arguments)
        self.open |= other.open
        self.perhaps |= other.perhaps


class Reaching:
    """What reaches the arguments of the calls of a program.

    Args:
        names: of the program.
    """

    def __init__(self, names: Names) -> None:
        self._names = names
        self._known: dict[_Asked, _Entries] = {}

    def of_call(self, node: ast.Call, order: tuple[str, ...], scope: Scope) -> Given:
        """Return what reaches the arguments of a call.

        Args:
            node: the call.
            order: the names of the arguments that are given by position.
            scope: in which it stands.
        """
        starred = any(isinstance(item, ast.Starred) for item in node.args)
        written = {} if starred else dict(zip(order, node.args, strict=False))
        written.update({item.arg: item.value for item in node.keywords if item.arg is not None})
        own = {
            name: self._names.assigned_above(value, scope, node) for name, value in written.items()
        }
        arms = self._names.arms.get(node, frozenset()) & self._arms
        dicts = [
            self._entries(item.value, scope, arms, _DEPTH)
            for item in node.keywords
            if item.arg is None
        ]
        return Given(
            # Not copied, as many calls may be given the same dict.
            ChainMap(own, *(each.arguments for each in dicts)),
            starred or any(each.open for each in dicts),
            frozenset().union(*(each.perhaps for each in dicts)),
        )

    @cached_property
    def _arms(self) -> frozenset[int]:
        """The arms of `if` in which dicts are given entries."""
        return frozenset().union(*(put.arms for put in self._names.put))

    def _entries(self, node: ast.expr, scope: Scope, arms: frozenset[int], depth: int) -> _Entries:
        """Return what a dict gives, as far as it is seen; each is looked at once.

        Args:
            node: the dict.
            scope: in which it stands.
            arms: of `if`, in which the call stands.
            depth: how many dicts of dicts are gone through at most.
        """
        located = self._names.located(node, scope) if depth else None
        thing = self._names.thing(node, scope)
        key = None if located is None else located[0], thing, arms, depth
        if key[:2] == (None, None):
            return _Entries(open=True)
        if key not in self._known:
            self._known[key] = self._seen(node, scope, located, arms, depth)
        return self._known[key]

    def _seen(
        self,
        node: ast.expr,
        scope: Scope,
        located: Located | None,
        arms: frozenset[int],
        depth: int,
    ) -> _Entries:
        if located is None:
            found = self._passed_on(node, scope)
        else:
            pairs = _pairs(located[0])
            found = _Entries(open=pairs is None)
            for key, item in pairs or ():
                self._take(found, key, (item, located[1]), arms, depth)
        for put in self._names.put_into(node, scope):
            one = _Entries() if put.arms - arms else found
            self._take(one, put.key, (put.item, put.scope), arms, depth)
            if one is not found:
                one.perhaps.update(one.arguments)
                found.add(one)
        return found

    def _take(
        self,
        found: _Entries,
        key: ast.expr | None,
        item: Located,
        arms: frozenset[int],
        depth: int,
    ) -> None:
        """Add an entry of a dict."""
        if key is None:
            found.add(self._entries(*item, arms, depth - 1))
        elif isinstance(key, ast.Constant) and isinstance(key.value, str):
            found.arguments[key.value] = item[0]
        else:
            found.open = True

    def _passed_on(self, node: ast.expr, scope: Scope) -> _Entries:
        """Return what the `**` of a function of the program is given where that is called."""
        found = _Entries(open=True)
        bound = scope.binding(node.id) if isinstance(node, ast.Name) else None
        if bound is None or not isinstance(bound.node, Function | ast.Lambda):
            return found
        arguments = bound.node.args
        if arguments.kwarg is None or arguments.kwarg.arg != node.id:  # type: ignore[attr-defined]  # a name
            return found
        own = arguments_of(arguments)
        for name, (value, _) in self._first_passed.get(bound.node, {}).items():
            if name not in own:
                found.arguments[name] = value
        found.perhaps.update(found.arguments)
        return found

    @cached_property
    def _first_passed(self) -> dict[ast.AST, dict[str, Located]]:
        """What is passed to functions first, by name."""
        found: dict[ast.AST, dict[str, Located]] = {}
        for (function, name), values in self._names.passed.items():
            found.setdefault(function, {})[name] = values[0]
        return found


def _pairs(value: ast.expr) -> list[tuple[ast.expr | None, ast.expr]] | None:
    """Return the keys and items of a dict; None of what is no literal one."""
    if isinstance(value, ast.Dict):
        return [*zip(value.keys, value.values, strict=True)]
    if not isinstance(value, ast.Call) or not isinstance(value.func, ast.Name):
        return None
    if value.func.id != "dict":
        return None
    keywords = [
        (None if item.arg is None else ast.Constant(item.arg), item.value)
        for item in value.keywords
    ]
    return [*((None, item) for item in value.args), *keywords]
