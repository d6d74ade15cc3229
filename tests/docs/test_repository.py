"""What a fork sets in one place is what pages and workflows show."""

from __future__ import annotations

import re

import pytest

from .repository import ROOT, SHOWN, set_to, written


@pytest.mark.parametrize("name", SHOWN)
def test_what_is_shown_is_what_is_set(name: str) -> None:
    """`python tests/docs/repository.py` writes it anew, after a change of place or version."""
    text = (ROOT / name).read_text("utf-8")

    assert written(text, *set_to()) == text
    assert text.count(f"{set_to()[0]}") > 0


def test_nothing_else_shows_it() -> None:
    """No other file names a repository of fitspec, so that there is nothing else to change."""
    repository, _ = set_to()
    files = [*ROOT.glob("*.md"), *ROOT.glob("*.yml"), *(ROOT / "docs").rglob("*.*")]

    named = {
        str(path.relative_to(ROOT))
        for path in files
        if path.suffix in (".md", ".yml") and re.search(rf"\b{repository}\b", path.read_text())
    }

    # The page that says how to set it names it, too.
    assert named - {"CONTRIBUTING.md"} == set(SHOWN)


def test_a_fork_changes_its_own_and_no_other() -> None:
    """Actions of others stay, and so does what is around."""
    text = (
        "      - uses: actions/checkout@v6\n"
        "        uses: OWNER/fitspec@v0.1.0\n"
        "  - repo: https://github.com/OWNER/fitspec\n"
        "    rev: v0.1.0\n"
    )

    assert written(text, "some-one/fit.spec", "1.2.3") == (
        "      - uses: actions/checkout@v6\n"
        "        uses: some-one/fit.spec@v1.2.3\n"
        "  - repo: https://github.com/some-one/fit.spec\n"
        "    rev: v1.2.3\n"
    )
