"""The reference is small: its lines are counted, shown, and held to a limit."""

from __future__ import annotations

import ast
import io
import sys
import tokenize
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

import fitspec.reference

from .small import package

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(fitspec.reference.__file__).parent
#: What of it an implementer can do without: other processes, data of other libraries, what a device
#: needs, the bar, and the callbacks that come provided, with the list of their names.
LATER = {
    "callbacks/__init__",
    "callbacks/progress",
    "callbacks/provided",
    "data/devices",
    "data/iterable_batches",
    "data/iterables",
    "data/pending",
    "data/worker_processes",
}


class Part(NamedTuple):
    """A part of the reference that has to stay small.

    Attributes:
        limit: The lines of code that it may have.
        belongs: Whether a module belongs to it, by its path below the reference.

    """

    limit: int
    belongs: Callable[[str], bool]


def in_ring_1(path: str) -> bool:
    """Whether a module is one of the inner ring."""
    return path.partition("/")[0] in package.RING_1


PARTS = {
    "what an implementer must read": Part(1750, lambda path: in_ring_1(path) and path not in LATER),
    "ring 1": Part(2500, in_ring_1),
    "everything": Part(12840, lambda _: True),
}
#: The lines of code that the small reference may have, which passes the contract by itself.
SMALL = 5000
NOT_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}


def lines_of_code(source: str) -> int:
    """Return how many lines hold something besides comments, docstrings and space."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    lines = {
        line
        for token in tokens
        if token.type not in NOT_CODE
        for line in range(token.start[0], token.end[0] + 1)
    }
    texts = (
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )
    for text in texts:
        lines -= set(range(text.lineno, (text.end_lineno or text.lineno) + 1))
    return len(lines)


def sizes() -> dict[str, int]:
    """Return the lines of code of every module, by its path below the reference."""
    return {
        path.relative_to(FOLDER).with_suffix("").as_posix(): lines_of_code(path.read_text("utf-8"))
        for path in sorted(FOLDER.rglob("*.py"))
    }


def test_lines_of_code_are_counted_as_people_do() -> None:
    """Space, comments and docstrings are left out; a call over two lines counts twice."""
    source = '"""What."""\n\n# why\nx = f(\n    1)\n\n\ndef g():\n    """How."""\n    return x\n'

    assert lines_of_code(source) == 4


@pytest.mark.parametrize("name", PARTS)
def test_a_part_is_small(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each part keeps to its limit, and says how large it is."""
    part = PARTS[name]
    size = sum(lines for path, lines in sizes().items() if part.belongs(path))

    with capsys.disabled():
        sys.stdout.write(f"\nlines of code of the reference, {name}: {size}\n")
    assert size <= part.limit


def test_the_small_reference_is_small(capsys: pytest.CaptureFixture[str]) -> None:
    """What passes the contract by itself keeps to its limit; see `small`."""
    size = sum(lines_of_code(file.read_text("utf-8")) for file in package.files().values())

    with capsys.disabled():
        sys.stdout.write(f"\nlines of code of the small reference: {size}\n")
    assert size <= SMALL


def test_what_may_be_read_later_is_there() -> None:
    """No module is left out by a name that it no longer has."""
    assert set(sizes()) >= LATER


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.py")), ids=lambda path: path.stem)
def test_a_module_has_a_few_screens(path: Path) -> None:
    """Nothing is longer than 400 lines, comments and all."""
    assert len(path.read_text("utf-8").splitlines()) <= 400
