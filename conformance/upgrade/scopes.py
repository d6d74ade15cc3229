"""What a program binds where: imports, assignments, functions and classes, by scope."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fitspec.conformance.upgrade.sources import Source

Function = ast.FunctionDef | ast.AsyncFunctionDef
Owner = ast.Module | ast.ClassDef | Function | ast.Lambda


@dataclass(eq=False)
class Scope:
    """A module, a function or a class, with what is bound in it.

    Args:
        node: what it is.
        outer: the scope around it; None of a module.
        values: for each name, what is assigned to it, in order; None for what cannot be seen, such
            as an argument.
        functions, classes: those defined in it.
        annotations: what names are said to be.
        looped: for the names of loops, the containers whose items they are.
        elsewhere: the names that a function binds around it, by `global` and `nonlocal`.
    """

    node: Owner
    outer: Scope | None
    values: dict[str, list[ast.expr | None]] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    classes: dict[str, ast.ClassDef] = field(default_factory=dict)
    annotations: dict[str, ast.expr] = field(default_factory=dict)
    looped: dict[str, list[ast.expr]] = field(default_factory=dict)
    elsewhere: dict[str, Scope] = field(default_factory=dict)

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


#: An expression, and the scope in which its names are looked for.
Located = tuple[ast.expr, Scope]


@dataclass(frozen=True)
class Put:
    """An item that a container is given after it is made.

    Args:
        container: what it is given to.
        key: None where it has none; of a dict it is then another one, whose items are given.
        item: what is given.
        scope: in which that stands.
        arms: of `if`, in which it stands, as numbers.
    """

    container: ast.expr
    key: ast.expr | None
    item: ast.expr
    scope: Scope
    arms: frozenset[int]


class Bindings(ast.NodeVisitor):
    """What is bound in one program.

    Args:
        source: the program.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.module = Scope(source.tree, None)
        self.scopes: dict[ast.AST, Scope] = {source.tree: self.module}
        #: For each name that is imported, what it stands for; what is relative begins with a dot.
        self.imports: dict[str, str] = {}
        #: The modules of which all names are imported.
        self.stars: list[str] = []
        #: Calls, and reads of attributes, each with the scope in which it stands.
        self.calls: list[tuple[ast.Call, Scope]] = []
        self.attributes: list[tuple[ast.Attribute, Scope]] = []
        #: Returns of functions.
        self.returns: dict[ast.AST, list[ast.expr]] = {}
        #: What functions yield that are generators.
        self.generators: dict[ast.AST, list[ast.expr]] = {}
        #: What is assigned to `self.NAME`, by class.
        self.own: dict[tuple[ast.ClassDef, str], list[Located]] = {}
        #: What is assigned to attributes, as `layer.trainable = False`, by their names.
        self.set_attributes: dict[str, list[tuple[ast.Attribute, ast.expr, Scope]]] = {}
        #: What containers are given, by `append`, and by assigning to an item.
        self.put: list[Put] = []
        #: The arms of `if` and `except` in which calls, and what is assigned, stand that stand in
        #: any, as numbers.
        self.arms: dict[ast.expr, frozenset[int]] = {}
        self._arms: frozenset[int] = frozenset()
        self._here = self.module
        self.generic_visit(source.tree)

    def visit_Import(self, node: ast.Import) -> None:
        """Note what is imported."""
        for item in node.names:
            first = item.name.partition(".")[0]
            self.imports[item.asname or first] = item.name if item.asname else first

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        """Note what is imported."""
        module = "." * node.level + (node.module or "")
        for item in node.names:
            if item.name == "*":
                self.stars.append(module)
            else:
                self.imports[item.asname or item.name] = f"{module}.{item.name}"

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Enter a function."""
        self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        """Enter a function."""
        self._function(node)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        """Enter a lambda."""
        self.returns[node] = [node.body]
        self._enter(node, node.args)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """Enter a class, or one again that is made anew of itself, as from cell to cell."""
        before = self._here
        earlier = before.classes.get(node.name)
        if earlier is None or not any(_is_named(base, node.name) for base in node.bases):
            before.classes[node.name] = node
            self._enter(node, None)
            return
        self._here = self.scopes[earlier]
        self.generic_visit(node)
        self._here = before

    def _function(self, node: Function) -> None:
        self._here.functions[node.name] = node
        self._enter(node, node.args)

    def _enter(self, node: Owner, arguments: ast.arguments | None) -> None:
        before = self._here
        names = [] if arguments is None else arguments_of(arguments)
        self._here = self.scopes[node] = Scope(node, before, {name: [None] for name in names})
        for item in [] if arguments is None else _all(arguments):
            if item.annotation is not None:
                self._here.annotations[item.arg] = item.annotation
        self.generic_visit(node)
        self._here = before

    def visit_Global(self, node: ast.Global) -> None:
        """Note which names are the module's."""
        self._here.elsewhere.update(dict.fromkeys(node.names, self.module))

    def visit_Nonlocal(self, node: ast.Nonlocal) -> None:
        """Note which names are those of a function around it."""
        outer = self._here.outer
        for name in node.names:
            bound = outer.binding(name) if outer is not None else None
            if bound is not None:
                self._here.elsewhere[name] = bound

    def visit_Assign(self, node: ast.Assign) -> None:
        """Note what is assigned."""
        for target in node.targets:
            self._assign(target, node.value)
        self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """Note what is assigned, and what a name is said to be."""
        if isinstance(node.target, ast.Name):
            self._here.annotations[node.target.id] = node.annotation
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
            if is_self(target.value) and owner is not None:
                self.own.setdefault((owner, target.attr), []).append((value, self._here))
            self.set_attributes.setdefault(target.attr, []).append((target, value, self._here))
        elif isinstance(target, ast.Subscript):
            self._put(target.value, target.slice, value)
        elif isinstance(target, ast.Tuple | ast.List):
            same = isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts)
            for position, each in enumerate(target.elts):
                if same and isinstance(value, ast.Tuple | ast.List):
                    self._assign(each, value.elts[position])
                else:
                    self._assign(each, _item(value, position))

    def _bind(self, name: str, value: ast.expr | None) -> None:
        scope = self._here.elsewhere.get(name, self._here)
        scope.values.setdefault(name, []).append(value)
        if value is not None and self._arms:
            self.arms[value] = self._arms

    def visit_Name(self, node: ast.Name) -> None:
        """Note what is bound otherwise: by a loop, a `with`, an exception."""
        scope = self._here.elsewhere.get(node.id, self._here)
        if isinstance(node.ctx, ast.Store) and node.id not in scope.values:
            self._bind(node.id, None)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        """Note what a container is given, or that a name has another value from here on."""
        if isinstance(node.value, ast.Dict | ast.List | ast.Tuple):
            self._put_all(node.target, node.value)
        elif isinstance(node.target, ast.Name):
            self._bind(node.target.id, None)
        self.generic_visit(node)

    def visit_withitem(self, node: ast.withitem) -> None:
        """Note what a name stands for in a `with`."""
        if node.optional_vars is not None:
            self._assign(node.optional_vars, node.context_expr)
        self.generic_visit(node)

    def visit_If(self, node: ast.If) -> None:
        """Note in which arm statements stand, but for those of what a script does."""
        before = self._arms
        self.visit(node.test)
        for arm in (node.body, node.orelse):
            if not _asks_for_main(node.test):
                self._arms = before | {id(arm)}
            for each in arm:
                self.visit(each)
        self._arms = before

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        """Note that statements stand where something was raised."""
        before = self._arms
        self._arms = before | {id(node)}
        if node.name is not None:
            self._bind(node.name, None)
        self.generic_visit(node)
        self._arms = before

    def visit_For(self, node: ast.For) -> None:
        """Note that a name of a loop has many values."""
        self._loop(node.target, node.iter)
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        """Note of what a name of a comprehension is an item."""
        self._loop(node.target, node.iter, binds=False)
        self.generic_visit(node)

    def _loop(self, target: ast.expr, container: ast.expr, *, binds: bool = True) -> None:
        for name, held in _looped(target, container):
            # What a comprehension binds is not bound around it.
            if binds or name not in self._here.values:
                self._bind(name, None)
            self._here.looped.setdefault(name, []).append(held)

    def visit_Return(self, node: ast.Return) -> None:
        """Note what a function returns."""
        if node.value is not None:
            self.returns.setdefault(self._here.node, []).append(node.value)
        self.generic_visit(node)

    def visit_Yield(self, node: ast.Yield) -> None:
        """Note that a function is a generator, and what it yields."""
        found = self.generators.setdefault(self._here.node, [])
        found += [] if node.value is None else [node.value]
        self.generic_visit(node)

    def visit_YieldFrom(self, node: ast.YieldFrom) -> None:
        """Note that a function is a generator."""
        self.generators.setdefault(self._here.node, []).append(node)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        """Note a call, and what it puts into a container."""
        self.calls.append((node, self._here))
        if self._arms:
            self.arms[node] = self._arms
        if isinstance(node.func, ast.Attribute):
            self._give(node.func.value, node.func.attr, node)
        self.generic_visit(node)

    def _give(self, container: ast.expr, method: str, node: ast.Call) -> None:
        """Note what a method puts into a container."""
        if method == "append" and node.args:
            self._put(container, None, node.args[0])
        elif method == "extend" and node.args:
            self._put_all(container, node.args[0])
        elif method == "update":
            for item in node.keywords:
                key = None if item.arg is None else ast.Constant(item.arg)
                self._put(container, key, item.value)
            for given in node.args:
                self._put_all(container, given)

    def _put_all(self, container: ast.expr, given: ast.expr) -> None:
        if isinstance(given, ast.Dict):
            for key, value in zip(given.keys, given.values, strict=True):
                self._put(container, key, value)
        else:
            items = given.elts if isinstance(given, ast.List | ast.Tuple) else [given]
            for item in items:
                self._put(container, None, item)

    def _put(self, container: ast.expr, key: ast.expr | None, value: ast.expr) -> None:
        self.put.append(Put(container, key, value, self._here, self._arms))

    def visit_Attribute(self, node: ast.Attribute) -> None:
        """Note an attribute that is read."""
        if isinstance(node.ctx, ast.Load):
            self.attributes.append((node, self._here))
        self.generic_visit(node)


def _asks_for_main(test: ast.expr) -> bool:
    names = (node.id for node in ast.walk(test) if isinstance(node, ast.Name))
    return "__name__" in names


def _looped(target: ast.expr, container: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """Yield the names of a loop, each with the container whose items it takes."""
    if isinstance(target, ast.Name):
        yield target.id, container
        return
    given: list[ast.expr] = []
    if isinstance(container, ast.Call):
        function = container.func
        if isinstance(function, ast.Name) and function.id == "enumerate":
            given = [ast.Constant(None), *container.args]
        elif isinstance(function, ast.Name) and function.id == "zip":
            given = container.args
        elif isinstance(function, ast.Attribute) and function.attr == "items":
            given = [ast.Constant(None), function.value]
    parts = target.elts if isinstance(target, ast.Tuple | ast.List) else []
    for position, part in enumerate(parts):
        held = given[position] if position < len(given) else ast.Constant(None)
        yield from _looped(part, held)


def _item(value: ast.expr, position: int) -> ast.expr:
    """Return the item of what is unpacked, as an expression that stands where the value does."""
    return ast.copy_location(
        ast.Subscript(value, ast.copy_location(ast.Constant(position), value), ast.Load()), value
    )


def arguments_of(arguments: ast.arguments) -> list[str]:
    """Return the names of the arguments of a function."""
    return [item.arg for item in _all(arguments)]


def _all(arguments: ast.arguments) -> list[ast.arg]:
    several = [item for item in (arguments.vararg, arguments.kwarg) if item is not None]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *several]


def _is_named(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def is_self(node: ast.expr) -> bool:
    """Return whether an expression is what a method calls its own object."""
    return isinstance(node, ast.Name) and node.id in {"self", "cls"}


def read_of(node: ast.expr) -> tuple[ast.Name, list[str]] | None:
    """Return the name that attributes are read of, and these, the last first; None of no name."""
    attributes: list[str] = []
    while isinstance(node, ast.Attribute):
        attributes.append(node.attr)
        node = node.value
    return (node, attributes) if isinstance(node, ast.Name) else None


def last_name(node: ast.expr) -> str:
    """Return the last part of a name with dots; empty of anything else."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
