"""Tests of `fitspec.conformance.exports.differences`: a comparison as Markdown."""

from __future__ import annotations

from fitspec.conformance.changes.compare import compare
from fitspec.conformance.exports.differences import markdown

from .. import snapshot
from ..two_sides import CAUSES, comparison, hostile


def test_markdown_is_as_it_was_found_good() -> None:
    """The Markdown is what a person has read and approved."""
    assert snapshot.matches("diff-markdown", markdown(comparison(), CAUSES))


def test_markdown_shows_hostile_text_and_does_not_obey_it() -> None:
    """An angle bracket or an asterisk outside code is escaped."""
    text = markdown(compare(*hostile()), {})

    lines = [line for line in text.splitlines() if "alert" in line]
    outside = ["".join(line.split("`")[::2]) for line in lines]
    assert lines
    assert not [line for line in outside if "<script>" in line.replace("\\<", "")]
