"""What reaches the arguments of a call."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from fitspec.conformance.upgrade.scopes import Function, arguments_of

if TYPE_CHECKING:
    from fitspec.conformance.upgrade.names import Names
    from fitspec.conformance.upgrade.scopes import Scope

#: How many dicts of dicts are gone through at most.
_DEPTH: Final = 6


@dataclass
class Given:
    """What is given to a call.

    Args:
        arguments: by name, what is given.
        open: whether more may be given than can be seen.
        perhaps: the arguments that are given in some cases only.
    """

    arguments: dict[str, ast.expr] = field(default_factory=dict)
    open: bool = False
    perhaps: frozenset[str] = frozenset()

    def add(self, other: Given) -> None:
        """Add what a dict gives."""
        self.arguments.update(other.arguments)
        self.open |= other.open
        self.perhaps |= other.perhaps


def given(node: ast.Call, order: tuple[str, ...], scope: Scope, names: Names) -> Given:
    """Return what reaches the arguments of a call.

    Args:
        node: the call.
        order: the names of the arguments that are given by position.
        scope: in which it stands.
        names: of the program.
    """
    found = Given(open=any(isinstance(item, ast.Starred) for item in node.args))
    dicts = _Dicts(names, names.arms.get(node, frozenset()))
    if not found.open:
        for name, value in zip(order, node.args, strict=False):
            found.arguments[name] = names.assigned_above(value, scope, node)
    for item in node.keywords:
        if item.arg is not None:
            found.arguments[item.arg] = names.assigned_above(item.value, scope, node)
        else:
            found.add(dicts.entries(item.value, scope))
    return found


@dataclass(frozen=True)
class _Dicts:
    """Reads what a call is given by `**`.

    Args:
        names: of the program.
        arms: of `if`, in which the call stands.
    """

    names: Names
    arms: frozenset[int]

    def entries(self, node: ast.expr, scope: Scope, depth: int = _DEPTH) -> Given:
        """Return what a dict gives, as far as it is seen."""
        names = self.names
        located = names.located(node, scope) if depth else None
        if located is None:
            found = _passed_on(node, scope, names)
        else:
            pairs = _pairs(located[0])
            found = Given(open=pairs is None)
            for key, item in pairs or ():
                self._take(found, key, item, located[1], depth)
        for put in names.put_into(node, scope):
            one = Given() if put.arms - self.arms else found
            self._take(one, put.key, put.item, put.scope, depth)
            if one is not found:
                one.perhaps |= frozenset(one.arguments)
                found.add(one)
        return found

    def _take(
        self, found: Given, key: ast.expr | None, item: ast.expr, scope: Scope, depth: int
    ) -> None:
        """Add an entry of a dict."""
        if key is None:
            found.add(self.entries(item, scope, depth - 1))
        elif isinstance(key, ast.Constant) and isinstance(key.value, str):
            found.arguments[key.value] = item
        else:
            found.open = True


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


def _passed_on(node: ast.expr, scope: Scope, names: Names) -> Given:
    """Return what the `**` of a function of the program is given where that is called."""
    found = Given(open=True)
    bound = scope.binding(node.id) if isinstance(node, ast.Name) else None
    if bound is None or not isinstance(bound.node, Function | ast.Lambda):
        return found
    arguments = bound.node.args
    if arguments.kwarg is None or arguments.kwarg.arg != node.id:  # type: ignore[attr-defined]  # a name
        return found
    own = arguments_of(arguments)
    for (function, name), values in names.passed.items():
        if function is bound.node and name not in own:
            found.arguments[name] = values[0][0]
    found.perhaps = frozenset(found.arguments)
    return found
