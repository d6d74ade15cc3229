"""A call of a documented method."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any


class Request(SimpleNamespace):
    """The arguments of a call, by name, as they were given."""

    def but(self, **others: Any) -> Request:
        """Return a request in which some arguments are others."""
        return Request(**{**vars(self), **others})
