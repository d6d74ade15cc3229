"""Tests of `fitspec.conformance.terminal.layout`."""

from __future__ import annotations

import pytest

from fitspec.conformance.terminal.layout import plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("one\n\ttwo ✓ [bold]", "one\n\ttwo ✓ [bold]"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b[2J\x1b[Hgone", "gone"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;https://e.org\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("a\rb\x08c\x1bd", "a\ufffdb\ufffdc\ufffdd"),
    ],
)
def test_a_terminal_shows_text_and_obeys_none(text: str, shown: str) -> None:
    """Colours go; what moves the cursor, and has no other meaning, is shown to be there."""
    assert plain(text) == shown
