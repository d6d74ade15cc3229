"""The tables of deviations and twins, the code of the deviations and the pages say the same."""

from __future__ import annotations

import importlib

from fitspec import spec
from fitspec.adapters.reference import twin
from fitspec.adapters.reference.deviations import planting
from fitspec.conformance.implementations.registry import deviations, known

from .pages import PAGES, REPORTED, exceptions, page, subjects


def test_every_deviation_has_a_row_and_a_change() -> None:
    """A row that nothing does, or a change that nobody reads of, is a mistake.

    What is only left out needs no change.
    """
    for topic in twin.TOPICS:
        importlib.import_module(f"fitspec.adapters.reference.deviations.{topic}")

    changing = {each.id for each in deviations() if not each.absent}
    assert changing == planting.DEVIATIONS.keys()


def test_every_row_names_clauses_and_implementations_that_there_are() -> None:
    """Links lead to issues or pull requests."""
    for each in deviations():
        assert set(each.clauses) <= spec.contract().clauses.keys(), each.id
        assert set(each.of) <= known().keys(), each.id
        assert not each.link or REPORTED.fullmatch(each.link), each.id


def test_what_twins_do_otherwise_is_about_clauses_and_twins() -> None:
    """So that no reason outlives what it is about."""
    assert exceptions().keys() <= set(subjects())
    for apart in exceptions().values():
        assert apart.keys() <= spec.contract().clauses.keys()


def test_every_page_is_up_to_date() -> None:
    """Those who change a table write them anew; see CONTRIBUTING."""
    pages = {path.stem: path.read_text("utf-8") for path in PAGES.glob("*.md")}

    assert pages == {name: page(name) for name in subjects()}
