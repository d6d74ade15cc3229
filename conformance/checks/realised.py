"""Where the reference realises which clause, found in its source without importing it."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.util import find_spec, module_from_spec
from itertools import pairwise
from textwrap import dedent
from typing import TYPE_CHECKING, TypeAlias

from fitspec.spec.loader import METHODS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from importlib.resources.abc import Traversable

    Definition: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
#: What is written like the id of a clause. A call, such as `r.fit(model)`, is none.
#: Said without possessive quantifiers, which take the full stop after it in Python 3.11.2.
_ID = re.compile(rf"(?<![\w./])(?:{'|'.join(METHODS)})(?:\.[\w-]+)+(?![\w(-]|\.[\w-])")
#: Of a comment that stands above its line, as much as can be read at a glance.
_MOST_LINES = 3


@dataclass(frozen=True)
class Place:
    """A line of the reference with the id of a clause beside it, or in the docstring under it.

    Args:
        file: its module, as a path below the folder of `fitspec`.
        line: its number, counted from 1.
        within: the function or class that it is in, by its name in the module; "" if in none.
        source: the line, after the comment above it, or before the line of the docstring, if the
            id is there.
    """

    file: str
    line: int
    within: str
    source: str


@cache
def places() -> Mapping[str, tuple[Place, ...]]:
    """Return the places of every clause that the reference cites, by what is written as its id."""
    # Files are found through a module, which need not be run for it.
    reference = module_from_spec(find_spec("fitspec.reference"))  # type: ignore[arg-type]  # it is there
    found: dict[str, list[Place]] = defaultdict(list)
    for file, source in sorted(_modules(files(reference), "reference")):
        for cited, place in cited_in(file, source):
            found[cited].append(place)
    return {cited: tuple(each) for cited, each in found.items()}


def _modules(folder: Traversable, path: str) -> Iterator[tuple[str, str]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _modules(entry, f"{path}/{entry.name}")
        elif entry.name.endswith(".py"):
            yield f"{path}/{entry.name}", entry.read_text("utf-8")


def cited_in(file: str, source: str) -> Iterator[tuple[str, Place]]:
    """Find the ids in the comments and docstrings of a module, and the line that each is beside.

    A comment after code is beside that code, one on a line of its own beside the code that follows.
    A docstring is beside the first line of what it describes.

    Args:
        file: where the module lies, as places name it.
        source: its text.
    """
    if not _ID.search(source):
        return
    tree = ast.parse(source)
    lines = source.splitlines()
    definitions = dict(_definitions(tree, ""))
    for text, line, shown in [*_comments(source, lines), *_docstrings(tree, lines)]:
        for cited in dict.fromkeys(_ID.findall(text)):
            within = _within(definitions, line)
            yield cited, Place(file, line, within, dedent("\n".join(shown)))


def _comments(source: str, lines: list[str]) -> Iterator[tuple[str, int, list[str]]]:
    """Yield every comment, the line of the code that it is about, and what shows both."""
    waiting: list[tuple[str, int]] = []
    code = 0
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        line = token.start[0]
        if token.type == tokenize.COMMENT:
            if code == line:
                yield token.string, line, lines[line - 1 : line]
            else:
                waiting.append((token.string, line))
        elif token.string.strip():
            code = token.end[0]
            for text, first in waiting:
                yield text, line, lines[max(first, line - _MOST_LINES + 1) - 1 : line]
            waiting = []


def _docstrings(tree: ast.Module, lines: list[str]) -> Iterator[tuple[str, int, list[str]]]:
    """Yield, as for comments, every line of every docstring, of those of attributes too."""
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if not isinstance(body, list):
            continue
        for described, statement in pairwise([node, *body]):
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                line = getattr(described, "lineno", 1)
                for number in range(statement.lineno, (statement.end_lineno or line) + 1):
                    text = lines[number - 1]
                    yield text, line, [text] if number == line else [lines[line - 1], text]


def _definitions(node: ast.AST, within: str) -> Iterator[tuple[str, Definition]]:
    for child in ast.iter_child_nodes(node):
        name = within
        if isinstance(child, _DEFINITIONS):
            name = f"{within}.{child.name}".lstrip(".")
            yield name, child
        yield from _definitions(child, name)


def _within(definitions: Mapping[str, Definition], line: int) -> str:
    """Return the innermost of the definitions that have a line in their body."""
    names = [
        name
        for name, each in definitions.items()
        if each.lineno < line <= (each.end_lineno or each.lineno)
    ]
    return names[-1] if names else ""
