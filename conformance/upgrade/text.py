"""The text of a program: where its expressions and its signs stand."""

from __future__ import annotations

import ast
import io
import tokenize
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Final

#: Tokens that say nothing to Python.
_NOTHING: Final = frozenset(
    {
        *(tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE),
        *(tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER),
    }
)


@dataclass(frozen=True, order=True)
class Sign:
    """A word or a sign of a program.

    Args:
        start, end: the bytes of it.
        string: what it is.
    """

    start: int
    end: int
    string: str


class Text:
    """The text of a program, in UTF-8, by line and column.

    Args:
        content: its bytes.
    """

    def __init__(self, content: bytes) -> None:
        self.content = content
        self._lines = content.splitlines(keepends=True)
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line))
        #: Of the line that was asked for last, how many bytes come before each column.
        self._columns: dict[int, list[int]] = {}

    def start(self, node: ast.expr | ast.keyword) -> int:
        """Return at which byte a node begins."""
        return self._starts[node.lineno - 1] + node.col_offset

    def end(self, node: ast.expr | ast.keyword) -> int:
        """Return at which byte a node ends."""
        assert node.end_lineno is not None  # noqa: S101  parsed
        assert node.end_col_offset is not None  # noqa: S101  parsed
        return self._starts[node.end_lineno - 1] + node.end_col_offset

    def has(self, node: ast.expr) -> bool:
        """Return whether an expression stands where it says, and is nothing that comes to it."""
        start = self.start(node)
        written = self.content[start : self.end(node)]
        at = self.number(start)
        if at == len(self.signs) or self.signs[at].start != start:
            return False  # It is a part of a text, in which Python 3.11 sees no signs.
        try:
            found = ast.parse(b"(" + written + b")", mode="eval").body
        except (SyntaxError, ValueError):
            return False
        return ast.dump(found) == ast.dump(node)

    @cached_property
    def signs(self) -> list[Sign]:
        """The words and signs, in their order, without comments and ends of lines."""
        readline = io.StringIO(self.content.decode(), newline="").readline
        return [
            Sign(self._at(token.start), self._at(token.end), token.string)
            for token in tokenize.generate_tokens(readline)
            if token.type not in _NOTHING
        ]

    def _at(self, place: tuple[int, int]) -> int:
        line, column = place
        if line not in self._columns:
            sizes = (len(character.encode()) for character in self._lines[line - 1].decode())
            self._columns = {line: [0, *accumulate(sizes)]}
        return self._starts[line - 1] + self._columns[line][column]

    def number(self, at: int) -> int:
        """Return which of the signs is the first one that does not begin before a byte."""
        return bisect_left(self.signs, at, key=lambda sign: sign.start)

    def around(self, node: ast.expr | ast.keyword) -> tuple[int, int]:
        """Return which signs stand before and after an argument, with its own parentheses."""
        before, after = self.number(self.start(node)) - 1, self.number(self.end(node))
        while self.signs[before].string == "(" and self.signs[after].string == ")":
            if self.signs[before - 1].string not in {",", "("}:
                break  # It is the one of the call.
            before, after = before - 1, after + 1
        return before, after

    def line_around(self, start: int, end: int) -> tuple[int, int]:
        """Return the bytes from one to another, or the whole line if nothing else is on it."""
        first = self.content.rfind(b"\n", 0, start) + 1
        last = self.content.find(b"\n", end) + 1
        beside = self.content[first:start] + self.content[end:last]
        return (first, last) if last and not beside.strip() else (start, end)
