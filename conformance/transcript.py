"""What a check asked of an implementation, so that a person can ask the same again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Request:
    """One request of a check.

    Args:
        operation: as in the protocol: ``build``, ``call``.
        fields: what the operation needs, as values: probes, arrays, objects of the worker.
        answer: the value that came; None if an exception did.
        fell: whether an exception came.
    """

    operation: str
    fields: Mapping[str, Any]
    answer: Any = None
    fell: bool = False


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
