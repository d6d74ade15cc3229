"""Defects in how `fit` and `fit_generator` have generators and Sequences read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.data import sources
from fitspec.reference.models.model import Model

if TYPE_CHECKING:
    from collections.abc import Callable

    from .planting import Plant


def change_defaults(plant: Plant, method: str, **defaults: Any) -> None:
    """Have a method act as if arguments that were left out had other defaults than it shows.

    Args:
        plant: plants the method.
        method: ``fit`` or ``fit_generator``.
        defaults: by name; in effect where what is read is no arrays.
    """
    original = getattr(Model, method)

    def changed(self: Model, x: Any = None, *args: Any, **named: Any) -> Any:
        if sources.yields_batches(x):
            named = {**defaults, **named}
        return original(self, x, *args, **named)

    plant(Model, method, changed)


def change_reading(plant: Plant, change: Callable[[Any, dict[str, Any]], dict[str, Any]]) -> None:
    """Have `fit_generator` see other arguments than the user gave.

    Args:
        plant: plants the method.
        change: takes the generator or Sequence and the named arguments, and returns those that
            are to be others.
    """
    original = Model.fit_generator

    def changed(self: Model, generator: Any, *args: Any, **named: Any) -> Any:
        return original(self, generator, *args, **{**named, **change(generator, named)})

    plant(Model, "fit_generator", changed)


def several_processes(named: dict[str, Any]) -> bool:
    """Whether the arguments of a call ask for more than one process."""
    return bool(named.get("use_multiprocessing")) and named.get("workers", 1) > 1
