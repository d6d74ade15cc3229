"""Reports that try to break out of a page: shown as what they are, and nothing else happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from fitspec import spec
from fitspec.conformance.report.hostile import visible

from . import sample_reports

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Open = Callable[..., Page]

pytestmark = pytest.mark.needs("browser")


def unbroken(page: Page) -> None:
    """Assert that nothing ran that is not of the site, and that nothing of it is lost."""
    assert page.evaluate("window.broken") is None
    assert page.locator("h1").count() == 1
    assert page.locator("main img, main script, main style, main iframe").count() == 0
    assert page.locator("footer.bottom").is_visible()


@pytest.mark.parametrize("name", ["index", "compare", "pictures"])
def test_a_page_stays_whole(hostile: Path, open_page: Open, name: str) -> None:
    """Names, messages and arrays are text on every page."""
    page = open_page((hostile / f"{name}.html").as_uri())

    unbroken(page)


def test_pages_of_clauses_and_implementations_stay_whole(hostile: Path, open_page: Open) -> None:
    """So they are on the pages of clauses and implementations, whatever these are called."""
    pages = sorted(hostile.glob("implementations/*.html"))
    clauses = sorted(hostile.glob("clauses/*.html"))

    assert len(pages) == 2 * len(sample_reports.ATTACKS)
    assert len(clauses) == 3
    for path in [*pages[::5], *clauses]:
        unbroken(open_page(path.as_uri()))


def test_every_cell_opens_unharmed(hostile: Path, open_page: Open) -> None:
    """What a cell loads is text as well, and all of it is seen."""
    page = open_page((hostile / "index.html").as_uri())
    clause = next(iter(spec.contract().clauses))
    cells = page.locator(f'tr[id="{clause}"] td a')

    for place, attack in enumerate(sample_reports.ATTACKS[:-1]):
        cells.nth(place).click()
        panel = page.get_by_role("dialog")
        expect(panel).to_be_visible()
        observed = panel.locator(".sides pre").last.text_content()
        assert observed == visible(f"array([{attack}], dtype={attack})")
        unbroken(page)
        page.keyboard.press("Escape")
        expect(panel).to_be_hidden()


def test_what_cannot_be_seen_is_written_out(hostile: Path, open_page: Open) -> None:
    """Control characters and marks that turn the direction of writing do nothing."""
    page = open_page((hostile / "index.html").as_uri())

    text = page.locator("main").text_content() or ""
    assert "\\u202egnp.exe" in text
    assert "\\x1b[31mred" in text
    assert "half of a pair: \\ud800" in text
    assert not set("\u202e\u2066\u200b\x00\x1b\x07") & set(text)


def test_files_have_harmless_names(hostile: Path) -> None:
    """Nothing is written elsewhere, and no name needs escaping in an address."""
    names = [path.name for path in hostile.rglob("*")]

    assert all(
        set(name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._@-")
        for name in names
    )
    assert not (hostile.parent.parent / "etc").exists()


def test_links_are_only_to_the_site(hostile: Path, open_page: Open) -> None:
    """No link runs a script, not even one that a file of expectations gives."""
    clause = next(iter(spec.contract().clauses))
    for name in ("index", f"clauses/{clause}"):
        page = open_page((hostile / f"{name}.html").as_uri())
        schemes = page.evaluate("[...new Set([...document.links].map(a => a.protocol))]")
        assert schemes == ["file:"]
    expect(page.locator("main")).to_contain_text("Known cause")
