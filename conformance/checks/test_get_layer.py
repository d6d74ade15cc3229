"""`get_layer`, on a Sequential of the layers p, q and r."""

from __future__ import annotations

from fitspec.conformance.checks import Build, clause, expect, outcome
from fitspec.conformance.models import three_layers


@clause("get_layer.by-name")
def test_a_layer_is_found_by_its_name(build: Build) -> None:
    """The very layer object of that name is returned."""
    model = build(three_layers())

    layer = model.get_layer(name="q").value

    places = [place for place, item in enumerate(model.attribute("layers")) if item == layer]
    expect({"name": layer.name, "places": places}, equals={"name": "q", "places": [1]})


@clause("get_layer.by-index")
def test_a_layer_is_found_by_its_index(build: Build) -> None:
    """The layer at that place is returned."""
    model = build(three_layers())

    names = [model.get_layer(index=index).value.name for index in (1, 2)]

    expect(names, equals=["q", "r"])


@clause("get_layer.index-zero")
def test_index_0_is_the_first_layer(build: Build) -> None:
    """The index 0 is an index, not the lack of one."""
    model = build(three_layers())

    expect(model.get_layer(index=0).value.name, equals="p")


@clause("get_layer.index-precedence")
def test_an_index_wins_over_a_name(build: Build) -> None:
    """When both are given the index decides, and the name is not looked at."""
    model = build(three_layers())

    names = [
        model.get_layer(name="p", index=2).value.name,
        model.get_layer(name="unknown", index=0).value.name,
    ]

    expect(names, equals=["r", "p"])


@clause("get_layer.first-positional-is-name")
def test_the_first_positional_argument_is_the_name(build: Build) -> None:
    """A layer is found by its name without the keyword."""
    model = build(three_layers())

    expect(model.get_layer("q").value.name, equals="q")


@clause("get_layer.invalid-index-ValueError")
def test_an_index_beyond_the_layers_is_refused(build: Build) -> None:
    """There are three layers, so the index 3 is a ValueError."""
    model = build(three_layers())

    expect(outcome(model.get_layer, index=3), equals="ValueError")


@clause("get_layer.invalid-name-ValueError")
def test_an_unknown_name_is_refused(build: Build) -> None:
    """A name that no layer bears is a ValueError."""
    model = build(three_layers())

    expect(outcome(model.get_layer, name="unknown"), equals="ValueError")


@clause("get_layer.neither-ValueError")
def test_neither_name_nor_index_is_refused(build: Build) -> None:
    """Without a name and an index there is nothing to look for: ValueError."""
    model = build(three_layers())

    expect(outcome(model.get_layer), equals="ValueError")
