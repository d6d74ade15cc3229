"""The page of all implementations agrees with what is known of each."""

from __future__ import annotations

import re
from pathlib import Path

from fitspec.conformance.implementations.registry import known
from fitspec.conformance.report.verdicts import Verdict

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "implementations.md"

ROW = re.compile(r"^\| `(?P<name>[^`]+)`: (?P<cells>.*) \|$", re.MULTILINE)


def rows() -> dict[str, list[str]]:
    """Return the cells of every row that has numbers, by implementation."""
    found = {
        match["name"]: [cell.strip() for cell in match["cells"].split("|")]
        for match in ROW.finditer(PAGE.read_text("utf-8"))
    }
    return {name: cells for name, cells in found.items() if any(cells[1:])}


def number(cell: str) -> int:
    """Return the number in a cell, which may link to a page."""
    found = re.match(r"\[?(\d*)", cell)
    return int(found[1] or 0) if found else 0


def test_every_implementation_has_a_row() -> None:
    """No implementation that has a name is left out, and each of them in the table's order."""
    names = [match["name"] for match in ROW.finditer(PAGE.read_text("utf-8"))]

    assert names == list(known())


def test_the_verdicts_add_up() -> None:
    """Every clause that was asked has one verdict."""
    verdicts = len([verdict for verdict in Verdict if verdict is not Verdict.UNAVAILABLE])
    sums = {
        name: (number(cells[1]), sum(map(number, cells[2 : 2 + verdicts])))
        for name, cells in rows().items()
    }

    assert sums
    assert {name: pair for name, pair in sums.items() if pair[0] != pair[1]} == {}


def test_whoever_falls_short_has_a_page() -> None:
    """Numbers other than those of passes lead to its page of causes, where it has one."""
    pages = {path.stem for path in (ROOT / "docs" / "deviations").glob("*.md")}
    linked = {name for name, cells in rows().items() if any("](" in cell for cell in cells)}

    assert linked == pages & rows().keys()
