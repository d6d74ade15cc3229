"""What names mean in a program: what is imported, assigned, passed, and held by its objects."""

from __future__ import annotations

import ast
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from fitspec.conformance.upgrade.classes import Classes
from fitspec.conformance.upgrade.scopes import arguments_of, is_self, read_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fitspec.conformance.upgrade.scopes import Function, Located, Scope
    from fitspec.conformance.upgrade.things import Thing

#: Under which Keras is imported; the longer names first.
_KERAS: Final = (
    *("tensorflow.compat.v1.keras", "tensorflow.compat.v2.keras"),
    *("tensorflow.contrib.keras.api.keras", "tensorflow.contrib.keras"),
    *("tensorflow.python.keras", "tensorflow.keras", "tf_keras", "keras"),
)
#: What is followed no further: a name for a name for a name.
_DEPTH: Final = 12
#: Built-in functions that give the items of what they are given.
_COPIES: Final = frozenset({"list", "tuple", "set", "sorted", "reversed"})
#: A value that a program does not show: a name that nothing binds.
_UNSEEN: Final = ast.Name("", ast.Load())


class Names(Classes):
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
        star = self._star
        return None if star is None else ".".join([star, name.id, *reversed(attributes)])

    @cached_property
    def _star(self) -> str | None:
        """The first module of Keras of which everything is imported."""
        return next((item for item in self.stars if _of_keras(item) is not None), None)

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
            item = self.item(node, scope, depth - 1)
            return (node, scope) if item is None else self.located(*item, depth - 1)
        if not isinstance(node, ast.Name):
            return node, scope
        bound = scope.binding(node.id)
        if bound is None:
            return (node, scope) if node.id in self.imports else None
        if node.id not in bound.values:
            return node, scope
        value = self._only_value(bound, node.id)
        return None if value is None else self.located(*value, depth - 1)

    def _only_value(self, bound: Scope, name: str) -> Located | None:
        """Return the one value that a name is given; None if there are others, or none is seen."""
        key = bound, name
        if key not in self._only:
            # What leads to itself is nothing by that way.
            self._only[key] = None
            given = self._values(bound, name)
            self._only[key] = given[0] if len(given) == 1 else None
        return self._only[key]

    @cached_property
    def _only(self) -> dict[tuple[Scope, str], Located | None]:
        return {}

    def _values(self, bound: Scope, name: str) -> list[Located]:
        """Return the values that a name is given; nothing where only some are seen."""
        found = bound.values[name]
        seen = [(value, bound) for value in found if value is not None]
        if seen:
            return seen if len(seen) == len(found) else []
        given = self.passed.get((bound.node, name), [])
        containers = bound.looped.get(name, [])
        if not given and len({ast.dump(each) for each in containers}) == 1 <= len(found) <= len(
            containers
        ):
            # Of a loop: the one expression that makes each of the items.
            given = self.held(containers[0], bound)
        return given

    def above(self, node: ast.expr, scope: Scope, line: int) -> Located | None:
        """Return what an expression stands for at a line: of a name, what it was given last."""
        bound = scope.binding(node.id) if isinstance(node, ast.Name) else None
        if isinstance(node, ast.Name) and bound is scope:
            lines, last = self._given(bound, node.id)
            if place := bisect_right(lines, line):
                return self.located(last[place - 1], bound)
        return self.located(node, scope)

    def assigned_above(self, node: ast.expr, scope: Scope, call: ast.Call) -> ast.expr:
        """Return what a name that is assigned again and again has at a call; else the expression.

        A value that only one arm of an `if` assigns, of those the call stands in none of, leaves
        the name as it is.
        """
        bound = scope.binding(node.id) if isinstance(node, ast.Name) else None
        if not isinstance(node, ast.Name) or bound is not scope:
            return node
        values = scope.values.get(node.id, [])
        lines, last = self._given(scope, node.id)
        place = bisect_right(lines, call.lineno)
        if len(values) < 2 or None in values or not place:
            return node
        arms = self.arms.get(last[place - 1], frozenset())
        return node if arms - self.arms.get(call, frozenset()) else last[place - 1]

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
        found: dict[tuple[ast.AST, str], dict[str, Located]] = {}
        for call, scope in self.calls:
            function = self.function(call.func, scope)
            class_ = self.class_(call.func, scope)
            if class_ is not None:
                function = self.method(class_, "__init__")
            if function is None:
                continue
            for name, value, where in self.matched(call, scope, function):
                there = found.setdefault((function, name), {})
                there.setdefault(ast.dump(value), (value, where))
        return {place: [*values.values()] for place, values in found.items()}

    def matched(
        self, call: ast.Call, scope: Scope, function: Function | ast.Lambda
    ) -> Iterator[tuple[str, ast.expr, Scope]]:
        """Yield what a call gives to a function, by the names of its arguments."""
        arguments = arguments_of(function.args)
        first = 1 if arguments[:1] in (["self"], ["cls"]) else 0
        given: set[str] = set()
        starred = False
        for name, value in zip(arguments[first:], call.args, strict=False):
            starred = starred or isinstance(value, ast.Starred)
            if not starred:
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
        outer = self.scopes[function].outer or self.module
        for name, default in _defaults(function.args):
            if name not in given:
                yield name, default, outer

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

    def held(self, node: ast.expr, scope: Scope) -> list[Located]:
        """Return the items of a container, as far as they can be seen."""
        put = [(each.item, each.scope) for each in self.put_into(node, scope)]
        value, where = self.located(node, scope) or (node, scope)
        items: list[ast.expr] = []
        if isinstance(value, ast.BinOp):
            value = value.left
        if isinstance(value, ast.List | ast.Tuple | ast.Set):
            items = value.elts
        elif isinstance(value, ast.ListComp | ast.GeneratorExp):
            items = [value.elt]
        elif isinstance(value, ast.Dict):
            items = value.values
        elif isinstance(value, ast.DictComp):
            items = [value.value]
        elif isinstance(value, ast.Call):
            return [*self._held_by_call(value, where), *put]
        return [(item, where) for item in items] + put

    def _held_by_call(self, call: ast.Call, scope: Scope) -> Iterator[Located]:
        if isinstance(call.func, ast.Attribute) and call.func.attr == "values":
            yield from self.held(call.func.value, scope)
        if not isinstance(call.func, ast.Name) or scope.binding(call.func.id) or not call.args:
            return
        if call.func.id in _COPIES:
            yield from self.held(call.args[0], scope)
        function = self.function(call.args[0], scope) if call.func.id == "map" else None
        if function is not None:
            yield from ((each, self.scopes[function]) for each in self.returns.get(function, []))

    def item(self, node: ast.Subscript, scope: Scope, depth: int = _DEPTH) -> Located | None:
        """Return the item of a container that is seen, as of a dict or of what is returned."""
        key = node.slice.value if isinstance(node.slice, ast.Constant) else None
        found = None if key is None else self.located(node.value, scope, depth)
        function = None
        if found is not None and isinstance(found[0], ast.Call):
            function = self.function(found[0].func, found[1])
        if function is not None:
            returned = self.returns.get(function, [])
            inner = self.scopes[function]
            found = self.located(returned[0], inner, depth) if len(returned) == 1 else None
        items = [] if found is None else [(each, found[1]) for each in self.at_key(found[0], key)]
        items += self.put_at(node.value, scope, key) if items else []
        return items[0] if len(items) == 1 else None

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


def _defaults(arguments: ast.arguments) -> Iterator[tuple[str, ast.expr]]:
    plain = [*arguments.posonlyargs, *arguments.args]
    first = len(plain) - len(arguments.defaults)
    for item, default in zip(plain[first:], arguments.defaults, strict=True):
        yield item.arg, default
    for item, given in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if given is not None:
            yield item.arg, given


def _of_keras(dotted: str) -> str | None:
    for name in _KERAS:
        if dotted == name or dotted.startswith(f"{name}."):
            return dotted[len(name) + 1 :]
    return None
