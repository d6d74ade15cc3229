"""The single changes to a source text that a mutant is made of.

Each changes what one line computes: a comparison, an operator, a constant, which branch is taken, a
value that becomes None, a keyword or a conversion or a whole statement that is left out. What no
check could ever see is left alone: annotations, imports for types, docstrings, decorators, and what
an exception says.
"""

from __future__ import annotations

import ast
import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

#: What stands for an operator instead.
COMPARISONS = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
}
OPERATORS = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "/"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "*"),
    ast.Mod: ("%", "*"),
    ast.Pow: ("**", "*"),
    ast.BitOr: ("|", "&"),
    ast.BitAnd: ("&", "|"),
}
#: Functions of which one stands for the other.
OPPOSITES = {"any": "all", "all": "any", "min": "max", "max": "min"}
#: What makes another form of its only argument.
CONVERSIONS = frozenset(
    {
        "abs",
        "bool",
        "dict",
        "float",
        "frozenset",
        "int",
        "iter",
        "list",
        "reversed",
        "set",
        "sorted",
    }
    | {"str", "tuple", "asarray", "array"}
)
#: A text that is longer, or has a space, is for people.
LONGEST_WORD = 16


@dataclass(frozen=True)
class Change:
    """A change of a source.

    Args:
        function: the function or class it lies in, as its qualified name; empty outside of any.
        first, last: the lines that it touches, from 1.
        start, end: the place in the source, in bytes, that `text` stands for instead.
        text: what stands there.
        run: the first and the last of the lines of which one is executed by whoever executes the
            change: those of its statement, or of the body of the function whose default it is. Both
            are 0 where only the import of the module executes it.
    """

    function: str
    first: int
    last: int
    start: int
    end: int
    text: str
    run: tuple[int, int]

    def applied(self, source: bytes) -> bytes:
        """Return the source with the change."""
        return source[: self.start] + self.text.encode() + source[self.end :]

    def told(self, source: bytes) -> tuple[str, str]:
        """Return the lines that it touches without and with it, each with single spaces."""
        lines = source.splitlines(keepends=True)
        begin = sum(len(line) for line in lines[: self.first - 1])
        end = begin + sum(len(line) for line in lines[self.first - 1 : self.last])
        before = source[begin:end].decode()
        after = (source[begin : self.start] + self.text.encode() + source[self.end : end]).decode()
        return " ".join(before.split()), " ".join(after.split())


@dataclass(frozen=True)
class Mutant:
    """A module with one change, and what it is known by wherever its lines have gone.

    Args:
        id: of twelve digits: of the module, the function, and its lines before and after.
        module: its path below the reference, without the ending.
        change: the change.
        before, after: the lines that are changed, each with single spaces.
    """

    id: str
    module: str
    change: Change
    before: str
    after: str


def mutants(module: str, source: bytes) -> list[Mutant]:
    """Return every mutant of a module, in the order of its lines."""
    found = []
    seen: dict[tuple[str, str, str], int] = {}
    for change in sorted(
        set(_Changes(source).found), key=lambda one: (one.start, one.end, one.text)
    ):
        before, after = change.told(source)
        key = (change.function, before, after)
        seen[key] = seen.get(key, 0) + 1
        if before == after:
            continue
        text = "\n".join((module, *key, str(seen[key])))
        name = hashlib.sha256(text.encode()).hexdigest()[:12]
        found.append(Mutant(name, module, change, before, after))
    return found


class _Changes(ast.NodeVisitor):
    """Finds the changes of a source, which `found` lists."""

    def __init__(self, source: bytes) -> None:
        self.found: list[Change] = []
        self._source = source
        self._starts = [0]
        for line in source.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))
        self._names: list[str] = []
        self._run = (0, 0)
        self._inside = False
        self.visit(ast.parse(source))

    # -- where --

    def _place(self, line: int, column: int) -> int:
        return self._starts[line - 1] + column

    def _start(self, node: ast.expr | ast.stmt | ast.keyword) -> int:
        return self._place(node.lineno, node.col_offset)

    def _end(self, node: ast.expr | ast.stmt | ast.keyword) -> int:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._place(node.end_lineno, node.end_col_offset)

    def _text(self, node: ast.expr | ast.stmt) -> str:
        return self._source[self._start(node) : self._end(node)].decode()

    def _line(self, place: int) -> int:
        return self._source.count(b"\n", 0, place) + 1

    def _change(self, start: int, end: int, text: str) -> None:
        first, last = self._line(start), self._line(end)
        function = ".".join(self._names)
        self.found.append(Change(function, first, last, start, end, text, self._run))

    def _instead(self, node: ast.expr | ast.stmt, text: str) -> None:
        self._change(self._start(node), self._end(node), text)

    def _operator(self, left: ast.expr, right: ast.expr, old: str, new: str) -> None:
        start = self._end(left)
        between = self._source[start : self._start(right)].decode()
        found = re.search(re.escape(old).replace(r"\ ", r"\s+"), between)
        if found is not None:
            self._change(start + found.start(), start + found.end(), new)

    def _negated(self, node: ast.expr) -> None:
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            self._instead(node, f"({self._text(node.operand)})")
        elif not (isinstance(node, ast.Compare) and len(node.ops) == 1 and _turned(node.ops[0])):
            self._instead(node, f"(not ({self._text(node)}))")

    def _none(self, node: ast.expr | None) -> None:
        if node is not None and not isinstance(node, ast.Constant):
            self._instead(node, "None")

    # -- statements --

    def visit(self, node: ast.AST) -> None:
        """Look at a node and all that is in it."""
        if self._inside and isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            last = body[0].lineno - 1 if body else node.end_lineno or node.lineno
            self._run = (node.lineno, max(last, node.lineno))
        elif self._inside and isinstance(node, ast.pattern):
            self._run = (node.lineno, node.end_lineno)
        super().visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._names.append(node.name)
        inside, self._inside = self._inside, True
        self._run = (node.body[0].lineno, node.end_lineno or node.lineno)
        for default in (*node.args.defaults, *node.args.kw_defaults):
            if default is not None:
                self.visit(default)
        self._visit_body(node.body)
        self._inside = inside
        self._run = (0, 0)
        self._names.pop()

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._names.append(node.name)
        inside, self._inside = self._inside, False
        self._run = (0, 0)
        self._visit_body(node.body)
        self._inside = inside
        self._names.pop()

    def visit_Module(self, node: ast.Module) -> None:
        self._visit_body(node.body)

    def _visit_body(self, body: Sequence[ast.stmt]) -> None:
        for item in body:
            text = isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant)
            names = ["__all__"] if isinstance(item, ast.Assign) else []
            if not text and not any(name in self._text(item)[:8] for name in names):
                self.visit(item)

    def visit_If(self, node: ast.If) -> None:
        if ast.unparse(node.test) != "TYPE_CHECKING":
            self._negated(node.test)
            self.generic_visit(node)

    def visit_While(self, node: ast.While) -> None:
        self._negated(node.test)
        self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> None:
        self._instead(node, "pass")

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):
            self._instead(node, "pass")
            self.generic_visit(node)

    def visit_Delete(self, node: ast.Delete) -> None:
        self._instead(node, "pass")

    def visit_Break(self, node: ast.Break) -> None:
        self._instead(node, "pass")

    def visit_Continue(self, node: ast.Continue) -> None:
        self._instead(node, "pass")

    def visit_Return(self, node: ast.Return) -> None:
        self._none(node.value)
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        if any(isinstance(item, (ast.Attribute, ast.Subscript)) for item in node.targets):
            self._instead(node, "pass")
        self._none(node.value)
        for target in node.targets:
            self.visit(target)
        self.visit(node.value)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None and ast.unparse(node.annotation) != "TypeAlias":
            self._none(node.value)
            self.visit(node.value)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self._instead(node, "pass")
        if type(node.op) in OPERATORS:
            old, new = OPERATORS[type(node.op)]
            self._operator(node.target, node.value, f"{old}=", f"{new}=")
        self.visit(node.value)

    # -- expressions --

    def visit_Compare(self, node: ast.Compare) -> None:
        sides = [node.left, *node.comparators]
        for left, right, operator in zip(sides, sides[1:], node.ops, strict=False):
            self._operator(left, right, *COMPARISONS[type(operator)])
            if type(operator) in {ast.Lt, ast.LtE, ast.Gt, ast.GtE}:
                old = COMPARISONS[type(operator)][0]
                turned = {"<": ">", ">": "<"}[old[0]] + ("" if old[1:] else "=")
                self._operator(left, right, old, turned)
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if type(node.op) in OPERATORS:
            self._operator(node.left, node.right, *OPERATORS[type(node.op)])
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        for left, right in zip(node.values, node.values[1:], strict=False):
            self._operator(left, right, old, new)
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, (ast.USub, ast.Not)):
            self._instead(node, f"({self._text(node.operand)})")
        self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self._negated(node.test)
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        for condition in node.ifs:
            self._instead(condition, "True")
        self.generic_visit(node)

    def visit_Slice(self, node: ast.Slice) -> None:
        for bound in (node.lower, node.upper, node.step):
            if bound is not None:
                self._instead(bound, "")
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
        if name in OPPOSITES and isinstance(node.func, ast.Name):
            self._instead(node.func, OPPOSITES[name])
        if name in CONVERSIONS and len(node.args) == 1 and not node.keywords:
            self._instead(node, f"({self._text(node.args[0])})")
        if name == "copy" and isinstance(node.func, ast.Attribute) and not node.args:
            self._instead(node, self._text(node.func.value))
        for keyword in node.keywords:
            if keyword.arg not in {None, "strict"}:
                self._without(keyword)
        self.generic_visit(node)

    def visit_keyword(self, node: ast.keyword) -> None:
        # What `zip` demands of its arguments only tells mistakes of ours.
        if node.arg != "strict":
            self.generic_visit(node)

    def _without(self, keyword: ast.keyword) -> None:
        start, end = self._start(keyword), self._end(keyword)
        after = re.match(rb"\s*,[ ]*", self._source[end:])
        before = re.search(rb",\s*$", self._source[:start])
        if after is not None:
            self._change(start, end + after.end(), "")
        elif before is not None:
            self._change(before.start(), end, "")
        else:
            self._change(start, end, "")

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """Leave out what is for people."""

    def visit_Constant(self, node: ast.Constant) -> None:
        value = node.value
        if isinstance(value, bool):
            self._instead(node, str(not value))
        elif isinstance(value, (int, float)):
            self._instead(node, repr(value + 1))
            if value == 1:
                self._instead(node, "0")
        elif isinstance(value, str) and 0 < len(value) <= LONGEST_WORD and " " not in value:
            self._instead(node, repr(f"no {value}"))


def _turned(operator: ast.cmpop) -> bool:
    """Whether changing the operator is as much as negating the comparison."""
    return type(operator) in {ast.Eq, ast.NotEq, ast.Is, ast.IsNot, ast.In, ast.NotIn}
