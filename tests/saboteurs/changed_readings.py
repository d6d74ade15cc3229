"""Defects in how `fit` and `fit_generator` have generators and Sequences read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.data import feeding, sources
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


def change_end(plant: Plant, kind: type[BaseException], end: Callable[[Any, Any], Any]) -> None:
    """Have `fit_generator` end otherwise where an exception ends it.

    Args:
        plant: plants the method.
        kind: class of the exception.
        end: takes the generator or Sequence and the exception, and returns or raises.
    """
    original = Model.fit_generator

    def changed(self: Model, generator: Any, *args: Any, **named: Any) -> Any:
        try:
            return original(self, generator, *args, **named)
        except kind as error:
            if named.get("use_multiprocessing"):
                raise
            return end(generator, error)

    plant(Model, "fit_generator", changed)


def change_items(
    plant: Plant, applies: Callable[[], bool], change: Callable[[Any, Any, Any], Any]
) -> None:
    """Have what reads items see other parts of them than they have.

    Args:
        plant: plants the taking apart.
        applies: whether it is read for the method that is changed.
        change: returns inputs, targets and weights, given those.
    """
    original = feeding.parts_of

    def parts_of(item: object) -> Any:
        parts = original(item)
        return change(*parts) if applies() else parts

    plant(feeding, "parts_of", parts_of)


def without_weights(inputs: Any, targets: Any, _: Any) -> Any:
    """Return the parts of an item as if it had no weights."""
    return inputs, targets, None


def in_order(part: Any) -> Any:
    """Return what a dict holds as a list, in the dict's own order; what is none as it is."""
    return list(part.values()) if isinstance(part, dict) else part


def change_parts(plant: Plant, change: Any) -> None:
    """Have `fit_generator` see other parts of an item than it has.

    Args:
        plant: plants the taking apart.
        change: returns inputs, targets and weights, given those and the item; None for no change.
    """
    original = feeding.parts_of
    now = plant.during(Model, "fit_generator")

    def parts_of(item: object) -> Any:
        changed = change(item) if now else None
        return original(item) if changed is None else changed

    plant(feeding, "parts_of", parts_of)
