"""`get_layer`."""

from __future__ import annotations

from typing import Any

from fitspec.conformance.arrangements.taken import tried
from fitspec.conformance.checks import Build, answer, clause, expect, outcome, recognise
from fitspec.conformance.vocabulary.models import (
    namesakes,
    three_layers,
    two_branches,
    two_in_two_out,
)
from fitspec.conformance.worker.remote import Model, Result

#: An index and a name that the three layers have are not refused, whatever is found.
FOUND = {"index 2": "returned", "name q": "returned"}


def _levels(names: list[str], *sizes: int) -> list[list[str]]:
    """Cut names in order into levels of the given sizes, and sort each."""
    rest = iter(names)
    return [sorted(next(rest) for _ in range(size)) for size in sizes]


def _name(model: Model, **arguments: Any) -> str:
    """Return the name of the layer that is found, or how the call is refused."""
    found = answer(model.get_layer, **arguments)
    return found.value.name if isinstance(found, Result) else found


def _found(model: Model) -> dict[str, str]:
    """Return what becomes of arguments that are right, beside which others are refused."""
    calls: dict[str, dict[str, Any]] = {"index 2": {"index": 2}, "name q": {"name": "q"}}
    return {what: outcome(model.get_layer, **arguments) for what, arguments in calls.items()}


@clause("get_layer.by-name")
def test_a_layer_is_found_by_its_name(build: Build) -> None:
    """The very layer object of that name is returned."""
    # One name begins as another one that is looked for, and stands before it.
    names = "pq", "p", "r"
    model = build(three_layers(names))

    layers = {name: model.get_layer(name=name).value for name in ("r", "p", "pq")}

    held = model.attribute("layers")
    found = {
        name: [layer.name, [place for place, item in enumerate(held) if item == layer]]
        for name, layer in layers.items()
    }
    expect(found, equals={"r": ["r", [2]], "p": ["p", [1]], "pq": ["pq", [0]]})


@clause("get_layer.by-index")
def test_a_layer_is_found_by_its_index(build: Build) -> None:
    """The layer at that place is returned."""
    model = build(three_layers())

    names = [model.get_layer(index=index).value.name for index in (1, 2)]
    # Where an index may do without its name, it comes second.
    by_position = tried(model.get_layer, None, 1)
    names.append("q" if by_position is None else by_position.value.name)

    expect(names, equals=["q", "r", "q"])


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
        model.get_layer(name="q", index=0).value.name,
    ]
    # Whether an index may count from the end is another clause.
    last = tried(model.get_layer, index=-1)
    if last is not None and getattr(last.value, "name", None) == "r":
        names.append(model.get_layer(name="p", index=-1).value.name)

    expect(names, equals=["r", "p", "p", "r"][: len(names)])


@clause("get_layer.first-positional-is-name")
def test_the_first_positional_argument_is_the_name(build: Build) -> None:
    """A layer is found by its name without the keyword."""
    model = build(three_layers())

    # A name may look like a number.
    counted = build(three_layers(("2", "1", "0")))
    expect(
        [model.get_layer("q").value.name, counted.get_layer("2").value.name],
        equals=["q", "2"],
    )


@clause("get_layer.order-of-indices")
def test_indices_follow_the_graph_from_the_inputs_to_the_outputs(build: Build) -> None:
    """Layers are numbered level by level, from the inputs up."""
    descriptions = {
        "a stack": (three_layers(), 3),
        "two inputs": (two_in_two_out(1.0, 1.0), 4),
        "two branches": (two_branches(), 6),
    }

    names = {}
    for what, (description, layers) in descriptions.items():
        model = build(description)
        names[what] = [model.get_layer(index=index).value.name for index in range(layers)]

    # In which order the layers of a level are visited is open.
    levels = {
        "a stack": names["a stack"],
        "two inputs": _levels(names["two inputs"], 2, 2),
        "two branches": _levels(names["two branches"], 1, 2, 2, 1),
    }
    stack = {"a stack": ["p", "q", "r"], "two inputs": [["in1", "in2"], ["a", "b"]]}
    expect(
        levels,
        equals={**stack, "two branches": [["x"], ["a", "b"], ["c", "d"], ["o"]]},
        otherwise={
            "one branch comes after the other": {
                **stack,
                "two branches": [["x"], ["a", "c"], ["b", "d"], ["o"]],
            },
        },
    )


@clause("get_layer.invalid-index-ValueError")
def test_an_index_beyond_the_layers_is_refused(build: Build) -> None:
    """There are three layers, so the index 3 is a ValueError, and any above it."""
    model = build(three_layers())

    beyond = {str(index): outcome(model.get_layer, index=index) for index in (3, 4, 100)}

    expect({**_found(model), **beyond}, equals={**FOUND, **dict.fromkeys(beyond, "ValueError")})


@clause("get_layer.negative-index")
def test_what_a_negative_index_means(build: Build) -> None:
    """What -1 and -3 find among three layers, and what becomes of -4."""
    model = build(three_layers())

    recognise(
        [_name(model, index=index) for index in (-1, -3, -4)],
        {
            "it counts from the end; beyond the first layer it is an IndexError": [
                "r",
                "p",
                "IndexError",
            ],
            "it counts from the end; beyond the first layer it is a ValueError": [
                "r",
                "p",
                "ValueError",
            ],
            "it is a ValueError": ["ValueError", "ValueError", "ValueError"],
        },
    )


@clause("get_layer.index-types")
def test_an_index_that_is_no_integer(build: Build) -> None:
    """What 1.0 and "1" find as an index among three layers."""
    model = build(three_layers())

    recognise(
        [_name(model, index=index) for index in (1.0, "1")],
        {
            "both are a TypeError": ["TypeError", "TypeError"],
            "both are a ValueError": ["ValueError", "ValueError"],
        },
    )


@clause("get_layer.invalid-name-ValueError")
def test_an_unknown_name_is_refused(build: Build) -> None:
    """A name that no layer bears is a ValueError, however much it is like one."""
    model = build(three_layers(("layer_one", "q", "r")))

    names = ("unknown", "Q", "layer", "one", "qq")
    ended = {f"name {name}": outcome(model.get_layer, name=name) for name in names}

    right = {**FOUND, **dict.fromkeys(ended, "ValueError")}
    parts = {"name layer": "returned", "name one": "returned"}
    expect(
        {**_found(model), **ended},
        equals=right,
        otherwise={
            "a part of a name will do": {**right, **parts},
            "the beginning of a name will do": {**right, "name layer": "returned"},
            "small letters and capitals are the same": {**right, "name Q": "returned"},
        },
    )


@clause("get_layer.neither-ValueError")
def test_neither_name_nor_index_is_refused(build: Build) -> None:
    """Without a name and an index there is nothing to look for: ValueError."""
    model = build(three_layers())

    ended = {
        "neither": outcome(model.get_layer),
        "None for both": outcome(model.get_layer, name=None, index=None),
    }

    expect({**_found(model), **ended}, equals={**FOUND, **dict.fromkeys(ended, "ValueError")})


@clause("get_layer.unique-names")
def test_two_layers_of_a_model_cannot_share_a_name(build: Build) -> None:
    """A model with two layers of one name is refused, or each is found by a name of its own."""
    description = namesakes()
    made = outcome(build, description)

    models = {"of different names": build(three_layers())}
    if made == "returned":
        models["of the same name"] = build(description)
    lost = {}
    for what, model in models.items():
        layers = model.attribute("layers")
        found = [model.get_layer(name=layer.name).value for layer in layers]
        lost[what] = [
            layer.name for layer, other in zip(layers, found, strict=True) if layer != other
        ]

    expect(lost, equals={what: [] for what in models})
