"""The code of our own functions and classes as a script of plain Keras has it."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from functools import cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: What is said to the tools that look at our code.
_FOR_TOOLS: Final = re.compile(r"  # (?:noqa|type: ignore).*")


@cache
def code_of(item: Callable[..., Any] | type) -> str:
    """Return the source of a function or class without types: these need imports of ours.

    Docstrings, comments and the lay-out stay.
    """
    text = _FOR_TOOLS.sub("", textwrap.dedent(inspect.getsource(item))).rstrip()
    lines = text.encode().split(b"\n")
    for line, start, end in sorted(_types(ast.parse(text)), reverse=True):
        before, after = lines[line][:start], lines[line][end:]
        lines[line] = before.removesuffix(b" -> ") + re.sub(rb"^ = ", b"=", after)
    return b"\n".join(lines).decode()


def _types(tree: ast.AST) -> Iterator[tuple[int, int, int]]:
    """Yield where types stand: line, and from which to which byte."""
    for node in ast.walk(tree):
        if isinstance(node, ast.arg) and node.annotation is not None:
            start = node.col_offset + len(node.arg)
            yield node.lineno - 1, start, node.annotation.end_col_offset or start
        elif isinstance(node, ast.FunctionDef) and node.returns is not None:
            start = node.returns.col_offset
            yield node.returns.lineno - 1, start, node.returns.end_col_offset or start
