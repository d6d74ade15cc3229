"""What names mean in a program: imports, assignments, functions and classes, by scope."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fitspec.conformance.upgrade.sources import Source

Function = ast.FunctionDef | ast.AsyncFunctionDef
Owner = ast.Module | ast.ClassDef | Function | ast.Lambda
#: Under which Keras is imported; the longer names first.
_KERAS: Final = ("tensorflow.python.keras", "tensorflow.keras", "tf_keras", "keras")
#: What is followed no further: a name for a name for a name.
_DEPTH: Final = 12


@dataclass(eq=False)
class Scope:
    """A module, a function or a class, with what is bound in it.

    Args:
        node: what it is.
        outer: the scope around it; None of a module.
        values: for each name, what is assigned to it, in order; None for what cannot be seen, such
            as an argument.
        functions, classes: those defined in it.
    """

    node: Owner
    outer: Scope | None
    values: dict[str, list[ast.expr | None]] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    classes: dict[str, ast.ClassDef] = field(default_factory=dict)

    def seen_from_inside(self) -> Iterator[Scope]:
        """Yield this scope and those around it in which a name is looked for."""
        here: Scope | None = self
        while here is not None:
            if here is self or not isinstance(here.node, ast.ClassDef):
                yield here
            here = here.outer

    def binding(self, name: str) -> Scope | None:
        """Return the nearest scope that binds a name; None if none does."""
        for scope in self.seen_from_inside():
            if name in scope.values or name in scope.functions or name in scope.classes:
                return scope
        return None

    @property
    def owner(self) -> ast.ClassDef | None:
        """The class that a method, or a function in one, belongs to."""
        here: Scope | None = self
        while here is not None:
            if isinstance(here.node, ast.ClassDef):
                return here.node
            here = here.outer
        return None


class Names(ast.NodeVisitor):
    """The names of one program.

    Args:
        source: the program.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.module = Scope(source.tree, None)
        self.scopes: dict[ast.AST, Scope] = {source.tree: self.module}
        self._imports: dict[str, str] = {}
        self._stars: list[str] = []
        #: Calls, and reads of attributes, each with the scope in which it stands.
        self.calls: list[tuple[ast.Call, Scope]] = []
        self.attributes: list[tuple[ast.Attribute, Scope]] = []
        #: Returns and yields of functions.
        self.returns: dict[ast.AST, list[ast.expr]] = {}
        self.generators: set[ast.AST] = set()
        #: What is assigned to `self.NAME`, by class.
        self.own: dict[tuple[ast.ClassDef, str], list[ast.expr]] = {}
        #: What is assigned to other attributes, as `layer.trainable = False`.
        self.set_attributes: list[tuple[ast.Attribute, ast.expr]] = []
        self._here = self.module
        self.generic_visit(source.tree)

    @property
    def has_keras(self) -> bool:
        """Whether Keras is imported, under any of its names."""
        return (
            any(_of_keras(item) is not None for item in self._imports.values())
            or any(_of_keras(item) is not None for item in self._stars)
            or "tensorflow" in self._imports.values()
        )

    def dotted(self, node: ast.expr, scope: Scope, depth: int = _DEPTH) -> str | None:
        """Return the full name of what was imported, "keras.layers"; None of anything else."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return None
        bound = scope.binding(node.id)
        if bound is not None:
            value = self.value_of(node, scope)
            if isinstance(value, ast.Attribute):
                # Such as a short name for the layers of Keras.
                base = self.dotted(value, bound, depth - 1) if depth else None
                return None if base is None else ".".join([base, *reversed(parts)])
            return None
        if node.id in self._imports:
            return ".".join([self._imports[node.id], *reversed(parts)])
        star = next((item for item in self._stars if _of_keras(item) is not None), None)
        return None if star is None else ".".join([star, node.id, *reversed(parts)])

    def keras(self, node: ast.expr, scope: Scope) -> str | None:
        """Return where in Keras something is, "models.Sequential"; None of anything else."""
        full = self.dotted(node, scope)
        return None if full is None else _of_keras(full)

    def value_of(self, node: ast.expr, scope: Scope) -> ast.expr | None:
        """Return what an expression stands for, as far as that can be seen; None if it cannot."""
        for _ in range(_DEPTH):
            if not isinstance(node, ast.Name):
                return node
            bound = scope.binding(node.id)
            if bound is None:
                return node if node.id in self._imports else None
            if node.id not in bound.values:
                return node
            found = bound.values[node.id]
            if len(found) != 1 or found[0] is None:
                return None
            node, scope = found[0], bound
        return None

    def values_of(self, node: ast.expr, scope: Scope) -> list[ast.expr] | None:
        """Return all that an expression may stand for; None if some of it cannot be seen."""
        if not isinstance(node, ast.Name):
            return [node]
        bound = scope.binding(node.id)
        found = bound.values.get(node.id, []) if bound is not None else []
        seen = [item for item in found if item is not None]
        return seen if seen and len(seen) == len(found) else None

    def function(self, node: ast.expr, scope: Scope) -> Function | None:
        """Return the function of the program that an expression names."""
        if isinstance(node, ast.Name):
            bound = scope.binding(node.id)
            return bound.functions.get(node.id) if bound is not None else None
        if isinstance(node, ast.Attribute) and _is_self(node.value) and scope.owner is not None:
            return self.scopes[scope.owner].functions.get(node.attr)
        return None

    def class_(self, node: ast.expr, scope: Scope) -> ast.ClassDef | None:
        """Return the class of the program that an expression names."""
        if not isinstance(node, ast.Name):
            return None
        bound = scope.binding(node.id)
        return bound.classes.get(node.id) if bound is not None else None

    def derives(self, class_: ast.ClassDef, bases: frozenset[str]) -> bool:
        """Return whether a class derives from one of Keras's with such a name."""
        scope = self.scopes[class_].outer or self.module
        seen: list[ast.ClassDef] = []
        todo = [class_]
        while todo:
            here = todo.pop()
            if here in seen:
                continue
            seen.append(here)
            for base in here.bases:
                path = self.keras(base, scope)
                if path is not None and path.rpartition(".")[2] in bases:
                    return True
                own = self.class_(base, scope)
                todo += [own] if own is not None else []
        return False

    # What the walk over the program gathers.

    def visit_Import(self, node: ast.Import) -> None:
        """Note what is imported."""
        for item in node.names:
            first = item.name.partition(".")[0]
            self._imports[item.asname or first] = item.name if item.asname else first

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        """Note what is imported; what is relative is the program's own."""
        if node.level or node.module is None:
            return
        for item in node.names:
            if item.name == "*":
                self._stars.append(node.module)
            else:
                self._imports[item.asname or item.name] = f"{node.module}.{item.name}"

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Enter a function."""
        self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        """Enter a function."""
        self._function(node)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        """Enter a lambda."""
        self._enter(node, arguments_of(node.args))

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """Enter a class."""
        self._here.classes[node.name] = node
        self._enter(node, [])

    def _function(self, node: Function) -> None:
        self._here.functions[node.name] = node
        self._enter(node, arguments_of(node.args))

    def _enter(self, node: Owner, names: list[str]) -> None:
        before = self._here
        self._here = self.scopes[node] = Scope(node, before, {name: [None] for name in names})
        self.generic_visit(node)
        self._here = before

    def visit_Assign(self, node: ast.Assign) -> None:
        """Note what is assigned."""
        for target in node.targets:
            self._assign(target, node.value)
        self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """Note what is assigned."""
        if node.value is not None:
            self._assign(node.target, node.value)
        self.generic_visit(node)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        """Note what is assigned."""
        self._assign(node.target, node.value)
        self.generic_visit(node)

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self._bind(target.id, value)
        elif isinstance(target, ast.Attribute):
            owner = self._here.owner
            if _is_self(target.value) and owner is not None:
                self.own.setdefault((owner, target.attr), []).append(value)
            self.set_attributes.append((target, value))
        elif isinstance(target, ast.Tuple | ast.List):
            same = isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts)
            for position, each in enumerate(target.elts):
                if same and isinstance(value, ast.Tuple | ast.List):
                    self._assign(each, value.elts[position])
                else:
                    self._assign(each, _item(value, position))

    def _bind(self, name: str, value: ast.expr | None) -> None:
        self._here.values.setdefault(name, []).append(value)

    def visit_Name(self, node: ast.Name) -> None:
        """Note what is bound otherwise: by a loop, a `with`, an exception."""
        if isinstance(node.ctx, ast.Store) and node.id not in self._here.values:
            self._bind(node.id, None)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        """Note that a name has another value from here on."""
        if isinstance(node.target, ast.Name):
            self._bind(node.target.id, None)
        self.generic_visit(node)

    def visit_For(self, node: ast.For) -> None:
        """Note that a name of a loop has many values."""
        for each in ast.walk(node.target):
            if isinstance(each, ast.Name):
                self._bind(each.id, None)
        self.generic_visit(node)

    def visit_Return(self, node: ast.Return) -> None:
        """Note what a function returns."""
        if node.value is not None:
            self.returns.setdefault(self._here.node, []).append(node.value)
        self.generic_visit(node)

    def visit_Yield(self, node: ast.Yield) -> None:
        """Note that a function is a generator."""
        self.generators.add(self._here.node)
        self.generic_visit(node)

    def visit_YieldFrom(self, node: ast.YieldFrom) -> None:
        """Note that a function is a generator."""
        self.generators.add(self._here.node)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        """Note a call."""
        self.calls.append((node, self._here))
        self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        """Note an attribute that is read."""
        if isinstance(node.ctx, ast.Load):
            self.attributes.append((node, self._here))
        self.generic_visit(node)


def _item(value: ast.expr, position: int) -> ast.expr:
    """Return the item of what is unpacked, as an expression that stands where the value does."""
    return ast.copy_location(
        ast.Subscript(value, ast.copy_location(ast.Constant(position), value), ast.Load()), value
    )


def arguments_of(arguments: ast.arguments) -> list[str]:
    """Return the names of the arguments of a function."""
    several = [item for item in (arguments.vararg, arguments.kwarg) if item is not None]
    plain = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return [item.arg for item in [*plain, *several]]


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


def _of_keras(dotted: str) -> str | None:
    for name in _KERAS:
        if dotted == name or dotted.startswith(f"{name}."):
            return dotted[len(name) + 1 :]
    return None
