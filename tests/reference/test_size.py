"""The reference is small: its lines are counted, shown, and held to a limit."""

from __future__ import annotations

import ast
import io
import sys
import tokenize
from pathlib import Path

import pytest

import fitspec.reference

FOLDER = Path(fitspec.reference.__file__).parent
#: Model, compile, training loop, data, queue and callbacks.
CORE = (
    "api/arguments api/calls api/compiled api/compiling api/get_layer api/methods "
    "api/requests api/tentative api/whole_numbers callbacks/__init__ callbacks/base "
    "compute/engine config/naming data/batch_order data/batches data/columns data/feeding "
    "data/iterables data/prefetch data/sample_weights data/sequence data/sources "
    "data/worker_processes models/model models/sequential network/compiled_network "
    "network/graph network/input_layer network/layer network/network training/engine "
    "training/loop "
)
#: By part, the lines of code that it may have: no more than now. To aim at are 1,500 and 4,000.
LIMITS = {"core": 3080, "everything": 10430}
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


def test_the_reference_is_small(capsys: pytest.CaptureFixture[str]) -> None:
    """The core, and everything, keep to their limits."""
    found = sizes()
    core = sum(found[name] for name in CORE.split())
    everything = sum(found.values())

    with capsys.disabled():
        sys.stdout.write(f"\nlines of code of the reference: {everything}, of its core: {core}\n")
    assert core <= LIMITS["core"]
    assert everything <= LIMITS["everything"]


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.py")), ids=lambda path: path.stem)
def test_a_module_has_a_few_screens(path: Path) -> None:
    """Nothing is longer than 400 lines, comments and all."""
    assert len(path.read_text("utf-8").splitlines()) <= 400
