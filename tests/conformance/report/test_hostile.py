"""Tests of `fitspec.conformance.report.hostile`: what an implementation says, fit to be shown."""

from __future__ import annotations

import pytest

from fitspec.conformance.report.hostile import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("lines\n\tand tabs", "lines\n\tand tabs"),
        ("漢字 é 🙂", "漢字 é 🙂"),
        ("\x1b[31mred\x00\x7f", "\\x1b[31mred\\x00\\x7f"),
        ("\u202edrow", "\\u202edrow"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("one\n\ttwo ✓ [bold]", "one\n\ttwo ✓ [bold]"),
        ("\x1b[2J\x1b[Hgone", "\\x1b[2J\\x1b[Hgone"),
        ("\x1b]0;title\x07text", "\\x1b]0;title\\x07text"),
        ("\x1b]8;;https://e.org\x1b\\link", "\\x1b]8;;https://e.org\\x1b\\link"),
        ("a\rb\x08c\x1bd", "a\\x0db\\x08c\\x1bd"),
        ("no XML: \ufffe", "no XML: \\ufffe"),
    ],
)
def test_what_cannot_be_seen_is_written_out(text: str, shown: str) -> None:
    """Letters stay as they are; what hides or cannot be saved is told."""
    assert visible(text) == shown
    assert visible(text).encode("utf-8")
    assert visible(shown) == shown
