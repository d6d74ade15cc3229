"""Tests of `rooms`: imports that no room names are found, and rooms that nobody named."""

from __future__ import annotations

import pytest
from grimp import ImportGraph

from .rooms import wrong_in

ROOMS = ["attic <- cellar, hall", "hall <- cellar", "cellar"]


@pytest.fixture
def graph() -> ImportGraph:
    """Return the imports of a house of three rooms, which go down only."""
    graph = ImportGraph()
    for module in ("house", *(f"house.{room}" for room in ("attic", "hall", "cellar"))):
        graph.add_module(module)
    for module in ("house.attic.box", "house.hall.door", "house.cellar.wine"):
        graph.add_module(module)
    graph.add_import(importer="house.attic.box", imported="house.cellar.wine")
    graph.add_import(importer="house.hall.door", imported="house.cellar")
    graph.add_import(importer="house", imported="house.attic")
    return graph


def test_imports_that_are_named_are_right(graph: ImportGraph) -> None:
    """Also those of the package itself, which stands in no room."""
    assert [*wrong_in(graph, "house", ROOMS)] == []


def test_an_import_that_is_not_named_is_told(graph: ImportGraph) -> None:
    """With who imports whom."""
    graph.add_import(importer="house.cellar.wine", imported="house.hall.door")

    assert [*wrong_in(graph, "house", ROOMS)] == [
        "house.cellar.wine imports house.hall.door: cellar names no hall"
    ]


def test_every_room_is_named_and_there(graph: ImportGraph) -> None:
    """A folder that nobody named could import anything."""
    graph.add_module("house.garden")

    assert [*wrong_in(graph, "house", [*ROOMS, "stable"])] == [
        "garden: no rule names it",
        "stable: there is no such room",
    ]
