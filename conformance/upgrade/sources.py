"""The programs that a person names: files, notebooks, and folders of them."""

from __future__ import annotations

import ast
import codeop
import json
import re
import textwrap
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

#: Folders of what others wrote, or of copies.
_PASSED_OVER: Final = frozenset({"node_modules", "site-packages", "venv", "__pycache__"})
_SUFFIXES: Final = (".py", ".ipynb")
#: Cells of another language; of these magics the rest of the cell is Python.
_MAGIC_OF_PYTHON: Final = frozenset({"%%time", "%%timeit", "%%capture", "%%prun"})
_MAGIC: Final = re.compile(r"^(\s*)([%!?]|[\w, ]+=\s*[%!]|.*\?\s*$)")
#: Magic of which the rest of the line is Python, with its options.
_TIMED: Final = re.compile(r"^(\s*)(%(?:time|timeit|prun|memit)\s+(?:-\w+\s*\d*\s+)*)(\S.*)$")
#: How many lines of a cell are parsed at first.
_FEW: Final = 16
#: That more may follow.
_OF_A_PART: Final[int] = codeop.PyCF_ALLOW_INCOMPLETE_INPUT  # type: ignore[attr-defined]  # it has it from 3.11 on
#: What the parser says where lines end in the middle of something.
_CUT: Final = re.compile("incomplete input|was never closed|unterminated triple-quoted")
_IGNORED: Final = re.compile(r"#\s*fitspec:\s*ignore\[([^\]]*)\]")


@dataclass(frozen=True, order=True)
class Place:
    """Where something stands.

    Args:
        file: as it was named, or below the folder that was.
        line: from 1; in a notebook, of the cell.
        column: from 1.
        cell: of a notebook, from 1 among all of its cells; 0 in a file.
    """

    file: str
    cell: int
    line: int
    column: int

    def __str__(self) -> str:
        cell = f":cell {self.cell}" if self.cell else ""
        return f"{self.file}{cell}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Source:
    """A program, parsed.

    Args:
        file: its path.
        tree: what it says; the cells of a notebook follow one another.
        lines: its text.
        cells: of a notebook, for each line its cell and the line in that; empty for a file.
    """

    file: str
    tree: ast.Module
    lines: tuple[str, ...]
    cells: tuple[tuple[int, int], ...] = field(default=(), repr=False)

    def place(self, node: ast.expr | ast.stmt) -> Place:
        """Return where a node begins."""
        cell, line = self.cells[node.lineno - 1] if self.cells else (0, node.lineno)
        return Place(self.file, cell, line, node.col_offset + 1)

    def ignored(self, node: ast.expr | ast.stmt) -> frozenset[str]:
        """Return the clauses that a comment on the lines of a node says to pass over."""
        last = node.end_lineno or node.lineno
        text = "\n".join(self.lines[node.lineno - 1 : last])
        return frozenset(
            name.strip() for found in _IGNORED.findall(text) for name in found.split(",")
        )


@dataclass(frozen=True)
class Unread:
    """A file, or a cell, that could not be read.

    Args:
        file: with the cell.
        reason: why.
    """

    file: str
    reason: str


def read(paths: Iterable[Path]) -> Iterator[Source | Unread]:
    """Yield what is found at paths, each file once.

    Args:
        paths: of files, whatever their names, and of folders, whose Python files and notebooks are
            taken; hidden ones and environments are not.

    Raises:
        ValueError: there is no such file or folder.
    """
    given = list(paths)
    for path in given:
        if not path.exists():
            raise ValueError(f"{path}: there is no such file or folder")
    for file in dict.fromkeys(file for path in given for file in _files(path)):
        yield from _read_file(file)


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for each in sorted(path.iterdir()):
        if each.name.startswith(".") or each.name in _PASSED_OVER:
            continue
        if each.is_dir():
            if not each.is_symlink() and not (each / "pyvenv.cfg").exists():
                yield from _files(each)
        elif each.suffix in _SUFFIXES:
            yield each


def _read_file(file: Path) -> Iterator[Source | Unread]:
    try:
        content = file.read_bytes()
        if file.suffix == ".ipynb":
            yield from _notebook(str(file), content)
        else:
            tree = _parsed(content, str(file))
            yield Source(str(file), tree, tuple(lines(content)))
    except (OSError, ValueError, SyntaxError, RecursionError, MemoryError) as error:
        yield Unread(str(file), _reason(error))


def lines(content: bytes) -> list[str]:
    """Return the lines of a file, with their ends, as Python counts them.

    A text in Python can be cut at more signs than its parser cuts at, such as a form feed.
    """
    return [line.decode("utf-8", "replace") for line in content.splitlines(keepends=True)]


def _parsed(content: bytes | str, name: str, more: int = 0) -> ast.Module:
    with warnings.catch_warnings():
        # Of escapes in texts, which are no business of ours.
        warnings.simplefilter("ignore")
        tree: ast.Module = compile(content, name, "exec", ast.PyCF_ONLY_AST | more)
    return tree


def _reason(error: BaseException) -> str:
    if isinstance(error, OSError):
        return error.strerror or str(error)
    if isinstance(error, SyntaxError):
        return f"line {error.lineno}: no Python 3: {error.msg}"
    # The parser of Python says either.
    if isinstance(error, RecursionError | MemoryError):
        return "it is nested too deeply"
    return f"{type(error).__name__}: {error}"


def _notebook(file: str, content: bytes) -> Iterator[Source | Unread]:
    data: Any = json.loads(content)
    found = data.get("cells") if isinstance(data, dict) else None
    if not isinstance(found, list):
        raise ValueError("no notebook of format 4: a list of cells was expected")  # noqa: TRY004  what the file holds is wrong, not a type of ours
    text: list[str] = []
    cells: list[tuple[int, int]] = []
    for number, cell in enumerate(found, start=1):
        if not isinstance(cell, dict) or cell.get("cell_type") != "code":
            continue
        try:
            own = _without_magic(_text(cell.get("source", "")))
            _parsed("\n".join(own), file)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            yield Unread(f"{file}:cell {number}", _reason(error))
            continue
        text += own
        cells += [(number, line) for line in range(1, len(own) + 1)]
    yield Source(file, _parsed("\n".join(text), file), tuple(text), tuple(cells))


def _text(source: Any) -> str:
    """Return the text of a cell: notebooks have it whole, or a line at a time."""
    parts = source if isinstance(source, list) else [source]
    if not all(isinstance(part, str) for part in parts):
        raise ValueError("`source`: a text, or a list of texts, was expected")
    return "".join(parts)


def _without_magic(text: str) -> list[str]:
    # Other ends of lines than these are none to Python's parser.
    own = text.replace("\r\n", "\n").split("\n")
    if own[0][:1].isspace():
        # As a notebook does with a cell that was copied out of a block.
        own = textwrap.dedent("\n".join(own)).split("\n")
    if own[0].startswith("%%") and own[0].split()[0] not in _MAGIC_OF_PYTHON:
        return ["pass"]
    return _python_of(own)


def _python_of(own: list[str]) -> list[str]:
    """Return the lines of a cell, those that are no Python but for a notebook as Python.

    Only where Python's parser stops is a line taken for one of these: a line may begin with such a
    sign in the middle of a text, or of an expression.
    """
    own = [*own]
    begin, size = 0, _FEW
    while True:
        # The parser reads on behind what it cannot read: it is given few lines, and then more.
        end = min(begin + size, len(own))
        stopped = _stops_at(own[begin:end], cut=end < len(own))
        at = begin + (stopped or 0) - 1
        if begin <= at < end and _MAGIC.match(own[at]):
            begin = _last_statement(own, begin, at)
            size = _FEW + 2 * (at - begin)
            at = _translate(own, at)
            # Behind a whole line there is no text and no expression that such a sign could be in.
            while at < len(own) and own[at].lstrip().startswith(("%", "!")):
                at = _translate(own, at)
        elif end < len(own):
            size *= 2
        else:
            return own


def _stops_at(own: list[str], *, cut: bool) -> int | None:
    """Return the line at which Python's parser stops; None if it reads all, or what is left off.

    Args:
        own: the lines.
        cut: whether more follow.
    """
    try:
        _parsed("\n".join(own), "", _OF_A_PART if cut else 0)
    except SyntaxError as error:
        return None if cut and _CUT.search(error.msg) else error.lineno
    return None


def _last_statement(own: list[str], begin: int, at: int) -> int:
    """Return where the last statement that is whole before a line begins: none before it changes.

    Args:
        own: the lines of a cell.
        begin: where a statement begins; it is returned where none that is whole follows.
        at: the line.
    """
    end = at
    while end > begin and (not own[end].strip() or own[end][0].isspace()):
        end -= 1
    if end == begin:
        return begin
    try:
        body = _parsed("\n".join(own[begin:end]), "").body
    except SyntaxError:
        return begin
    return begin + _first_line(body[-1]) - 1 if body else begin


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(item.lineno for item in decorators)])


def _translate(own: list[str], at: int) -> int:
    """Put Python in the place of a line, with those that it goes on in; return the next one."""
    goes_on = own[at].rstrip().endswith("\\")
    own[at] = _as_python(own[at])
    at += 1
    while goes_on and at < len(own):
        goes_on = own[at].rstrip().endswith("\\")
        own[at] = ""
        at += 1
    return at


def _as_python(line: str) -> str:
    """Return what a line of a notebook does in Python, at the same columns."""
    found = _TIMED.match(line)
    if found is None:
        return f"{line[: len(line) - len(line.lstrip())]}pass"
    indent, magic, statement = found.groups()
    return f"{indent}{'pass'.ljust(len(magic) - 1)};{statement}"
