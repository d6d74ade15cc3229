"""The page for people who upgrade says what the history says."""

from __future__ import annotations

from .upgrading import PAGE, page


def test_the_page_is_up_to_date() -> None:
    """If not: `python tests/docs/upgrading.py`."""
    assert PAGE.read_text("utf-8") == page()
