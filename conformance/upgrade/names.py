"""What names mean in a program: what is imported, assigned, passed, and held by its objects."""

from __future__ import annotations

import ast
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Final, TypeVar

from fitspec.conformance.upgrade.containers import held, item_of
from fitspec.conformance.upgrade.passing import passed
from fitspec.conformance.upgrade.scopes import Bindings, Function, is_self, read_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fitspec.conformance.upgrade.scopes import Located, Put, Scope

#: Under which Keras is imported; the longer names first.
_KERAS: Final = (
    *("tensorflow.compat.v1.keras", "tensorflow.compat.v2.keras"),
    *("tensorflow.contrib.keras.api.keras", "tensorflow.contrib.keras"),
    *("tensorflow.python.keras", "tensorflow.keras", "tf_keras", "keras"),
)
#: What is followed no further: a name for a name for a name.
_DEPTH: Final = 12
#: What tells things apart that have names: the first name, where it is bound, and the others.
Thing = tuple[object, ...] | None
Item = TypeVar("Item")


class Names(Bindings):
    """The names of one program."""

    @property
    def has_keras(self) -> bool:
        """Whether Keras is imported, under any of its names."""
        there = [*self.imports.values(), *self.stars]
        return any(
            _of_keras(item) is not None or item in {"tensorflow", "tensorflow.compat.v1"}
            for item in there
        )

    def dotted(self, node: ast.expr, scope: Scope, depth: int = _DEPTH) -> str | None:
        """Return the full name of what was imported, "keras.layers"; None of anything else."""
        if (asked := self.asked_for(node, scope)) is not None and depth:
            base = self.dotted(asked.value, scope, depth - 1)
            return None if base is None else f"{base}.{asked.attr}"
        if (read := read_of(node)) is None:
            return None
        name, attributes = read
        if scope.binding(name.id) is not None:
            found = self.located(name, scope)
            if found is not None and isinstance(found[0], ast.Attribute) and depth:
                # Such as a short name for the layers of Keras.
                base = self.dotted(*found, depth - 1)
                return None if base is None else ".".join([base, *reversed(attributes)])
            return None
        if name.id in self.imports:
            return ".".join([self.imports[name.id], *reversed(attributes)])
        star = next((item for item in self.stars if _of_keras(item) is not None), None)
        return None if star is None else ".".join([star, name.id, *reversed(attributes)])

    def asked_for(self, node: ast.expr, scope: Scope) -> ast.Attribute | None:
        """Return the attribute that `getattr` is asked for, if its name can be seen."""
        if not isinstance(node, ast.Call) or len(node.args) < 2:
            return None
        name = self.value_of(node.args[1], scope)
        if not isinstance(node.func, ast.Name) or node.func.id != "getattr":
            return None
        if not isinstance(name, ast.Constant) or not isinstance(name.value, str):
            return None
        return ast.copy_location(ast.Attribute(node.args[0], name.value, ast.Load()), node)

    def keras(self, node: ast.expr, scope: Scope) -> str | None:
        """Return where in Keras something is, "models.Sequential"; None of anything else."""
        full = self.dotted(node, scope)
        return None if full is None else _of_keras(full)

    def value_of(self, node: ast.expr, scope: Scope) -> ast.expr | None:
        """Return what an expression stands for, as far as that can be seen; None if it cannot."""
        found = self.located(node, scope)
        return None if found is None else found[0]

    def located(self, node: ast.expr, scope: Scope, depth: int = _DEPTH) -> Located | None:
        """Return what an expression stands for, with the scope of that; None if not seen."""
        if not depth:
            return None
        if isinstance(node, ast.Attribute):
            own = self.attribute(node, scope, depth - 1)
            return self.located(*own[0], depth - 1) if len(own) == 1 else (node, scope)
        if isinstance(node, ast.Subscript):
            item = item_of(node, scope, self, depth - 1)
            return (node, scope) if item is None else self.located(*item, depth - 1)
        if not isinstance(node, ast.Name):
            return node, scope
        bound = scope.binding(node.id)
        if bound is None:
            return (node, scope) if node.id in self.imports else None
        if node.id not in bound.values:
            return node, scope
        found = bound.values[node.id]
        seen = [value for value in found if value is not None]
        if seen:
            return self.located(seen[0], bound, depth - 1) if len(found) == 1 else None
        given = self.passed.get((bound.node, node.id), [])
        containers = bound.looped.get(node.id, [])
        if not given and len({ast.dump(each) for each in containers}) == 1 <= len(found) <= len(
            containers
        ):
            # Of a loop: the one expression that makes each of the items.
            given = held(containers[0], bound, self)
        return self.located(*given[0], depth - 1) if len(given) == 1 else None

    def above(self, node: ast.expr, scope: Scope, line: int) -> Located | None:
        """Return what an expression stands for at a line: of a name, what it was given last."""
        bound = scope.binding(node.id) if isinstance(node, ast.Name) else None
        if isinstance(node, ast.Name) and bound is scope:
            lines, last = self._given(bound, node.id)
            if place := bisect_right(lines, line):
                return self.located(last[place - 1], bound)
        return self.located(node, scope)

    def _given(self, scope: Scope, name: str) -> tuple[list[int], list[ast.expr]]:
        """Return the lines on which a name is given what is seen, and what it has from each on."""
        key = scope, name
        if key not in self._lines:
            given = [item for item in scope.values.get(name, []) if item is not None]
            order = sorted(range(len(given)), key=lambda place: given[place].lineno)
            last = [given[place] for place in accumulate(order, max)]
            self._lines[key] = [given[place].lineno for place in order], last
        return self._lines[key]

    @cached_property
    def _lines(self) -> dict[tuple[Scope, str], tuple[list[int], list[ast.expr]]]:
        return {}

    def values_of(self, node: ast.expr, scope: Scope) -> list[ast.expr] | None:
        """Return all that an expression may stand for; None if some of it cannot be seen."""
        if not isinstance(node, ast.Name):
            return [node]
        bound = scope.binding(node.id)
        found = bound.values.get(node.id, []) if bound is not None else []
        seen = [item for item in found if item is not None]
        return seen if seen and len(seen) == len(found) else None

    @cached_property
    def passed(self) -> dict[tuple[ast.AST, str], list[Located]]:
        """What the program passes to each argument of its own functions, each value once."""
        return passed(self)

    def function(
        self, node: ast.expr, scope: Scope, depth: int = _DEPTH
    ) -> Function | ast.Lambda | None:
        """Return the function of the program that an expression names, or gives."""
        if isinstance(node, ast.Lambda):
            return node
        if isinstance(node, ast.Call) and depth:
            made = self.function(node.func, scope, depth - 1)
            returned = self.returns.get(made, []) if made is not None else []
            if made is None or len(returned) != 1 or made in self.generators:
                return None
            return self.function(returned[0], self.scopes[made], depth - 1)
        if isinstance(node, ast.Name):
            bound = scope.binding(node.id)
            if bound is None:
                return None
            found = bound.functions.get(node.id)
            value = bound.values.get(node.id, [None])[-1]
            if found is None and isinstance(value, ast.Lambda | ast.Call) and depth:
                return self.function(value, bound, depth - 1)
            return found
        if isinstance(node, ast.Attribute):
            class_ = self.class_(node.value, scope) or self.class_of(node.value, scope)
            return None if class_ is None else self.method(class_, node.attr)
        return None

    def class_(self, node: ast.expr, scope: Scope) -> ast.ClassDef | None:
        """Return the class of the program that an expression names."""
        if not isinstance(node, ast.Name):
            return None
        bound = scope.binding(node.id)
        return bound.classes.get(node.id) if bound is not None else None

    def class_of(self, node: ast.expr, scope: Scope, depth: int = _DEPTH) -> ast.ClassDef | None:
        """Return the class of the program of which an expression is an object."""
        if is_self(node):
            return scope.owner
        if isinstance(node, ast.Call):
            return self.class_(node.func, scope)
        if not depth:
            return None
        if isinstance(node, ast.Attribute):
            held = self.attribute(node, scope, depth - 1)
            return self.class_of(*held[0], depth - 1) if held else None
        if not isinstance(node, ast.Name):
            return None
        bound = scope.binding(node.id)
        if bound is None:
            return None
        if node.id in bound.annotations:
            return self.class_(bound.annotations[node.id], bound)
        seen = [item for item in bound.values.get(node.id, []) if item is not None]
        return self.class_of(seen[0], bound, depth - 1) if len(seen) == 1 else None

    def annotation(self, node: ast.expr, scope: Scope) -> Located | None:
        """Return what a name, or an attribute of an object of the program, is said to be."""
        if isinstance(node, ast.Name):
            bound = scope.binding(node.id)
            said = None if bound is None else bound.annotations.get(node.id)
            return None if said is None or bound is None else (said, bound)
        if not isinstance(node, ast.Attribute):
            return None
        class_ = self.class_of(node.value, scope)
        for each in self.family(class_) if class_ is not None else []:
            if (said := self.scopes[each].annotations.get(node.attr)) is not None:
                return said, self.scopes[each]
        return None

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

    def attribute(self, node: ast.Attribute, scope: Scope, depth: int = _DEPTH) -> list[Located]:
        """Return what is assigned to an attribute of an object of the program."""
        class_ = self.class_(node.value, scope) or self.class_of(node.value, scope, depth)
        for each in self.family(class_) if class_ is not None else []:
            inner = self.scopes[each]
            own = [(item, inner) for item in inner.values.get(node.attr, []) if item is not None]
            own += self.own.get((each, node.attr), [])
            if own:
                return own
        return self._of_attributes.get(self.thing(node, scope), [])

    @cached_property
    def _of_attributes(self) -> dict[Thing, list[Located]]:
        """What is assigned to attributes, by whose they are."""
        return self.by_thing(
            (target, where, (value, where))
            for targets in self.set_attributes.values()
            for target, value, where in targets
        )

    def thing(self, node: ast.expr, scope: Scope) -> Thing:
        """Return what is equal for the expressions that name the same thing; None of no name."""
        if (read := read_of(node)) is None:
            return None
        name, attributes = read
        if is_self(name):
            return "self", scope.owner, *attributes
        return name.id, scope.binding(name.id), *attributes

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

    def derives(self, class_: ast.ClassDef, bases: frozenset[str]) -> bool:
        """Return whether a class derives from one of Keras's with such a name."""
        for here in self._line(class_):
            scope = self.scopes[here].outer or self.module
            paths = [self.keras(base, scope) for base in here.bases]
            if any(path is not None and path.rpartition(".")[2] in bases for path in paths):
                return True
        return False

    def imported_bases(self, class_: ast.ClassDef) -> list[str]:
        """Return the full names of what a class derives from that is imported."""
        found = [
            self.dotted(base, self.scopes[here].outer or self.module)
            for here in self._line(class_)
            for base in here.bases
        ]
        return [each for each in found if each is not None]


def _of_keras(dotted: str) -> str | None:
    for name in _KERAS:
        if dotted == name or dotted.startswith(f"{name}."):
            return dotted[len(name) + 1 :]
    return None
