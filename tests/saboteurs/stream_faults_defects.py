"""Saboteurs of `fit_generator`: exceptions where batches are made, and interrupts."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from fitspec.reference.callbacks import History
from fitspec.reference.data import prefetch, sources
from fitspec.reference.models.model import Model

from .direct_calls import called
from .planting import saboteur

if TYPE_CHECKING:
    from collections.abc import Callable

    from .planting import Plant


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


@saboteur("fit_generator.generator.exception")
def wraps_the_exceptions_of_generators(plant: Plant) -> None:
    """Raises a RuntimeError with the message of what a generator raises."""

    def end(generator: Any, error: Exception) -> None:
        if inspect.isgenerator(generator):
            raise RuntimeError(str(error)) from error
        raise error

    change_end(plant, ArithmeticError, end)


@saboteur("fit_generator.sequence.exception")
def loses_the_message_of_what_a_sequence_raises(plant: Plant) -> None:
    """Raises the exception of a Sequence without its message."""

    def end(generator: Any, error: Exception) -> None:
        if sources.is_sequence(generator):
            raise type(error) from error
        raise error

    change_end(plant, ArithmeticError, end)


@saboteur("fit_generator.generator.exception-after-items")
def raises_before_the_items_that_came_before(plant: Plant) -> None:
    """Raises what went wrong in a worker at once, before the items drawn before are used."""
    applies = called(plant, "fit_generator")
    original = prefetch.OrderedReader.__next__

    def draw(self: prefetch.OrderedReader) -> object:
        waiting = list(self._waiting.values())
        failures = [item.failure for item in waiting if item.failure is not None]
        if failures and applies():
            raise failures[0]
        return original(self)

    plant(prefetch.OrderedReader, "__next__", draw)


@saboteur("fit_generator.callbacks.interrupt")
def holds_back_an_interrupt(plant: Plant) -> None:
    """Returns a History when the user interrupts `fit_generator`."""
    change_end(plant, KeyboardInterrupt, lambda _generator, _error: History())
