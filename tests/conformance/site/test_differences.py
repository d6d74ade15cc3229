"""Tests of `fitspec.conformance.site.differences`: a comparison as one page."""

from __future__ import annotations

from html.parser import HTMLParser

from fitspec.conformance.changes.compare import compare
from fitspec.conformance.site.differences import page

from .. import snapshot
from ..two_sides import CAUSES, HOSTILE, comparison, hostile


def test_the_page_is_as_it_was_found_good() -> None:
    """The page is what a person has looked at and approved."""
    assert snapshot.matches("diff-page", page(comparison(), CAUSES))


class _Elements(HTMLParser):
    """Keeps which elements there are, and the text between them."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, _attributes: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_page_shows_hostile_text_and_does_not_obey_it() -> None:
    """What an implementation says is text, never markup."""
    elements = _Elements()

    elements.feed(page(compare(*hostile()), {}))

    assert elements.open == []
    assert "script" not in elements.seen
    assert f"keras-3-jax {HOSTILE}" in elements.text
