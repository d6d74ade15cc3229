"""Forms of data, metrics and results that libraries have less of than the documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.adapters.adapter import NotOffered

if TYPE_CHECKING:
    from collections.abc import Mapping


def is_source(x: Any, y: Any = None) -> bool:
    """Whether `x` is a source of batches, which has the targets with it: no data, but items."""
    is_data = hasattr(x, "shape") or isinstance(x, (list, tuple, dict, str))
    return y is None and not is_data and (hasattr(x, "__iter__") or hasattr(x, "__getitem__"))


def by_place(results: Mapping[str, Any]) -> Any:
    """Return the values of what a library returns by name: in a list, or bare if it is one."""
    values = list(results.values())
    return values[0] if len(values) == 1 else values


def refuse_metrics_by_output(metrics: Any, taken: str = "a metric judges all outputs") -> None:
    """Refuse metrics that are not a list for all outputs.

    Raises:
        NotOffered: they are for each output; `taken` says what is taken.
    """
    if isinstance(metrics, dict) or any(isinstance(one, (list, tuple)) for one in metrics or ()):
        raise NotOffered("argument", "metrics for each output", taken)
