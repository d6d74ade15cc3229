"""Places in plain values: what a check observed, taken apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.conformance.claims.expect import agree

if TYPE_CHECKING:
    from collections.abc import Iterator


def is_container(value: Any) -> bool:
    """Whether a value has others in it."""
    return isinstance(value, (dict, list, tuple, range)) or (
        isinstance(value, np.ndarray) and value.ndim > 0
    )


def items_of(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield what stands in a container, with its key or index."""
    yield from value.items() if isinstance(value, dict) else enumerate(value)


def parts_of(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Yield what a value is made of, with the keys and indices that lead there."""
    if is_container(value):
        for key, item in items_of(value):
            yield from parts_of(item, (*path, key))
    else:
        yield path, value


def at(value: Any, path: tuple[Any, ...]) -> Any:
    """Return what stands at a place; a new object, equal to nothing, if there is none."""
    for key in path:
        try:
            value = value[key]
        except (LookupError, TypeError):
            return object()
    return value


def fits(observed: Any, expected: Any) -> bool:
    """Whether two containers have the same places, so that they can be compared one by one."""
    if not is_container(expected) or isinstance(observed, dict) is not isinstance(expected, dict):
        return False
    return [key for key, _ in items_of(observed)] == [key for key, _ in items_of(expected)] or (
        isinstance(observed, dict) and observed.keys() == expected.keys()
    )


def is_same(first: Any, second: Any) -> bool:
    """Whether two values are the same, as far as they can be compared."""
    try:
        return agree(first, second)
    except (TypeError, ValueError):
        return False


def numbers_in(value: Any) -> list[Any]:
    """Return the numbers of a flat list or of any array; nothing if there is anything else."""
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
        found: list[Any] = value.ravel().tolist()
        return found
    if isinstance(value, (list, tuple, range)) and all(
        isinstance(item, (int, float, np.number)) and not isinstance(item, bool) for item in value
    ):
        return list(value)
    return []
