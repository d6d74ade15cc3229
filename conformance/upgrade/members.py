"""What a model has that no clause is about, and has no more on the other side."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fitspec.conformance.upgrade.calls import Call
from fitspec.conformance.upgrade.methods import METHODS
from fitspec.conformance.upgrade.models import Models

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator

    from fitspec.conformance.report.subject import Subject
    from fitspec.conformance.upgrade.names import Names
    from fitspec.conformance.upgrade.scopes import Scope

#: What clauses are about, and what a model has from its first training on.
_NOT_ASKED: Final = METHODS.keys() | {"metrics_names", "history", "stop_training"}
_PARAMETER: Final = re.compile(r"(?<![\w*])[a-z_]\w*")


class Members:
    """What models of one side have, and those of another one have not, as both said.

    Args:
        before, after: the sides. Where one of them did not say what a model has, nothing is gone.
    """

    def __init__(self, before: Subject, after: Subject) -> None:
        had, has = before.members, after.members
        asked = had.keys() - _NOT_ASKED if has else frozenset()
        self._names = asked - has.keys()
        #: By method, the arguments that are gone.
        self._arguments = {
            name: left
            for name in asked & has.keys()
            if "**" not in has[name]
            and (left := {*_PARAMETER.findall(had[name])} - {*_PARAMETER.findall(has[name])})
        }

    def uses(self, names: Names) -> Iterator[tuple[Call, str, list[str]]]:
        """Yield where a program uses what is gone.

        With the argument, which is empty for the whole, and on what else it depends.
        """
        wanted = self._names | self._arguments.keys()
        found = [item for item in names.attributes if item[0].attr in wanted]
        models = Models(names) if found else None
        called = {id(node.func): node for node, _ in names.calls} if found else {}
        for attribute, scope in found:
            node = called.get(id(attribute))
            if models is None or _is_own(attribute, scope, names):
                continue
            model = (
                models.at(attribute.value, scope) if node is None else models.of_call(node, scope)
            )
            if model is None:
                continue
            keywords = [] if node is None else node.keywords
            given = {item.arg: item.value for item in keywords if item.arg is not None}
            at = node or attribute
            call = Call(names.source, at, attribute.attr, given, False, scope, names, model)
            if attribute.attr in self._names:
                # The program may give it to that very model, by another name.
                is_set = attribute.attr in names.set_attributes
                yield call, "", [f"the program does not set `{attribute.attr}`"] if is_set else []
            for name in sorted(self._arguments.get(attribute.attr, set()) & given.keys()):
                yield call, name, []


def _is_own(node: ast.Attribute, scope: Scope, names: Names) -> bool:
    """Return whether the program itself gives a model what is read of it."""
    return bool(names.attribute(node, scope)) or names.function(node, scope) is not None
