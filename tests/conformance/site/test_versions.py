"""Tests of `site.versions`: what the history says on the pages of a site."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fitspec.conformance.history import causes
from fitspec.conformance.history.causes import Change
from fitspec.conformance.history.history import EMPTY
from fitspec.conformance.history.making import with_reports
from fitspec.conformance.site.overview import site_of
from fitspec.conformance.site.pages import pages
from fitspec.conformance.site.versions import Turn, bars, family, since, turns

from .. import hand_made
from ..history.versioned import CLAUSE, FAIL, OPEN, history, keras

if TYPE_CHECKING:
    import pytest


def test_a_bar_has_a_sign_for_each_version() -> None:
    """And says where it changed."""
    bar = bars(history(), CLAUSE, {})[0]

    assert bar.name == "keras on jax"
    assert [(mark.number, mark.sign, mark.begins) for mark in bar.marks] == [
        ("3.3.0", "✓", True),
        ("3.3.3", "✓", False),
        ("3.10.0", "✗", True),
    ]
    assert bar.marks[-1].hint == "[0]"


def test_behaviours_have_the_letters_of_the_page() -> None:
    """Those that are not there have the next ones."""
    bar = bars(history(), OPEN, {"a": "batches"})[0]

    assert [mark.sign for mark in bar.marks] == ["b", "a", "b"]
    assert bar.marks[0].word == "behaviour b"


def test_since_when_it_is_so() -> None:
    """Of a version that the history has; of any other nothing is known."""
    found = history()
    subjects = [item.subject for item in found.versions[:3]]

    assert [since(found, CLAUSE, subject) for subject in subjects] == [
        "in all known, from 3.3.0",
        "in all known, from 3.3.0",
        "since 3.10.0",
    ]
    assert since(found, CLAUSE, replace(subjects[0], versions={"keras": "3.99"})) == ""


def test_where_it_turned() -> None:
    """Of what is known from the first version on nothing is said, nor of what has no column."""
    found = history()
    subjects = {item.name: item.subject for item in found.versions}
    of = {"keras@3.10.0 on jax": Turn("3.10.0", begins=True)}

    assert turns(found, CLAUSE, subjects) == of
    assert turns(found, OPEN, subjects) == {**of, "keras@3.3.3 on jax": Turn("3.3.3", begins=True)}
    assert turns(found, CLAUSE, {}) == {}


def test_the_matrix_has_families_and_marks_where_they_turned() -> None:
    """Without a history it has neither, nor a column for since when."""
    found = history()
    site = site_of([keras("3.10.0", "jax", FAIL, "samples")])

    matrix, bare = (str(dict(pages(site, each))["index.html"]) for each in (found, EMPTY))

    assert 'data-family="keras on jax"' in matrix
    assert '<button type="button" class="family" value="keras on jax">' in matrix
    assert 'class="fail" data-since="3.10.0" data-begins' in matrix
    assert 'aria-label="fail, changed"' in matrix
    assert not any(word in bare for word in ("data-family", "data-since", 'class="since"'))
    assert family(found, site.columns[0].subject) == "keras on jax"
    assert family(EMPTY, site.columns[0].subject) == ""


def test_the_pages_of_a_clause_and_of_an_implementation_show_it() -> None:
    """Beside the reports; without a history there is nothing of it."""
    site = site_of([keras("3.10.0", "jax", FAIL, "samples")])

    files = {name: str(text) for name, text in pages(site, history())}
    bare = {name: str(text) for name, text in pages(site)}

    clause = f"clauses/{CLAUSE}.html"
    assert '<li class="fail" data-changed title="[0]">' in files[clause]
    assert "<dt>keras on theano</dt>" in files[clause]
    (own,) = (name for name in files if name.startswith("implementations/"))
    assert "fail, since 3.10.0</small>" in files[own]
    assert "pictures/history.svg" in files
    assert "Since when" not in bare[clause]
    assert "pictures/history.svg" not in bare


def test_the_page_of_a_clause_shows_what_changed_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Below the versions of the implementation that it is of, and of no other."""
    change = Change((CLAUSE,), "keras", ("jax",), "3.4.0", "Ends `fit`.", "https://example.org/1")
    monkeypatch.setattr(causes, "known_changes", lambda: (change,))

    files = dict(pages(site_of([keras("3.10.0", "jax", FAIL, "samples")]), history()))

    told = '3.4.0: Ends <code>fit</code>. <a href="https://example.org/1"'
    assert str(files[f"clauses/{CLAUSE}.html"]).count(told) == 1
    assert told not in str(files[f"clauses/{OPEN}.html"])


def test_what_a_version_did_cannot_command_a_page() -> None:
    """It is escaped where it stands."""
    hostile = keras("3.10.0", "jax", FAIL, "<script>alert(1)</script>")
    found = hand_made.found(CLAUSE, FAIL, observed='"><script>', implementation="keras@3.10.0")
    hostile = replace(hostile, findings=(found, hostile.findings[1]))

    text = "".join(
        str(text)
        for name, text in pages(site_of([hostile]), with_reports(EMPTY, [hostile]))
        if name.endswith(".html")
    )

    assert "<script>alert" not in text
    assert '"><script>' not in text
