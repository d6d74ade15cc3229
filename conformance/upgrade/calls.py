"""The calls of the Model API in a program, and what reaches each argument."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from fitspec.conformance.upgrade.facts import OfCalls, of_program
from fitspec.conformance.upgrade.given import Reaching
from fitspec.conformance.upgrade.methods import METHODS, methods
from fitspec.conformance.upgrade.models import Models
from fitspec.conformance.upgrade.unseen import any_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fitspec.conformance.upgrade.given import Given
    from fitspec.conformance.upgrade.models import Seen
    from fitspec.conformance.upgrade.names import Names
    from fitspec.conformance.upgrade.scopes import Scope
    from fitspec.conformance.upgrade.sources import Source
    from fitspec.conformance.upgrade.things import Thing


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
        perhaps: the arguments that are given in some cases only.
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
    perhaps: frozenset[str] = frozenset()


def calls(names: Names) -> Iterator[Call]:
    """Yield the calls of the Model API in a program, in the order in which they stand."""
    source = names.source
    models = Models(names)
    reaching = Reaching(names)
    facts, of_calls = of_program(names), OfCalls(names)
    compiled: dict[Thing, list[bool | None]] = {}
    for node, scope in methods(names):
        assert isinstance(node.func, ast.Attribute)  # noqa: S101  a method
        method = node.func.attr
        model = _by_super(node, scope, models) or models.of_call(node, scope)
        if model is None:
            continue
        reached = reaching.of_call(node, METHODS[method], scope)
        if method == "compile" and model.outputs is None:
            model = replace(model, outputs=_listed(reached.arguments, scope, names))
        own = of_calls.of_call(node, reached.arguments, scope, model)
        if method == "compile":
            several = any_of((_has_metrics(reached), own["several_outputs"]))
            compiled.setdefault(names.thing(node.func.value, scope), []).append(several)
        yield Call(
            *(source, node, method, reached.arguments, reached.open, scope, names, model),
            facts={**facts, **own},
            perhaps=reached.perhaps,
        )
    for attribute, scope in names.attributes:
        if attribute.attr == "metrics_names":
            model = models.at(attribute.value, scope)
            if model is not None:
                answers = set(compiled.get(names.thing(attribute.value, scope), [None]))
                own = {"many_results": answers.pop() if len(answers) == 1 else None}
                yield Call(
                    *(source, attribute, "metrics_names", {}, False, scope, names, model),
                    facts={**facts, **own},
                )


def _has_metrics(given: Given) -> bool | None:
    """Return whether `compile` is given metrics; None if not seen."""
    if "metrics" not in given.arguments:
        return None if given.open else False
    value = given.arguments["metrics"]
    if "metrics" in given.perhaps or not isinstance(value, ast.List | ast.Dict | ast.Constant):
        return None
    if isinstance(value, ast.Constant):
        return value.value is not None
    return bool(value.elts if isinstance(value, ast.List) else value.keys)


def _listed(arguments: Mapping[str, ast.expr], scope: Scope, names: Names) -> int | None:
    """Return how many outputs losses, or their weights, are given for in a list; None if not."""
    for name in ("loss", "loss_weights"):
        given_to = arguments.get(name)
        value = None if given_to is None else names.value_of(given_to, scope)
        if isinstance(value, ast.List) and not any(
            isinstance(item, ast.Starred) for item in value.elts
        ):
            return len(value.elts)
    return None


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
