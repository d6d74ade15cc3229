"""The reference, but sample weights count half of what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.adapters.reference.plain import Reference

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class HalvesSampleWeights(Reference):
    """The reference, but for one argument."""

    def call(self, target: Any, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """Call with half of the weights."""
        if "sample_weight" in kwargs:
            kwargs = {**kwargs, "sample_weight": kwargs["sample_weight"] / 2}
        return super().call(target, name, args, kwargs)
