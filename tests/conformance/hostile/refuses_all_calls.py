"""Builds models, and raises whatever is called: worth a verdict for each clause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.adapters.reference.plain import Reference

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class RefusesAllCalls(Reference):
    """The reference, but for its methods."""

    def call(self, target: Any, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:  # noqa: ARG002  whatever they are
        """Refuse.

        Raises:
            AttributeError: always.
        """
        raise AttributeError(f"the model was never prepared for {name}")
