"""Tests of `fitspec.conformance.site.upgrading`: what changes for programs as one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.conformance.site.upgrading import page

from .. import snapshot
from ..upgrade.programs import MODEL, found_in

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = (
    MODEL
    + """model.compile("adadelta", "mse", metrics=chosen)
model.fit(x, y, shuffle="batch")
print(model.metrics_names)
"""
)


def shown(program: str, folder: Path, pages: str | None = None) -> str:
    """Return the page of a program, without the folder that it lies in."""
    text = page(found_in(program, folder), 1, before="keras-2.3", after="keras-3-jax", pages=pages)
    return text.replace(f"{folder}/", "")


def test_the_page_is_as_it_was_found_good(tmp_path: Path) -> None:
    """The page is what a person has looked at and approved."""
    assert snapshot.matches("upgrade-page", shown(PROGRAM, tmp_path))


def test_clauses_link_to_the_pages_of_a_report(tmp_path: Path) -> None:
    """Where these are said to be, with or without a slash at the end."""
    text = shown(PROGRAM, tmp_path, "https://example.org/pages/")

    assert 'href="https://example.org/pages/clauses/fit.shuffle.batch-chunks.html"' in text


def test_a_program_for_which_nothing_changes_has_a_page(tmp_path: Path) -> None:
    """It says so."""
    assert "Nothing that is known to change; 1 file read." in shown(MODEL, tmp_path)


def test_what_a_program_is_called_is_no_markup(tmp_path: Path) -> None:
    """A file can have any name."""
    folder = tmp_path / "<script>"
    folder.mkdir()

    text = page(found_in(PROGRAM, folder), 1, before="a", after="b", pages=None)

    assert "<script>" not in text
    assert "&lt;script&gt;" in text
