"""Tests of `fitspec.adapters.networks`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fitspec.adapters.networks import ModuleNetwork, connect

if TYPE_CHECKING:
    from collections.abc import Mapping

#: p = 2·u, q = 3·v, r = p again on q, and s = p + q.
LAYERS: list[dict[str, Any]] = [
    {"kind": "input", "name": "u", "inputs": []},
    {"kind": "input", "name": "v", "inputs": []},
    {"kind": "times", "name": "p", "inputs": ["u"], "settings": {"by": 2}},
    {"kind": "times", "name": "q", "inputs": ["v"], "settings": {"by": 3}},
    {"kind": "again", "name": "r", "inputs": ["q"], "settings": {"layer": "p"}},
    {"kind": "sum", "name": "s", "inputs": ["p", "q"]},
]


class Module:
    """A library's base class: it notes the parts that become attributes, and calls `forward`."""

    def __init__(self) -> None:
        self.noted: list[str] = []

    def __setattr__(self, name: str, value: Any) -> None:
        if callable(value):
            self.noted.append(name)
        super().__setattr__(name, value)

    def __call__(self, *inputs: Any, **named: Any) -> Any:
        """Compute."""
        return self.forward(*inputs, **named)  # type: ignore[attr-defined]  # of the subclass


class Network(ModuleNetwork, Module):
    """As an adapter has it."""


def make(description: Mapping[str, Any]) -> Any:
    """Return a layer that is called on several inputs."""
    if description["kind"] == "sum":
        return lambda *values: sum(values)
    return lambda value: value * description["settings"]["by"]


def test_modules_are_called_on_values() -> None:
    """Each part is there once, under a name, and is called on what its inputs came to."""
    network = Network(LAYERS, ["r", "s"], make)

    # p = 2·5 = 10, q = 3·7 = 21, r = 2·21 = 42, s = 10 + 21 = 31.
    assert network(5, 7) == (42, 31)
    assert network(v=7, u=5) == (42, 31)
    assert list(network.parts) == ["p", "q", "s"]
    assert network.noted == ["part_p", "part_q", "part_s"]


def test_one_output_is_bare_and_without_names_it_is_the_last() -> None:
    """A Sequential names no outputs."""
    assert Network(LAYERS, ["q"], make)(5, 7) == 21
    assert Network(LAYERS, [], make)(5, 7) == 31


@pytest.mark.parametrize("inputs", [(5,), (5, 7, 9)])
def test_a_network_refuses_too_few_inputs_and_too_many(inputs: tuple[int, ...]) -> None:
    """As any function with these parameters does."""
    with pytest.raises(TypeError, match="argument"):
        Network(LAYERS, ["s"], make)(*inputs)


def test_layers_are_connected_on_inputs_without_values() -> None:
    """One input comes bare and several as a list; what is called again is made once."""
    made = []

    def layer(description: Mapping[str, Any]) -> Any:
        made.append(description["name"])
        return lambda fed: (description["name"], fed)

    inputs, ends = connect(LAYERS, ["r", "s"], lambda item: item["name"].upper(), layer)

    assert inputs == ["U", "V"]
    assert ends == [("p", ("q", "V")), ("s", [("p", "U"), ("q", "V")])]
    assert made == ["p", "q", "s"]
