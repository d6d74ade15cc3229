"""Works as far as one can see, but predicts nonsense: not even worth a verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.adapters.reference.plain import Reference

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class PredictsWrong(Reference):
    """The reference, but for `predict`."""

    def call(self, target: Any, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """Return another prediction."""
        value = super().call(target, name, args, kwargs)
        return value + 1 if name == "predict" else value
