"""The pages of deviations say what the records of shortfalls say."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

from fitspec import spec

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def deviations() -> Any:
    """The module that writes the pages."""
    path = ROOT / "tests" / "implementations" / "deviations.py"
    found = importlib.util.spec_from_file_location("fitspec_deviations", path)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules[found.name] = module
    found.loader.exec_module(module)
    return module


def test_every_page_is_up_to_date(deviations: Any) -> None:
    """Each implementation that falls short has its page, written from the entries as they are."""
    pages = {path.stem: path.read_text("utf-8") for path in deviations.PAGES.glob("*.md")}

    assert pages == {name: deviations.page(name) for name in deviations.subjects()}


def test_every_shortfall_names_a_clause_and_a_cause(deviations: Any) -> None:
    """An entry is about an existing clause, once for each implementation, and says why."""
    entries = deviations.shortfalls()

    pairs = [(name, entry["clause"]) for entry in entries for name in entry["of"]]
    assert {clause for _, clause in pairs} <= set(spec.contract().clauses)
    assert len(pairs) == len(set(pairs))
    assert all(entry["cause"].endswith(".") for entry in entries)


def test_every_link_is_an_issue_or_pull_request(deviations: Any) -> None:
    """A link has the form of an address of one, over https."""
    links = [entry["link"] for entry in deviations.shortfalls() if entry["link"]]

    assert links
    assert [link for link in links if not deviations.REPORTED.fullmatch(link)] == []


def test_one_cause_has_one_link(deviations: Any) -> None:
    """Entries of the same implementation and cause are linked alike, so that they are one row."""
    links: dict[tuple[str, str], set[str | None]] = {}
    for entry in deviations.shortfalls():
        for name in entry["of"]:
            links.setdefault((name, entry["cause"]), set()).add(entry.get("link"))

    assert {cause for cause, found in links.items() if len(found) > 1} == set()


def test_a_link_ends_the_sentence_of_the_cause(deviations: Any) -> None:
    """It is shown as the repository's name and the number, before the full stop."""
    entry = {"cause": "A | B does so.", "link": "https://github.com/some-one/a.b/pull/12"}

    text = deviations.explained(entry)

    assert text == r"A \| B does so ([a.b#12](https://github.com/some-one/a.b/pull/12))."


@pytest.mark.parametrize(
    "link",
    [
        "http://github.com/a/b/issues/1",
        "https://github.com/a/b",
        "https://github.com/a/b/commit/1",
        "https://example.org/a/b/issues/1",
        "",
    ],
)
def test_another_address_is_refused_as_a_link(deviations: Any, link: str) -> None:
    """What is no issue or pull request is a ValueError that shows it."""
    with pytest.raises(ValueError, match="is not the address of an issue or pull request"):
        deviations.explained({"cause": "So.", "link": link})
