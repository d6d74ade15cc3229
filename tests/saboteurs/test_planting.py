"""A defect is planted where it is meant to be, or not at all."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, ClassVar

import pytest

from .planting import Plant, PlantingError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def garden() -> type:
    """A class to plant in, made anew for each test."""

    class Garden:
        beds: ClassVar[int] = 3

        def harvest(self, baskets: int = 2) -> int:
            return baskets

        @property
        def area(self) -> int:
            return self.beds * 2

        @functools.cached_property
        def crop(self) -> int:
            return self.beds * 4

    return Garden


def test_a_planted_function_notes_when_it_is_first_reached(garden: type, tmp_path: Path) -> None:
    """The trace tells what was planted, and what of it was called, once."""
    trace = tmp_path / "trace"

    Plant(trace)(garden, "harvest", lambda _, baskets: baskets + 1)
    before = trace.read_text()
    harvests = [garden().harvest(1), garden().harvest(1)]

    assert harvests == [2, 2]
    assert before == "planted Garden.harvest\n"
    assert trace.read_text() == "planted Garden.harvest\nreached Garden.harvest\n"


@pytest.mark.parametrize("name", ["area", "crop"])
def test_a_property_stays_one(garden: type, name: str) -> None:
    """A defect of a property is read as the property was, whether or not its value is kept."""
    Plant()(garden, name, lambda self: self.beds)

    assert getattr(garden(), name) == 3


def test_a_planted_default_is_used(garden: type) -> None:
    """A call that leaves the argument out gets the planted default."""
    Plant().default(garden, "harvest", "baskets", 5)

    assert garden().harvest() == 5


def test_during_is_true_while_the_function_is_at_work(garden: type) -> None:
    """A defect can tell the calls that come from within a function from all others."""
    seen = []
    plant = Plant()
    plant(garden, "harvest", lambda _: seen.append(bool(harvesting)))
    harvesting = plant.during(garden, "harvest")

    garden().harvest()
    seen.append(bool(harvesting))

    assert seen == [True, False]


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("__call__", ("weed", lambda _: None)),
        ("__call__", ("beds", lambda _: None)),
        ("value", ("weeds", 1)),
        ("value", ("beds", 3)),
        ("default", ("harvest", "sacks", 1)),
        ("default", ("harvest", "baskets", 2)),
        ("during", ("weed",)),
    ],
)
def test_what_has_no_place_is_not_planted(
    garden: type, method: str, arguments: tuple[object, ...]
) -> None:
    """A name that is not there, and a defect that would change nothing, are errors."""
    with pytest.raises(PlantingError, match="Garden"):
        getattr(Plant(), method)(garden, *arguments)
