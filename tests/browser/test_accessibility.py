"""Each kind of page, in both themes and on a phone, examined by axe-core."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    Open = Callable[..., Page]

pytestmark = [pytest.mark.needs("browser"), pytest.mark.needs("node")]

CHUNKS = "fit.shuffle.batch-chunks"
PAGES = {
    # Of each kind of row a few: what is folded away or filtered out is not examined.
    "matrix": "index.html#text=fit.shuffle",
    "cell": f"index.html#text=shuffle&cell={CHUNKS}/keras-3",
    "clause": f"clauses/{CHUNKS}.html",
    "since": "clauses/fit.epochs.not-greater-than-initial.html",
    "implementation": "implementations/keras-3.html",
    "changes": "compare.html#before=keras-2.3&after=keras-3",
    "pictures": "pictures.html",
}


def findings(page: Page, axe: str) -> list[str]:
    """Return what axe-core finds, each with where it is."""
    page.evaluate(axe)
    # What it would load again, to look into it, a page in a folder may not give away.
    found: dict[str, Any] = page.evaluate("axe.run({ preload: false })")
    assert found["passes"]
    return [
        f"{item['impact']}: {item['id']}: {item['help']}: {node['html'][:200]}"
        for item in found["violations"]
        for node in item["nodes"][:3]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_keeps_people_out(
    ordinary: Path, open_page: Open, axe: str, name: str, scheme: str
) -> None:
    """axe-core has nothing to object to."""
    page = open_page(f"{ordinary.as_uri()}/{PAGES[name]}", scheme=scheme)
    if name == "cell":
        page.get_by_role("dialog").wait_for()
    if name == "pictures":
        for summary in page.get_by_text("The numbers").all():
            summary.click()

    assert findings(page, axe) == []


@pytest.mark.parametrize(("scheme", "width"), [("light", 1200), ("dark", 1200), ("light", 390)])
def test_nothing_keeps_people_out_of_versions(
    versions: Path, open_page: Open, axe: str, scheme: str, width: int
) -> None:
    """With the column that says since when, and the buttons of families."""
    page = open_page(f"{versions.as_uri()}/index.html", scheme=scheme, width=width)
    if width < 1200:
        page.locator("#box > summary").click()
    page.locator(".columns summary").click()
    page.get_by_role("button", name="keras on jax", exact=True).click()
    page.locator(".with-since").wait_for()

    assert findings(page, axe) == []


@pytest.mark.parametrize("name", ["matrix", "cell"])
def test_nothing_keeps_people_out_on_a_phone(
    ordinary: Path, open_page: Open, axe: str, name: str
) -> None:
    """Nor where the window is small."""
    page = open_page(f"{ordinary.as_uri()}/{PAGES[name]}", width=375)

    assert findings(page, axe) == []
