"""Arguments with the values of R, brought into the forms that the methods of Python take."""

from __future__ import annotations

import numbers
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeGuard

import numpy as np

from fitspec.reference.api import arguments
from fitspec.reference.data import sources

if TYPE_CHECKING:
    from typing import Self

    from fitspec.reference.r.session import Session

PROGRESS_BAR = 1
LINE_PER_EPOCH = 2


# --- numbers -----------------------------------------------------------------------------------


def whole(value: Any) -> Any:
    """Return a number without a fractional part as an integer, and all else as it is.

    What is no whole number is left to be refused where its meaning is known.
    """
    if isinstance(value, np.ndarray) and value.size == 1:
        # A vector of one number is how R spells a number.
        value = value.item()
    if isinstance(value, numbers.Real) and not isinstance(value, numbers.Integral):
        number = float(value)
        return int(number) if number.is_integer() else value
    return value


# --- verbose -----------------------------------------------------------------------------------


def level_of(verbose: object, session: Session) -> int:
    """Return the level that `verbose` stands for.

    Raises:
        ValueError: It is neither "auto" nor 0, 1 or 2.

    """
    if isinstance(verbose, str):
        if verbose == "auto":
            return automatic_level(session)
        raise ValueError(f"verbose must be 'auto', 0, 1 or 2, not {verbose!r}")
    return arguments.verbosity(whole(verbose))


def automatic_level(session: Session) -> int:
    """Return the level for "auto" (`r.fit.verbose-default-auto`).

    A progress bar moves, which neither a rendered document nor a server's log can show.
    """
    return LINE_PER_EPOCH if session.knitr or session.server else PROGRESS_BAR


# --- shuffle -----------------------------------------------------------------------------------


def shuffling(shuffle: object) -> bool | str:
    """Return a logical or "batch" (`r.shuffle.logical-or-batch`).

    Raises:
        ValueError: It is something else.

    """
    if isinstance(shuffle, (bool, np.bool_)):
        return bool(shuffle)
    if isinstance(shuffle, str) and shuffle == "batch":
        return shuffle
    raise ValueError(f"shuffle must be TRUE, FALSE or 'batch', not {shuffle!r}")


# --- class_weight ------------------------------------------------------------------------------


def by_index(class_weight: object) -> Any:
    """Return class weights with integers for keys (`r.class_weight.named-list`).

    Args:
        class_weight: A named list of factors by class, such as ``{"0": 1.0, "1": 5.0}``; for
            several outputs a list of these, or a named list of these by output; None for none.

    Raises:
        ValueError: A name stands for no class index, or two stand for the same.

    """
    if isinstance(class_weight, (list, tuple)):
        return [by_index(one) for one in class_weight]
    if not isinstance(class_weight, Mapping):
        return class_weight
    if class_weight and all(isinstance(one, Mapping) for one in class_weight.values()):
        return {output: by_index(one) for output, one in class_weight.items()}
    indexed = {class_index(name): factor for name, factor in class_weight.items()}
    if len(indexed) < len(class_weight):
        raise ValueError(f"class_weight: {list(class_weight)} names a class twice")
    return indexed


def class_index(name: object) -> int:
    """Return the class that a name stands for.

    Raises:
        ValueError: It is not the text of a whole number from 0 on.

    """
    try:
        number = float(str(name))
    except ValueError:
        number = -1.0
    if number < 0 or not number.is_integer():
        raise ValueError(f"class_weight: the names must be class indices such as '0', not {name!r}")
    return int(number)


# --- functions as generators -------------------------------------------------------------------


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
