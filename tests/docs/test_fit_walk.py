"""The page that follows a call of `fit` points at the lines that it speaks of."""

from __future__ import annotations

import ast
import os
import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "fit.md"
LINK = re.compile(r"\[`([\w.]+)`\]\(\.\./([\w/.]+)#L(\d+)\)")


def places(file: Path) -> dict[str, int]:
    """Return the lines where classes, functions and methods begin, and the first of the file."""
    found = {file.name: 1}
    for node in ast.parse(file.read_text("utf-8")).body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            found[node.name] = node.lineno
        if isinstance(node, ast.ClassDef):
            for each in node.body:
                if isinstance(each, ast.FunctionDef):
                    found[f"{node.name}.{each.name}"] = each.lineno
                    found.setdefault(each.name, each.lineno)
    return found


def pointed(link: re.Match[str]) -> str:
    """Return a link as it has to be."""
    name, path, _ = link.groups()
    file = PAGE.parents[1] / path
    known = places(file)
    line = known[name] if name in known else known[name.removeprefix(f"{file.stem}.")]
    return f"[`{name}`](../{path}#L{line})"


def test_every_link_points_at_its_line() -> None:
    """A name is linked to the line where it is defined; `UPDATE_SNAPSHOTS=1` mends the page."""
    text = PAGE.read_text("utf-8")
    right = LINK.sub(pointed, text)
    if os.environ.get("UPDATE_SNAPSHOTS"):
        PAGE.write_text(right, "utf-8")
        text = right

    assert len(LINK.findall(text)) > 30
    assert text == right


@pytest.mark.parametrize("name", sorted(set(re.findall(r"\.\./([\w/.]+)#", PAGE.read_text()))))
def test_a_module_that_is_linked_is_short_enough_to_read(name: str) -> None:
    """No module of the way is longer than a few screens."""
    assert len((PAGE.parents[1] / name).read_text("utf-8").splitlines()) <= 400
