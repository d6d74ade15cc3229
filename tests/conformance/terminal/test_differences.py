"""Tests of `fitspec.conformance.terminal.differences`: a comparison as a person reads it."""

from __future__ import annotations

import io
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from fitspec.conformance.changes.compare import Side, compare
from fitspec.conformance.gate.expected import Entry
from fitspec.conformance.report.verdicts import Verdict
from fitspec.conformance.terminal.differences import markdown, page, render

from .. import snapshot
from ..two_sides import PAIRS, comparison

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fitspec.conformance.report.verdicts import Finding


def known(reason: str, link: str = "") -> Entry:
    """Return what is known of a verdict."""
    return Entry((), Verdict.FAIL, reason, link=link)


CAUSES: Mapping[Finding, Entry] = {
    PAIRS[1][1]: known("`compile` has no such argument."),
    PAIRS[2][1]: known("`compile` has no such argument."),
    PAIRS[4][1]: known("The loop of `fit` starts at 0.", "https://example.org/some_thing/1"),
    PAIRS[6][0]: known("It sorted them."),
}
HOSTILE = "<script>alert('x')</script> & \"BODY\" | `*_[x](y)` -->"


@pytest.mark.parametrize("width", [80, 160])
def test_a_comparison_is_printed_as_it_was_found_good(width: int) -> None:
    """The text, narrow and wide, is what a person has read and approved."""
    screen = Console(file=io.StringIO(), width=width, color_system=None)

    render(comparison(), CAUSES, screen)

    assert isinstance(screen.file, io.StringIO)
    assert snapshot.matches(f"diff-{width}", screen.file.getvalue())


def test_markdown_is_as_it_was_found_good() -> None:
    """The Markdown is what a person has read and approved."""
    assert snapshot.matches("diff-markdown", markdown(comparison(), CAUSES))


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


def hostile() -> tuple[Side, Side]:
    """Return two sides whose every text is hostile."""
    both = comparison()
    sides = []
    for side in (both.before, both.after):
        findings = {
            key: replace(
                item,
                expected=HOSTILE,
                observed=f"{HOSTILE}{side.name}",
                detail=f"{HOSTILE}!",
                behaviour=None if item.behaviour is None else f"{HOSTILE}{side.name}",
            )
            for key, item in side.findings.items()
        }
        sides.append(replace(side, name=f"{side.name} {HOSTILE}", findings=findings))
    return sides[0], sides[1]


def test_a_page_shows_hostile_text_and_does_not_obey_it() -> None:
    """What an implementation says is text, never markup."""
    elements = _Elements()

    elements.feed(page(compare(*hostile()), {}))

    assert elements.open == []
    assert "script" not in elements.seen
    assert f"keras-3-jax {HOSTILE}" in elements.text


def test_markdown_shows_hostile_text_and_does_not_obey_it() -> None:
    """An angle bracket or an asterisk outside code is escaped."""
    text = markdown(compare(*hostile()), {})

    lines = [line for line in text.splitlines() if "alert" in line]
    outside = ["".join(line.split("`")[::2]) for line in lines]
    assert lines
    assert not [line for line in outside if "<script>" in line.replace("\\<", "")]


def test_where_nothing_changes_that_is_said() -> None:
    """No section is printed, only the total."""
    before = comparison().before
    screen = Console(file=io.StringIO(), width=80, color_system=None)

    render(compare(before, before), {}, screen)

    assert isinstance(screen.file, io.StringIO)
    assert screen.file.getvalue().splitlines()[2:] == ["", "nothing changes; 13 clauses compared."]
