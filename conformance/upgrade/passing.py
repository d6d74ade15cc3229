"""What a program passes to the arguments of its own functions."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from fitspec.conformance.upgrade.scopes import arguments_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fitspec.conformance.upgrade.names import Names
    from fitspec.conformance.upgrade.scopes import Function, Located, Scope

#: A value that a program does not show: a name that nothing binds.
_UNSEEN: Final = ast.Name("", ast.Load())


def passed(names: Names) -> dict[tuple[ast.AST, str], list[Located]]:
    """Return what a program passes to each argument of its own functions, each value once."""
    found: dict[tuple[ast.AST, str], dict[str, Located]] = {}
    for call, scope in names.calls:
        function = names.function(call.func, scope)
        class_ = names.class_(call.func, scope)
        if class_ is not None:
            function = names.method(class_, "__init__")
        if function is None:
            continue
        for name, value, where in _matched(call, scope, function, names):
            there = found.setdefault((function, name), {})
            there.setdefault(ast.dump(value), (value, where))
    return {place: [*values.values()] for place, values in found.items()}


def _matched(
    call: ast.Call, scope: Scope, function: Function | ast.Lambda, names: Names
) -> Iterator[tuple[str, ast.expr, Scope]]:
    arguments = arguments_of(function.args)
    first = 1 if arguments[:1] in (["self"], ["cls"]) else 0
    given: set[str] = set()
    starred = any(isinstance(value, ast.Starred) for value in call.args)
    if not starred:
        for name, value in zip(arguments[first:], call.args, strict=False):
            given.add(name)
            yield name, value, scope
    for item in call.keywords:
        if item.arg is not None:
            given.add(item.arg)
            yield item.arg, item.value, scope
    if starred or any(item.arg is None for item in call.keywords):
        for name in arguments:
            if name not in given:
                yield name, _UNSEEN, scope
        return
    outer = names.scopes[function].outer or names.module
    for name, default in _defaults(function.args):
        if name not in given:
            yield name, default, outer


def _defaults(arguments: ast.arguments) -> Iterator[tuple[str, ast.expr]]:
    plain = [*arguments.posonlyargs, *arguments.args]
    first = len(plain) - len(arguments.defaults)
    for item, default in zip(plain[first:], arguments.defaults, strict=True):
        yield item.arg, default
    for item, given in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if given is not None:
            yield item.arg, given
