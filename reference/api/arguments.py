"""The arguments of a call, and checks of those that are numbers, switches or left out."""

from __future__ import annotations

import math
import numbers
import operator
import warnings
from collections.abc import Callable, Container, Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np

from fitspec.reference.data import sources


class Request(SimpleNamespace):
    """The arguments of a call, by name, as they were given."""

    def but(self, **others: Any) -> Request:
        """Return a request in which some arguments are others."""
        return Request(**{**vars(self), **others})


inspectors: list[Callable[[str, Mapping[str, Any]], None]] = []
"""Called with the name of a documented method and its arguments before it begins."""


def inspect(method: str, given: Mapping[str, Any]) -> None:
    """Have the arguments of a documented method looked at.

    Args:
        method: Its name.
        given: Its `locals()`: the model as `self`, and the arguments.

    Raises:
        ValueError: Somebody who looks at them refuses them, as in strict mode.

    """
    for look in inspectors:
        look(method, given)


def request(method: str, given: dict[str, Any]) -> Request:
    """Return the arguments of a documented method, once they were looked at.

    Args:
        method: Its name.
        given: Its `locals()`, as for `inspect`.

    """
    inspect(method, given)
    return Request(**others(given, "self"))


def others(given: dict[str, Any], *left_out: str) -> dict[str, Any]:
    """Return the arguments of a method by name, but for some."""
    return {name: value for name, value in given.items() if name not in left_out}


def whole_number(value: object, what: str, minimum: int | None = None) -> int:
    """Return an integer of any integer type.

    Raises:
        TypeError: It is no integer.
        ValueError: It is less than `minimum`.

    """
    if not isinstance(value, numbers.Integral):
        raise TypeError(f"{what} must be an integer, not {value!r}")
    number = operator.index(value)
    if minimum is not None and number < minimum:
        raise ValueError(f"{what} must be at least {minimum}, not {number}")
    return number


def batch_size_of(value: object, demanded: int | None = None) -> int:
    """Return the number of samples of a step: what the inputs demand, as given, or 32.

    See `fit.batch_size.default-32`, `evaluate.batch_size.default-32` and
    `predict.batch_size.default-32`.

    Raises:
        ValueError: The inputs demand another number than was given.

    """
    if value is None:
        return demanded or 32
    size = whole_number(value, "batch_size", 1)
    if demanded not in (None, size):
        raise ValueError(f"batch_size must be {demanded} for this model, not {size}")
    return size


def steps_of(value: object, what: str) -> int | None:
    """Return a number of steps, rounded up.

    (`fit_generator.steps_per_epoch.fractional`, `fit.steps_per_epoch.fractional`,
    `evaluate.steps.fractional`, `predict.steps.fractional`)
    """
    if value is None:
        return None
    if isinstance(value, numbers.Real) and not isinstance(value, numbers.Integral):
        if not math.isfinite(value):
            raise ValueError(f"{what} must be a finite number, not {value!r}")
        value = math.ceil(value)
    return whole_number(value, what, 1)


def verbosity(value: object) -> int:
    """Return 0, 1 or 2.

    Raises:
        ValueError: It is something else.

    """
    if isinstance(value, numbers.Integral) and value in (0, 1, 2):
        return int(value)
    raise ValueError(f"verbose must be 0, 1 or 2, not {value!r}")


def validation_fraction(value: object) -> float:
    """Return the part of the data to validate on; 0 for none (`fit.validation_split.zero-is-off`).

    Raises:
        ValueError: It is not at least 0 and below 1.

    """
    if value is None:
        return 0.0
    if not isinstance(value, (int, float, np.number)) or not 0 <= value < 1:
        raise ValueError(f"validation_split must be at least 0 and below 1, not {value!r}")
    return float(value)


def shuffling(value: object) -> bool | str:
    """Return True, False or "batch".

    Raises:
        ValueError: It is something else.

    """
    if isinstance(value, str):
        if value == "batch":
            return value
    elif value is None or isinstance(value, (bool, numbers.Integral)) or hasattr(value, "item"):
        return bool(value)
    raise ValueError(f"shuffle must be True, False or 'batch', not {value!r}")


def frequency(value: object) -> int | Container[int]:
    """Return how often validation is run, or in which epochs.

    Raises:
        ValueError: Neither a positive integer nor a container (`fit.validation_freq.invalid`).

    """
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool) and value >= 1:
        return int(value)
    # fit.validation_freq.tuple-set
    if isinstance(value, Container) and not isinstance(value, (str, bytes)):
        return value
    raise ValueError(
        f"validation_freq must be a positive integer or a container of epochs, not {value!r}"
    )


def workers_of(
    workers: object, max_queue_size: object, use_multiprocessing: object
) -> sources.Workers:
    """Return how a generator or Sequence is read.

    See `predict.queue-workers-processes`, `evaluate_generator.queue-and-workers` and
    `predict_generator.queue-and-workers`.

    Raises:
        ValueError: A number is out of range.

    """
    count = whole_number(workers, "workers", 0)
    if not count:
        return sources.Workers(0, 0, processes=False)
    limit = whole_number(max_queue_size, "max_queue_size", 1)
    return sources.Workers(count, limit, processes=bool(use_multiprocessing))


def refuse(reason: str, **arguments: object) -> None:
    """Refuse arguments that make no sense together with another one.

    Raises:
        ValueError: One of them is given.

    """
    for name, value in arguments.items():
        if value is not None:
            raise ValueError(f"{name} cannot be given {reason}")


def epochs_of(epochs: object, older: Mapping[str, object]) -> int:
    """Return the final epoch, by whichever name it was given (`fit.kwargs.backwards-compatible`).

    Raises:
        TypeError: An argument has no meaning.

    """
    for name, value in older.items():
        if name != "nb_epoch":
            raise TypeError(f"fit() has no argument {name!r}")
        warnings.warn("nb_epoch is the older spelling of epochs", UserWarning, stacklevel=4)
        epochs = value
    return whole_number(epochs, "epochs")


def require_stream(generator: object) -> None:
    """Refuse arrays where a generator or Sequence is asked for.

    Raises:
        ValueError: `generator` is neither.

    """
    if not sources.yields_batches(generator):
        raise ValueError(
            f"generator must be a generator or Sequence, not {type(generator).__name__}"
        )
