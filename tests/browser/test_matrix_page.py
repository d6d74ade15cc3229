"""The matrix page in a browser: filters, folding, cells, keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from . import sample_reports

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser

    Open = Callable[..., Page]

pytestmark = pytest.mark.needs("browser")

CHUNKS = "fit.shuffle.batch-chunks"
SPLIT = "fit.validation_split.class-weight-not-applied"
#: What comes to something else on a version of `versioned.history`.
TURNED = "fit.epochs.final-epoch"
NO_CLIPBOARD = "() => { navigator.clipboard.writeText = () => Promise.reject(new Error()); }"


@pytest.fixture
def matrix(ordinary: Path, open_page: Open) -> Page:
    """The matrix, just opened."""
    return open_page((ordinary / "index.html").as_uri())


def clauses(page: Page) -> list[str]:
    """Return the ids of the clauses that are seen."""
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('tr.clause')]"
        ".filter(row => row.checkVisibility()).map(row => row.id)"
    )
    return found


def address(page: Page) -> str:
    """Return the address as the page has it; the browser hears of a change later."""
    return str(page.evaluate("location.href"))


def cell(clause: str, column: int) -> str:
    """Return how to find a cell; the first column has number 0."""
    return f'tr[id="{clause}"] td:nth-child({column + 2}) a'


def test_only_rows_near_what_is_in_sight_are_laid_out(matrix: Page) -> None:
    """There are thousands of cells; one far away is laid out once a person comes to it."""
    cells = "document.querySelectorAll('tr.clause td a')"
    laid_out = "checkVisibility({ contentVisibilityAuto: true })"

    matrix.wait_for_function(f"[...{cells}].at(0).{laid_out}")
    assert not matrix.evaluate(f"[...{cells}].at(-1).{laid_out}")

    matrix.evaluate(f"[...{cells}].at(-1).scrollIntoView()")
    matrix.wait_for_function(f"[...{cells}].at(-1).{laid_out}")


def test_the_text_filter_leaves_the_clauses_that_have_all_words(matrix: Page) -> None:
    """Words are sought in ids and sentences, in any order and in any case."""
    everything = clauses(matrix)

    matrix.get_by_label("Text").fill("CHUNKS batch")

    assert len(everything) > 100
    assert CHUNKS in clauses(matrix)
    assert len(clauses(matrix)) < 5
    expect(matrix.locator("#count")).to_contain_text(f"of {len(everything)} clauses")


def test_the_verdict_filter_leaves_rows_with_such_a_cell(matrix: Page) -> None:
    """Only rows in which a shown column has the verdict are left."""
    matrix.locator("[name=verdict][value=fail]").check()

    assert set(clauses(matrix)) == {SPLIT, CHUNKS, "fit.raises.not-compiled-RuntimeError"}


def test_a_hidden_column_does_not_count_for_the_verdict_filter(matrix: Page) -> None:
    """With a column hidden, rows are not kept for its sake."""
    matrix.locator("[name=verdict][value=fail]").check()
    matrix.locator(".columns summary").click()
    matrix.locator("[name=column][value=keras-3]").uncheck()

    assert clauses(matrix) == [SPLIT]
    assert not matrix.locator("th.subject", has_text="keras-3").first.is_visible()


def test_rows_can_be_narrowed_to_those_in_which_columns_differ(matrix: Page) -> None:
    """Rows on which all shown columns agree are left out."""
    matrix.get_by_label("differences between the columns").check()
    seen = clauses(matrix)

    assert set(sample_reports.FALLS) <= set(seen)
    assert "fit.epochs.final-epoch" not in seen


def test_profile_and_level_filters_work_together(matrix: Page) -> None:
    """A clause has to be of the profile and of one of the levels."""
    matrix.get_by_label("Profile").select_option("r-keras")
    for level in ("must", "should"):
        matrix.get_by_label(level, exact=True).uncheck()
    levels = matrix.evaluate(
        "[...document.querySelectorAll('tr.clause')].filter(r => r.checkVisibility())"
        ".map(r => [r.dataset.level, r.dataset.profiles.includes('r-keras')].join())"
    )

    assert set(levels) == {"observed,true"}


def test_shares_follow_the_filters(matrix: Page) -> None:
    """The share of a group is that of the clauses that the filters leave."""
    share = matrix.locator("tr.total td:nth-child(4) .unseen")
    before = share.text_content()

    matrix.get_by_label("Text").fill(CHUNKS)

    assert before != "0 of 1 passed"
    expect(share).to_have_text("0 of 1 passed")


def test_a_view_can_be_sent_as_a_link(matrix: Page, open_page: Open) -> None:
    """Opened again, the address shows the same rows and columns."""
    matrix.get_by_label("Text").fill("validation")
    matrix.locator("[name=verdict][value=pass]").check()
    matrix.locator(".columns summary").click()
    matrix.locator("[name=column][value=reference]").uncheck()

    again = open_page(address(matrix))

    assert "text=validation" in address(matrix)
    assert clauses(again) == clauses(matrix)
    assert not again.locator("[name=column][value=reference]").is_checked()


def test_clearing_shows_everything_again(matrix: Page) -> None:
    """The button takes all filters back, and the address with them."""
    everything = clauses(matrix)
    matrix.get_by_label("Text").fill("validation")

    matrix.get_by_role("button", name="Clear filters").click()

    assert clauses(matrix) == everything
    assert "#" not in address(matrix)


def test_groups_fold_and_unfold(matrix: Page) -> None:
    """A method and an argument fold away what is under them, and say so."""
    fit = matrix.get_by_role("button", name="fit", exact=True)
    fit.click()
    folded = clauses(matrix)
    fit.click()
    shuffle = matrix.locator("tbody", has=matrix.get_by_role("button", name="fit", exact=True))
    shuffle.get_by_role("button", name="shuffle", exact=True).click()

    assert folded
    assert not [item for item in folded if item.startswith("fit.")]
    assert "fit.epochs.final-epoch" in clauses(matrix)
    assert CHUNKS not in clauses(matrix)
    expect(fit).to_have_attribute("aria-expanded", "true")


def test_all_groups_fold_at_once(matrix: Page) -> None:
    """Folded, the matrix is a line for each method; unfolded, it is what it was."""
    everything = clauses(matrix)

    matrix.get_by_role("button", name="Fold all", exact=True).click()
    folded = clauses(matrix)
    matrix.get_by_role("button", name="Unfold all").click()

    assert folded == []
    assert clauses(matrix) == everything


def test_a_cell_opens_with_all_that_is_known_of_it(matrix: Page) -> None:
    """Clause, documents, both sides, known cause, script and time are in the panel."""
    matrix.locator(cell(CHUNKS, 2)).click()
    panel = matrix.get_by_role("dialog")

    expect(panel.get_by_role("heading", level=2)).to_have_text(f"{CHUNKS} on keras-3")
    for text in ("permutes", "004, ", "[2, 3]", "[3, 2]", "order lost", "Took 0.25 s", "converse"):
        expect(panel).to_contain_text(text)
    expect(panel).to_contain_text("Mixes the rows of each batch <b>too</b>.")
    link = panel.get_by_role("link", name="More about it")
    expect(link).to_have_attribute("href", "https://example.org/issues/1")


def test_a_cell_has_a_link_that_opens_it(matrix: Page, open_page: Open) -> None:
    """The address of an open cell opens it again."""
    matrix.locator(cell(CHUNKS, 2)).click()
    expect(matrix.get_by_role("dialog")).to_be_visible()

    again = open_page(address(matrix))

    assert address(matrix).endswith(f"#cell={CHUNKS}/keras-3")
    expect(again.get_by_role("dialog")).to_contain_text("order lost")


def test_a_closed_panel_leaves_nothing_behind(matrix: Page) -> None:
    """Escape closes it, the keyboard is back on the cell, and the address is the old one."""
    link = matrix.locator(cell(CHUNKS, 2))
    before = matrix.url
    link.focus()
    matrix.keyboard.press("Enter")
    expect(matrix.get_by_role("dialog")).to_be_visible()

    matrix.keyboard.press("Escape")

    expect(matrix.get_by_role("dialog")).to_be_hidden()
    expect(link).to_be_focused()
    expect(matrix).to_have_url(before)


def test_going_back_closes_the_panel(matrix: Page) -> None:
    """The browser's way back leads from a cell to the matrix."""
    matrix.locator(cell(CHUNKS, 2)).click()
    expect(matrix.get_by_role("dialog")).to_be_visible()

    matrix.go_back()

    expect(matrix.get_by_role("dialog")).to_be_hidden()


@pytest.mark.parametrize("how", ["with the clipboard", "without"])
def test_a_script_is_copied(matrix: Page, how: str) -> None:
    """The button copies the script as it is, also where pages have no clipboard."""
    matrix.context.grant_permissions(["clipboard-read", "clipboard-write"])
    matrix.locator(cell(CHUNKS, 2)).click()
    if how == "without":
        matrix.evaluate(NO_CLIPBOARD)
    copy = matrix.get_by_role("dialog").locator("[data-copy]")

    copy.click()

    expect(copy).to_have_text("Copied")
    assert matrix.evaluate("navigator.clipboard.readText()") == sample_reports.SCRIPT


def test_arrow_keys_move_from_cell_to_cell(matrix: Page) -> None:
    """One Tab leads into the table; arrows, Home and End move in it, past what is folded."""
    matrix.get_by_label("Text").fill("fit.shuffle")
    matrix.locator(".scroll").focus()
    matrix.keyboard.press("Tab")
    where = "document.activeElement.closest('tr').id + '/' + document.activeElement.textContent"
    seen = []
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "End", "Home", "Control+End"):
        matrix.keyboard.press(key)
        seen.append(matrix.evaluate(where))

    first, second, right, end, home, last = seen
    assert first == "/shuffle"
    assert second.startswith("fit.shuffle.")
    assert right.startswith(second.split("/")[0])
    assert right.endswith("✓")
    assert end != home == second
    assert last.startswith(clauses(matrix)[-1])


def test_the_table_is_one_stop_of_the_tab_key(matrix: Page) -> None:
    """From the table, one Tab leads out of it."""
    matrix.locator(cell(CHUNKS, 0)).focus()

    matrix.keyboard.press("Tab")

    assert not matrix.evaluate("!!document.activeElement.closest('table')")


def test_a_row_has_an_address(ordinary: Path, open_page: Open) -> None:
    """From the page of a clause one comes to its row, which is marked and in sight."""
    page = open_page((ordinary / "clauses" / f"{SPLIT}.html").as_uri())

    page.get_by_role("link", name="Its row in the matrix").click()

    expect(page.locator("tr:target")).to_have_attribute("id", SPLIT)
    expect(page.locator(cell(SPLIT, 1))).to_be_in_viewport()


def test_links_of_cells_work_without_the_panel(matrix: Page, open_page: Open) -> None:
    """Followed in a new window, a cell leads to its place on the page of the clause."""
    link = matrix.locator(cell(CHUNKS, 2)).get_attribute("href")
    assert link is not None

    page = open_page(matrix.url.removesuffix("index.html") + link)

    expect(page.locator("section:target")).to_contain_text("keras-3")


def test_without_scripts_the_matrix_can_still_be_read(browser: Browser, ordinary: Path) -> None:
    """What needs a script is not shown where there is none, and cells lead to pages."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((ordinary / "index.html").as_uri())

    expect(page.get_by_label("Text")).to_be_hidden()
    page.locator(cell(CHUNKS, 2)).click()

    expect(page.get_by_role("heading", level=1)).to_have_text(CHUNKS)
    context.close()


def test_the_site_works_on_a_web_server(served: str, open_page: Open) -> None:
    """A cell opens there as it does from a folder."""
    page = open_page(f"{served}/index.html")

    page.locator(cell(CHUNKS, 2)).click()

    expect(page.get_by_role("dialog")).to_contain_text("order lost")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_follow_the_system_and_the_choice(
    ordinary: Path, open_page: Open, scheme: str
) -> None:
    """The page has the system's colours, or those that were chosen, also on the next page."""
    page = open_page((ordinary / "index.html").as_uri(), scheme=scheme)
    ground = "getComputedStyle(document.body).backgroundColor"
    by_system = page.evaluate(ground)
    other = "dark" if scheme == "light" else "light"

    page.get_by_label("Colours").select_option(other)
    chosen = page.evaluate(ground)
    page.goto((ordinary / "compare.html").as_uri())

    assert by_system != chosen
    assert page.evaluate(ground) == chosen


def test_no_sign_is_told_by_colour_alone(matrix: Page) -> None:
    """Each verdict has a sign of its own and a word that is read out."""
    told = matrix.evaluate(
        "[...new Set([...document.querySelectorAll('tr.clause td a')]"
        ".map(a => a.className + ' ' + a.textContent + ' ' + a.getAttribute('aria-label')))].sort()"
    )

    assert told == [
        "absent - absent",
        "error E error",
        "fail ✗ fail",
        "observed a observed, behaviour a",
        "observed b observed, behaviour b",
        "pass ✓ pass",
        "timeout T timeout",
        "unavailable ? unavailable",
    ]


@pytest.mark.parametrize(
    "name", ["index", "compare", "pictures", f"clauses/{CHUNKS}", "implementations/keras-3"]
)
def test_a_page_fits_on_a_phone(ordinary: Path, open_page: Open, name: str) -> None:
    """Nothing but tables and pictures, in a frame of their own, is wider than the screen."""
    page = open_page((ordinary / f"{name}.html").as_uri(), width=375)

    assert page.evaluate("document.documentElement.scrollWidth") <= 375


def test_a_matrix_of_many_columns_fits_on_a_phone(wide: Path, open_page: Open) -> None:
    """It is scrolled in its frame, with all that is read out and not seen."""
    page = open_page((wide / "index.html").as_uri(), width=390)

    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_filters_are_folded_away_on_a_phone(ordinary: Path, open_page: Open) -> None:
    """Where there is little room, the matrix comes first."""
    page = open_page((ordinary / "index.html").as_uri(), width=375)

    expect(page.get_by_label("Text")).to_be_hidden()
    page.locator(".box > summary").click()
    expect(page.get_by_label("Text")).to_be_visible()


def test_printed_the_matrix_is_whole(matrix: Page) -> None:
    """On paper there are no controls, and nothing has to be scrolled."""
    matrix.emulate_media(media="print")

    assert not matrix.get_by_label("Text").is_visible()
    assert matrix.evaluate(
        "(b => b.scrollHeight === b.clientHeight)(document.querySelector('.scroll'))"
    )


def test_versions_of_one_family_say_since_when(versions: Path, open_page: Open) -> None:
    """Chosen by one button, and by a link; of several families there is no one answer."""
    page = open_page((versions / "index.html").as_uri())
    since = page.locator(f'tr[id="{TURNED}"] .since')
    expect(since).to_be_hidden()

    page.locator(".columns summary").click()
    page.get_by_role("button", name="keras on jax", exact=True).click()

    expect(page.locator("#count")).to_contain_text("3 implementations")
    expect(since).to_have_text("3.10.0")
    boxes = page.locator("[name=column]")
    boxes.nth([*boxes.evaluate_all("all => all.map(box => box.checked)")].index(True) + 2).uncheck()
    expect(since).to_have_text("")
    again = open_page(address(page))
    expect(again.locator(f'tr[id="{TURNED}"] .since')).to_be_visible()
    again.get_by_role("button", name="Clear filters").click()
    expect(again.locator(f'tr[id="{TURNED}"] .since')).to_be_hidden()
