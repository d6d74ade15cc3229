"""Metrics of numbers that are given as they are, with nothing to compare them with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.losses import of_floats
from fitspec.reference.metrics.base import Metric
from fitspec.reference.tensor import array_library

if TYPE_CHECKING:
    from fitspec.reference.tensor.array_library import Array

__all__ = ["Mean", "Sum"]


class Mean(Metric, repeats=True):
    """The weighted mean of numbers, which are given as they are."""

    def __init__(self, name: str = "mean", dtype: object = None) -> None:
        super().__init__(name, dtype)

    def update_state(self, values: Any, sample_weight: Any = None) -> None:  # type: ignore[override]  # there is nothing to compare
        """Add numbers.

        Args:
            values: A number, or an array of any shape.
            sample_weight: A factor, or an array of one for each, or for each along leading axes.

        """
        data = of_floats(values).data
        library = array_library.namespace(data)
        weights = library.asarray(1.0 if sample_weight is None else sample_weight, dtype=float)
        inner = (1,) * (data.ndim - weights.ndim) if weights.ndim else ()
        weights = library.broadcast_to(weights.reshape(weights.shape + inner), data.shape)
        self.add(library.stack([(data * weights).sum(), weights.sum()]))

    def value(self, counts: Array) -> float:
        """Return the mean; 0 when all weights were 0."""
        return float(counts[0] / counts[1]) if counts[1] else 0.0


class Sum(Mean, repeats=True):
    """The weighted sum of numbers, which are given as they are."""

    def __init__(self, name: str = "sum", dtype: object = None) -> None:
        super().__init__(name, dtype)

    def value(self, counts: Array) -> float:
        """Return the sum."""
        return float(counts[0])
