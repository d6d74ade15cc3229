"""The classes of a program, with those that they derive from."""

from __future__ import annotations

import ast
from functools import cached_property
from typing import TYPE_CHECKING

from fitspec.conformance.upgrade.things import Things

if TYPE_CHECKING:
    from fitspec.conformance.upgrade.scopes import Function, Scope


class Classes(Things):
    """The classes of one program."""

    def class_(self, node: ast.expr, scope: Scope) -> ast.ClassDef | None:
        """Return the class of the program that an expression names."""
        if not isinstance(node, ast.Name):
            return None
        bound = scope.binding(node.id)
        return bound.classes.get(node.id) if bound is not None else None

    def family(self, class_: ast.ClassDef) -> list[ast.ClassDef]:
        """Return a class with those of the program that it derives from, then those from it."""
        return self._families[class_]

    @cached_property
    def _families(self) -> dict[ast.ClassDef, list[ast.ClassDef]]:
        lines = {node: self._line(node) for node in self.scopes if isinstance(node, ast.ClassDef)}
        found = {class_: [*line] for class_, line in lines.items()}
        for class_, line in lines.items():
            for base in line[1:]:
                found[base].append(class_)
        return found

    def _line(self, class_: ast.ClassDef) -> list[ast.ClassDef]:
        found = [class_]
        for here in found:
            scope = self.scopes[here].outer or self.module
            bases = [self.class_(base, scope) for base in here.bases]
            found += [base for base in bases if base is not None and base not in found]
        return found

    def method(self, class_: ast.ClassDef, name: str) -> Function | None:
        """Return a method of a class: its own, an inherited one, or one of those from it."""
        there = (self.scopes[each].functions.get(name) for each in self.family(class_))
        found = [each for each in there if each is not None]
        # One that is abstract returns nothing, and stands for those of the classes below.
        telling = (each for each in found if each in self.returns or each in self.generators)
        return next(telling, found[0] if found else None)
