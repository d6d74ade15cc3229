"""Generators that are functions, as R has them: each call gives the next batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeGuard

from fitspec.reference.data import sources

if TYPE_CHECKING:
    from typing import Self


def is_function(value: object) -> TypeGuard[Callable[[], object]]:
    """Whether `value` is a function that gives batches, rather than data or an iterator."""
    return callable(value) and not sources.yields_batches(value) and not hasattr(value, "__array__")


class Calls(Iterator[Any]):
    """The results of calling a function again and again; None ends them.

    Args:
        function: Takes nothing and returns a list (inputs, targets) or (inputs, targets,
            sample_weights), which may have names of its own.

    """

    def __init__(self, function: Callable[[], object]) -> None:
        self._function = function

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Any:
        item = self._function()
        if item is None:
            raise StopIteration
        # r.fit.generator-function: the list is one batch. Its places count, whatever its names.
        return tuple(item.values()) if isinstance(item, Mapping) else item


def iterated(value: Any) -> Any:
    """Return an iterator in place of a function, and all else as it is."""
    return Calls(value) if is_function(value) else value


def reading(workers: int, *streams: object) -> int:
    """Return how many threads may read (`r.fit_generator.workers-threads`).

    R runs in one thread only: a function is called in that one, in step with the model. Native
    generators and Sequences may be read in others.

    Args:
        workers: What the user allows.
        streams: All that will be read.

    Returns:
        `workers`, or 0 for the main thread.

    Raises:
        ValueError: Several threads are asked for, which a function cannot have.

    """
    if not any(is_function(one) for one in streams):
        return workers
    if workers > 1:
        raise ValueError(
            f"workers must be at most 1 where a generator is a function, not {workers}: "
            "functions run in the main thread"
        )
    return 0
