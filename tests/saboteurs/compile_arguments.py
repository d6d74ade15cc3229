"""Defects in what `compile` makes of an argument with a value for each output."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from fitspec.reference.api import compiling
from fitspec.reference.network.compiled_network import CompiledNetwork

if TYPE_CHECKING:
    from .planting import Plant


def change_argument(plant: Plant, function: str, change: Any) -> None:
    """Have a function of `compiling`, such as ``"losses_per_output"``, see another argument.

    Args:
        plant: plants it.
        function: takes an argument of compile, the names of the outputs, and perhaps more.
        change: returns the argument that it is to see, given both.
    """
    original = getattr(compiling, function)

    def changed(argument: Any, names: list[str], *more: Any) -> Any:
        return original(change(argument, names), names, *more)

    plant(compiling, function, changed)


def without_its_end(argument: Any, known: str) -> Any:
    """Return a known name in place of a text that begins with it."""
    begins = isinstance(argument, str) and argument.startswith(known)
    return known if begins else argument


def by_order_of_the_dict(argument: Any, names: list[str]) -> Any:
    """Return a dict that names every output anew, its values by position."""
    if isinstance(argument, Mapping) and argument.keys() == set(names):
        return dict(zip(names, argument.values(), strict=True))
    return argument


def without_unknown_names(argument: Any, names: list[str]) -> Any:
    """Return a dict without the names that no output has."""
    if isinstance(argument, Mapping):
        return {name: item for name, item in argument.items() if name in names}
    return argument


def repeated_or_cut(argument: Any, names: list[str]) -> Any:
    """Return a list as long as the outputs."""
    if isinstance(argument, list):
        return (argument * len(names))[: len(names)]
    return argument


def without_unknown_names_unless_more(argument: Any, names: list[str]) -> Any:
    """Return a dict without the names that no output has, if it has no more than there are."""
    few = isinstance(argument, Mapping) and len(argument) <= len(names)
    return without_unknown_names(argument, names) if few else argument


def keep_of_an_earlier_compile(plant: Plant, argument: str) -> None:
    """Have a model go on with an argument of an earlier `compile` where a later one has none."""
    original = CompiledNetwork.compile

    def compile_(self: Any, *args: Any, **named: Any) -> None:
        kept = named.get(argument) or vars(self).get(f"earlier_{argument}")
        vars(self)[f"earlier_{argument}"] = kept
        original(self, *args, **{**named, argument: kept})

    plant(CompiledNetwork, "compile", compile_)
