"""The page of versions says what the history says."""

from __future__ import annotations

from .versions import PAGE, page


def test_the_page_is_up_to_date() -> None:
    """If not: `python tests/docs/versions.py`."""
    assert PAGE.read_text("utf-8") == page()
