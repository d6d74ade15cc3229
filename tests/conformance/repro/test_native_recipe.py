"""Tests of `fitspec.conformance.repro.native_recipe`: what a script says of its environment."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.implementations import registry
from fitspec.conformance.repro.native_recipe import block, instructions, surroundings

if TYPE_CHECKING:
    from fitspec.conformance.implementations.implementation import Implementation

FAMILY = [item for item in registry.known().values() if item.adapter.parent.name == "keras"]


def named(item: Implementation) -> str:
    """Return what a test is called."""
    return item.name


@pytest.mark.parametrize("implementation", FAMILY, ids=named)
def test_the_block_is_inline_script_metadata(implementation: Implementation) -> None:
    """Programs that run scripts find the interpreter and every package in it."""
    first, *lines, last = block(implementation).splitlines()

    assert (first, last) == ("# /// script", "# ///")
    declared = tomllib.loads("\n".join(line.removeprefix("# ") for line in lines))
    assert declared["requires-python"] == f"=={implementation.python}.*"
    assert tuple(declared["dependencies"]) == implementation.constraints


@pytest.mark.parametrize("implementation", FAMILY, ids=named)
def test_instructions_name_what_is_installed(implementation: Implementation) -> None:
    """By the commands that make the environment of fitspec."""
    text = " ".join(instructions(implementation))

    for requirement in implementation.requirements + implementation.no_deps:
        assert requirement in text
    assert max(map(len, instructions(implementation))) <= 100


@pytest.mark.parametrize("implementation", FAMILY, ids=named)
def test_variables_are_set_before_the_import(implementation: Implementation) -> None:
    """As a worker has them, but for the home folder, which is the user's."""
    names = {"os": type("os", (), {"environ": {}}), "tempfile": type("t", (), {})}
    names["tempfile"].mkdtemp = staticmethod(lambda: "/scratch")  # type: ignore[attr-defined]  # a stand-in

    exec("\n".join(surroundings(implementation)), names)  # noqa: S102  it is our own code, as text

    expected = {
        name: value.replace("{scratch}", "/scratch")
        for name, value in implementation.environment.items()
        if name != "HOME"
    }
    assert names["os"].environ == expected  # type: ignore[attr-defined]  # a stand-in


def test_without_an_environment_there_is_little_to_say() -> None:
    """The reference runs where fitspec is."""
    reference = registry.find("reference")

    assert block(reference) == ""
    assert instructions(reference) == ["Run it where fitspec is installed."]
    assert surroundings(reference) == []
