"""Places in what came of requests: every value with where it stands, and answers with another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from fitspec.conformance.repro.origins import Path, Read, Step
from fitspec.conformance.worker.remote import Events, RemoteError, RemoteObject
from fitspec.conformance.worker.transcript import events_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fitspec.conformance.worker.transcript import Request

#: A word that no implementation says: the class of an exception, a text.
NEVER: Final = "FitspecPerturbation"


def another(value: Any) -> Any:
    """Return another value of the same kind."""
    if isinstance(value, (bool, np.bool_)):
        return not value
    if isinstance(value, str):
        return f"{value}~"
    if isinstance(value, (int, float, np.number)):
        other: Any = value + 1024
        return type(value)(other)
    return NEVER


def _children(value: Any) -> Iterator[tuple[Step, Any]]:
    """Yield what stands in a value of an answer, with the step that leads there."""
    if isinstance(value, RemoteObject):
        for name, item in value.attributes.items():
            yield ("attribute", name), item
        if value.array is not None:
            yield ("array",), value.array
    elif isinstance(value, dict):
        for key, item in value.items():
            yield ("key", key), item
    elif isinstance(value, (list, tuple)):
        for place, item in enumerate(value):
            yield ("item", place), item
    elif isinstance(value, np.ndarray) and value.ndim > 0:
        for place, item in enumerate(value.ravel()):
            yield ("flat", place), item


def _nodes(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    yield path, value
    for step, item in _children(value):
        yield from _nodes(item, (*path, step))


def all_nodes(requests: Sequence[Request]) -> Iterator[tuple[Read, Any]]:
    """Yield every value in every answer; those of events last."""
    for place, request in enumerate(requests):
        if request.came is not None and request.operation not in ("signature", "build"):
            for path, value in _nodes(request.came.value):
                yield Read(place, path), value
    for place, request in enumerate(requests):
        for number, event in enumerate(events_of(request)):
            for path, value in _nodes(dict(event.fields)):
                yield Read(place, path, number), value


def all_leaves(requests: Sequence[Request]) -> Iterator[tuple[Read, Any]]:
    """Yield every single value in every answer."""
    for where, value in all_nodes(requests):
        if not any(True for _ in _children(value)) and isinstance(
            value, (bool, int, float, str, np.generic)
        ):
            yield where, value


def is_inside(leaf: Read, node: Read) -> bool:
    """Whether a place is inside another, or the same."""
    return (leaf.request, leaf.event) == (node.request, node.event) and leaf.path[
        : len(node.path)
    ] == node.path


def answered_with(request: Request, where: Read, value: Any) -> Request:
    """Return a request with another value at a place of what came of it."""
    if where.event is None:
        assert request.came is not None  # noqa: S101  the value was found in it
        return replace(
            request, came=replace(request.came, value=_with(request.came.value, where.path, value))
        )
    events = list(events_of(request))
    event = events[where.event]
    events[where.event] = (
        replace(event, main_thread=value)
        if where.path == (("thread",),)
        else replace(event, fields=_with(dict(event.fields), where.path, value))
    )
    if request.came is not None:
        return replace(request, came=replace(request.came, events=Events(tuple(events))))
    assert isinstance(request.error, RemoteError)  # noqa: S101  the event was found in it
    error = RemoteError(request.error.classes, request.error.message, request.error.traceback)
    error.events = Events(tuple(events))
    return replace(request, error=error)


def _with(value: Any, path: Path, other: Any) -> Any:
    """Return a copy of a value with another one at a place."""
    if not path:
        return other
    (kind, *key), rest = path[0], path[1:]
    if isinstance(value, RemoteObject):
        if kind == "array":
            return replace(value, array=_with(value.array, rest, other))
        inner = _with(value.attributes[key[0]], rest, other)
        return replace(value, attributes={**value.attributes, key[0]: inner})
    if kind == "flat":
        copy = value.copy()
        copy.ravel()[key[0]] = other
        return copy
    inner = _with(value[key[0]], rest, other)
    if isinstance(value, dict):
        return {**value, key[0]: inner}
    items = [inner if place == key[0] else item for place, item in enumerate(value)]
    return tuple(items) if isinstance(value, tuple) else items
