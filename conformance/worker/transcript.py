"""What a check asked of an implementation, so that a person can ask the same again."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields, is_dataclass
from typing import TYPE_CHECKING, Any

from fitspec.conformance.vocabulary.probes import Probe
from fitspec.conformance.worker.remote import RemoteError, RemoteObject

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fitspec.conformance.worker.remote import Event, Result


@dataclass(frozen=True)
class Request:
    """One request of a check.

    Args:
        operation: as in the protocol: ``build``, ``call``.
        fields: what the operation needs, as values: probes, arrays, objects of the worker.
        answer: the value that came; None if an exception did.
        fell: whether an exception came.
        came: the value with what was seen and printed meanwhile.
        error: the exception that came.
    """

    operation: str
    fields: Mapping[str, Any]
    answer: Any = None
    fell: bool = False
    came: Result | None = None
    error: Exception | None = None


@dataclass
class Transcript:
    """The requests of a check in order; of a law, those at one point only."""

    requests: list[Request] = field(default_factory=list)

    def clear(self) -> None:
        """Begin anew."""
        self.requests.clear()

    def add(self, request: Request) -> None:
        """Keep a request."""
        self.requests.append(request)

    def __len__(self) -> int:
        return len(self.requests)

    def since(self, start: int) -> list[Request]:
        """Return the requests after the first `start`."""
        return self.requests[start:]

    def replace(self, start: int, requests: list[Request]) -> None:
        """Put others in the place of the requests after the first `start`."""
        self.requests[start:] = requests


def values_in(value: Any) -> Iterator[Any]:
    """Yield a value and all that is in it, inner ones first."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from values_in(key)
            yield from values_in(item)
    elif isinstance(value, (list, tuple, set)):
        for item in value:
            yield from values_in(item)
    elif is_dataclass(value) and not isinstance(value, (type, RemoteObject)):
        for item in fields(value):
            if item.init:
                yield from values_in(getattr(value, item.name))
    yield value


def probes_in(value: Any) -> Iterator[Probe]:
    """Return the probes in a value."""
    return (item for item in values_in(value) if isinstance(item, Probe))


def texts_in(value: Any) -> Iterator[str]:
    """Return the texts in a value."""
    return (item for item in values_in(value) if isinstance(item, str))


def travels_of(requests: Sequence[Request]) -> Counter[str]:
    """Return how often each probe was sent, by its key."""
    return Counter(probe.key for request in requests for probe in probes_in(request.fields))


def is_handed_on(reference: str, requests: Sequence[Request]) -> bool:
    """Whether an object of the worker is sent with one of these requests."""
    return any(
        isinstance(item, RemoteObject) and item.reference == reference
        for request in requests
        for item in values_in(request.fields)
    )


def events_of(request: Request) -> tuple[Event, ...]:
    """Return what the probes saw during a request, however it ended."""
    if request.came is not None:
        return request.came.events.events
    return request.error.events.events if isinstance(request.error, RemoteError) else ()
