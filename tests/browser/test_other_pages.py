"""The other pages in a browser: clauses, implementations, what changes, pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from . import sample_reports

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Open = Callable[..., Page]

pytestmark = pytest.mark.needs("browser")

CHUNKS = "fit.shuffle.batch-chunks"


@pytest.fixture
def changes(ordinary: Path, open_page: Open) -> Page:
    """What changes from the one version of Keras to the other."""
    return open_page((ordinary / "compare.html").as_uri() + "#before=keras-2.3&after=keras-3")


def changed(page: Page, kind: str) -> list[str]:
    """Return the clauses that are listed under a kind of change."""
    return page.locator(f"[id='{kind}'] a.id").all_text_contents()


def test_changes_are_grouped_for_a_person_who_upgrades(changes: Page) -> None:
    """What starts to fail, to pass, falls short or behaves otherwise is told apart."""
    assert changed(changes, "starts-to-pass") == ["fit.validation_split.class-weight-not-applied"]
    assert set(changed(changes, "starts-to-fail")) == {
        CHUNKS,
        "fit.validation_freq.tuple-set",
        "fit.workers.zero-main-thread",
    }
    assert changed(changes, "fails-otherwise") == ["fit.raises.not-compiled-RuntimeError"]
    assert changed(changes, "behaves-otherwise")


def test_a_change_shows_both_sides(changes: Page) -> None:
    """Sentence, expectation and both observations are beside each other."""
    item = changes.locator("li", has=changes.get_by_role("link", name=CHUNKS, exact=True))

    for text in ("permutes", "[2, 3]", "keras-2.3: pass", "keras-3: fail", "[3, 2]"):
        expect(item).to_contain_text(text)


def test_any_two_columns_can_be_compared(changes: Page, open_page: Open) -> None:
    """The choice changes the list, and stands in the address."""
    changes.get_by_label("From").select_option("keras-3")
    changes.get_by_label("to", exact=True).select_option("reference")
    # As the page has it; the browser hears of a change later.
    again = open_page(changes.evaluate("location.href"))

    assert CHUNKS in changed(changes, "starts-to-pass")
    assert changed(again, "starts-to-pass") == changed(changes, "starts-to-pass")
    expect(again).to_have_title("keras-3 to reference: what changes - fitspec")


def test_only_what_was_examined_can_be_compared(changes: Page) -> None:
    """What could not be started is no choice."""
    options = changes.get_by_label("From").locator("option").all_text_contents()

    assert "keras-3" in options
    assert "keras-3-torch" not in options


def test_the_sides_can_be_swapped(changes: Page) -> None:
    """Swapped, what started to fail starts to pass."""
    before = changed(changes, "starts-to-fail")

    changes.get_by_role("button", name="Swap").click()

    assert changed(changes, "starts-to-pass") == before


def test_a_change_leads_to_its_proof(changes: Page) -> None:
    """The link of a side leads to what was found there."""
    item = changes.locator("li", has=changes.get_by_role("link", name=CHUNKS, exact=True))

    item.get_by_role("link", name="keras-3: fail").click()

    expect(changes.locator("section:target")).to_contain_text("order lost")


def test_the_page_of_a_clause_tells_all_of_it(ordinary: Path, open_page: Open) -> None:
    """Sources, contradictions, what each implementation did, and the check are there."""
    page = open_page((ordinary / "clauses" / f"{CHUNKS}.html").as_uri())

    expect(page.get_by_role("heading", level=1)).to_have_text(CHUNKS)
    for text in ("004, ", "Resolved", "keras 3.15.1", "Mixes the rows", "order lost"):
        expect(page.locator("main")).to_contain_text(text)
    page.get_by_text("The check", exact=True).click()
    expect(page.locator(".check")).to_contain_text("def test_")


def test_a_script_is_copied_from_the_page_of_a_clause(ordinary: Path, open_page: Open) -> None:
    """The button does there what it does in the matrix."""
    page = open_page((ordinary / "clauses" / f"{CHUNKS}.html").as_uri())
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])

    page.get_by_role("button", name="Copy").click()

    expect(page.locator("[data-copy]")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == sample_reports.SCRIPT


def test_an_implementation_leads_to_its_verdicts_in_the_matrix(
    ordinary: Path, open_page: Open
) -> None:
    """From the count of a verdict one comes to the rows that have it."""
    page = open_page((ordinary / "implementations" / "keras-3.html").as_uri())

    page.get_by_role("link", name="2 fail").click()

    expect(page.locator("#count")).to_contain_text("2 of ")
    expect(page.locator("#count")).to_contain_text("1 implementation.")


def test_an_implementation_leads_to_what_changes(ordinary: Path, open_page: Open) -> None:
    """From its page one comes to a comparison with it."""
    page = open_page((ordinary / "implementations" / "keras-3.html").as_uri())

    page.get_by_role("link", name="What changes for who").click()

    expect(page.locator("#after")).to_have_value("keras-3")
    assert CHUNKS in changed(page, "starts-to-fail")


def test_every_link_leads_somewhere(ordinary: Path, open_page: Open) -> None:
    """All links of one page of each kind lead to a file, and to a place in it."""
    names = ["index", "compare", "pictures", f"clauses/{CHUNKS}", "implementations/keras-3"]
    targets: set[str] = set()
    for name in names:
        page = open_page((ordinary / f"{name}.html").as_uri())
        found = page.evaluate("[...document.links].map(a => a.href)")
        targets.update(item for item in found if item.startswith("file:"))

    texts: dict[str, str] = {}
    for target in targets:
        path, _, place = target.removeprefix(ordinary.as_uri() + "/").partition("#")
        if path not in texts:
            texts[path] = (ordinary / path).read_text("utf-8")
        made_by_script = "=" in place or path == "compare.html"
        assert made_by_script or not place or f'id="{place}"' in texts[path], target
    assert len(texts) > 100


def test_pictures_have_words(ordinary: Path, open_page: Open) -> None:
    """Each picture has a name, a description and the same numbers as a table."""
    page = open_page((ordinary / "pictures.html").as_uri())
    drawings = page.get_by_role("img")

    assert drawings.count() == 4
    known = page.get_by_role("img", name="Conformance over all versions that are known")
    expect(known).to_be_visible()
    expect(page.get_by_role("img", name="Conformance over versions of Keras")).to_be_visible()
    versions = page.locator("figure", has_text="over versions")
    versions.get_by_text("The numbers").click()
    expect(versions.get_by_role("row").nth(1)).to_contain_text("keras-2.3")
    expect(versions.get_by_role("row").nth(2)).to_contain_text("keras-3")
