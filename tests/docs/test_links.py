"""What a page links to is there, in this repository, and so are the modules that it names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]

LINK = re.compile(r"\]\((?![a-z]+:)([^)\s#]*)(?:#([^)\s]+))?\)")
BLOCK = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
LINES = re.compile(r"L(\d+)(?:-L(\d+))?")

NAME = re.compile(r"\bfitspec((?:\.\w+){2,})")


def anchors(page: str) -> set[str]:
    """Return the names by which the headings of a page are linked to."""
    headings = HEADING.findall(BLOCK.sub("", page))
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def missing(page: Path, path: str, place: str) -> str:
    """Return what a link wants and does not find; empty if it leads somewhere."""
    file = page.parent / path if path else page
    if not file.exists():
        return "no such file"
    if not place:
        return ""
    text = file.read_text("utf-8") if file.is_file() else ""
    if lines := LINES.fullmatch(place):
        last = max(int(each) for each in lines.groups() if each)
        return "" if last <= len(text.splitlines()) else "no such line"
    return "" if place in anchors(text) else "no such heading"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    """A link is written as it is seen from its page, and what it names is there."""
    links = LINK.findall(BLOCK.sub("", page.read_text("utf-8")))

    wanting = {f"{path}#{place}": missing(page, path, place) for path, place in links}

    assert {link: reason for link, reason in wanting.items() if reason} == {}


@pytest.mark.parametrize(
    ("link", "reason"),
    [
        ("docs/fit.md", ""),
        ("docs", ""),
        ("docs/gone.md", "no such file"),
        ("README.md#L1", ""),
        ("README.md#L1-L99999", "no such line"),
        ("docs/adapters.md#in-your-own-test-suite", ""),
        ("docs/adapters.md#in-a-dream", "no such heading"),
        ("docs#L1", "no such line"),
    ],
)
def test_a_link_that_leads_nowhere_is_told(link: str, reason: str) -> None:
    """Files, folders, lines and headings are looked for."""
    path, _, place = link.partition("#")

    assert missing(ROOT / "README.md", path, place) == reason


def is_known(name: str) -> bool:
    """Whether a dotted name below `fitspec` is that of a module, or of something in one."""
    *parents, last = name.split(".")
    place = ROOT.joinpath(*parents)
    if (place / f"{last}.py").is_file() or (place / last).is_dir():
        return True
    files = [file for file in (place.with_suffix(".py"), place / "__init__.py") if file.is_file()]
    return any(re.search(rf"\b{last}\b", file.read_text("utf-8")) for file in files)


# The changelog also names what is gone.
@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if page.name != "CHANGELOG.md"],
    ids=lambda page: page.relative_to(ROOT).as_posix(),
)
def test_every_module_that_is_named_is_there(page: Path) -> None:
    """What a page tells a reader to import can be imported."""
    names = {name.removeprefix(".") for name in NAME.findall(page.read_text("utf-8"))}

    assert {name for name in names if not is_known(name)} == set()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("reference.layers", True),
        ("reference.torch.Model", True),
        ("adapters.keras3.Keras3", True),
        ("adapters.tables.Keras3", False),
        ("reference.layers.Nothing", False),
    ],
)
def test_a_module_that_is_gone_is_told(name: str, expected: bool) -> None:
    """Packages, modules and what is in them are looked for."""
    assert is_known(name) == expected
