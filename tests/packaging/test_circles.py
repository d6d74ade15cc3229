"""No module of fitspec imports, by whatever way, one that imports it.

import-linter looks at folders and at the modules in them (see pyproject.toml). Here the packages
themselves count as well, with what their ``__init__`` imports: of `fitspec.reference.files` and
`fitspec.reference`, only one may import the other.
"""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).parents[2]


def modules_of(folder: Path) -> dict[str, Path]:
    """Return the file of every module in a folder at the root, by the module's name."""
    found = {}
    for file in folder.rglob("*.py"):
        parts = file.relative_to(folder.parent).with_suffix("").parts
        found[".".join(["fitspec", *parts]).removesuffix(".__init__")] = file
    return found


def imported(module: str, known: Mapping[str, Path]) -> Iterator[str]:
    """Yield what of `known` a module imports: at its top, for types only, or in a function."""
    file = known[module]
    package = module.split(".")[: None if file.name == "__init__.py" else -1]
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            # What is imported from a package is a module of it, or a name that it has.
            names = {f"{base}.{alias.name}" for alias in node.names}
            yield from names & known.keys()
            if names - known.keys() and base in known:
                yield base


@pytest.mark.parametrize("folder", ["spec", "reference", "conformance", "adapters"])
def test_no_module_is_in_a_circle(folder: str) -> None:
    """There is an order in which each module comes after all that it imports."""
    known = modules_of(ROOT / folder)
    graph = {module: set(imported(module, known)) for module in known}

    assert known
    order = [*TopologicalSorter(graph).static_order()]

    assert sorted(order) == sorted(known)


def test_every_kind_of_import_counts(tmp_path: Path) -> None:
    """Under a condition, inside a function, relative, of a module or of a name in one."""
    folder = tmp_path / "house"
    (folder / "room").mkdir(parents=True)
    (folder / "__init__.py").write_text("from fitspec.house.room import table\n")
    (folder / "door.py").write_text("if TYPE_CHECKING:\n    from . import window\n")
    (folder / "window.py").write_text("def f():\n    import fitspec.house.door\n")
    (folder / "room" / "__init__.py").write_text("def table(): pass\n")
    (folder / "room" / "wall.py").write_text("from ..door import handle\nfrom . import table\n")

    known = modules_of(folder)

    assert {module: sorted(imported(module, known)) for module in known} == {
        "fitspec.house": ["fitspec.house.room"],
        "fitspec.house.door": ["fitspec.house.window"],
        "fitspec.house.window": ["fitspec.house.door"],
        "fitspec.house.room": [],
        "fitspec.house.room.wall": ["fitspec.house.door", "fitspec.house.room"],
    }
