"""Tests of `fitspec.conformance.report.hostile`: what an implementation says, fit to be shown."""

from __future__ import annotations

import pytest

from fitspec.conformance.report.hostile import shortened, unobeyed, visible


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
        ("a\u2028b\u2029", "a\\u2028b\\u2029"),
    ],
)
def test_what_cannot_be_seen_is_written_out(text: str, shown: str) -> None:
    """Letters stay as they are; what hides or cannot be saved is told."""
    assert visible(text) == shown
    assert visible(text).encode("utf-8")
    assert visible(shown) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("::error::no", "\\x3a:error::no"),
        ("a\n  ::add-mask::b\n", "a\n  \\x3a:add-mask::b\n"),
        ("\x1b[1;31m\t::error file=a::b", "\x1b[1;31m\t\\x3a:error file=a::b"),
        ("a ##[group]b", "a \\x23#[group]b"),
        ("##vso[task.complete]", "\\x23#vso[task.complete]"),
        (
            "test_it.py::test_one: a::b, x[::2], ## Title",
            "test_it.py::test_one: a::b, x[::2], ## Title",
        ),
    ],
)
def test_what_a_ci_would_obey_is_written_out(text: str, shown: str) -> None:
    """Only where it would be one a command is broken, and once is enough."""
    assert unobeyed(text) == shown
    assert unobeyed(shown) == shown


def test_a_long_text_says_how_long_it_is() -> None:
    """What is left out is counted."""
    assert shortened("abc", 3) == "abc"
    assert shortened("abcde", 3) == "abc… (2 characters more)"
