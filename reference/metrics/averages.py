"""Metrics that average what a function gives over samples."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from fitspec.reference.metrics.base import Metric
from fitspec.reference.tensor import array_library
from fitspec.reference.tensor.autodiff import as_tensor

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.reference.tensor.array_library import Array
    from fitspec.reference.tensor.autodiff import Tensor

    MetricFunction: TypeAlias = Callable[..., Tensor | Array | float]

__all__ = ["FunctionMetric"]


class FunctionMetric(Metric, repeats=True):
    """Averages a function of targets and predictions over samples.

    What it gives for a batch as a whole is averaged over batches, each of which counts once, as in
    Keras 2.3.1: no document says how else, and a mean of such numbers over samples is no more that
    of the data set. With weights, it counts as much as these add up to.

    Args:
        function: Gives a value per sample, per element, or for the whole batch.
        name: Label; the function's own name when left out.

    """

    parameters: ClassVar[tuple[str, ...]] = ()
    """The attributes that the function takes as arguments."""

    def __init__(
        self, function: MetricFunction, name: str | None = None, dtype: object = None
    ) -> None:
        label = name or str(getattr(function, "__name__", type(function).__name__))
        super().__init__(label, dtype)
        self.function = function

    def measure(self, y_true: Tensor, y_pred: Tensor, weights: Array | None) -> Array:
        """Return the sum of the values and their number, both weighted."""
        samples = len(y_pred) if y_pred.ndim == 1 else 1
        return weighted_sum_and_count(self.values(y_true, y_pred), weights, samples)

    def values(self, y_true: Tensor, y_pred: Tensor) -> Array:
        """Return what the function gives for a batch."""
        arguments = {name: getattr(self, name) for name in self.parameters}
        array: Array = as_tensor(self.function(y_true, y_pred, **arguments)).data
        return array

    def value(self, counts: Array) -> float:
        """Return the weighted mean; 0 when all weights were 0."""
        return float(counts[0] / counts[1]) if counts[1] else 0.0


class NamedMetric(FunctionMetric):
    """Averages one of the functions that have names over samples.

    Args:
        name: Label; the name of the function when left out.
        dtype: As `Metric`.

    """

    of: ClassVar[MetricFunction]

    def __init_subclass__(cls, *, of: MetricFunction | None = None, **arguments: Any) -> None:
        """Take note of the function."""
        super().__init_subclass__(**{"named": of is not None, **arguments})
        if of is not None:
            cls.of = staticmethod(of)
            cls.parameters = tuple(inspect.signature(of).parameters)[2:]

    def __init__(self, name: str | None = None, dtype: object = None) -> None:
        super().__init__(type(self).of, name, dtype)


def weighted_sum_and_count(values: Array, weights: Array | None, samples: int) -> Array:
    """Return the sum of a batch's values and their number, both weighted.

    Args:
        values: Shape (), (samples,) or (samples, ...).
        weights: A factor per sample, or per sample and step, or None.
        samples: How many a value for the whole batch counts as: all, where it is the mean of
            predictions that are one number each (`evaluate.metrics.dataset-level`), or one.

    """
    library = array_library.namespace(values)
    values = library.asarray(values, dtype=float)
    if weights is None:
        samples = len(values) if values.ndim else samples
        return pair(library, values.mean() * samples, samples)
    # compile.weighted_metrics.time-steps, compile.weighted_metrics.temporal
    inner = tuple(range(weights.ndim, values.ndim))
    per_weight = values.mean(axis=inner) if inner else values
    return pair(library, (per_weight * weights).sum(), weights.sum())


def pair(library: Any, first: Any, second: Any) -> Array:
    """Return an array of two numbers; a library of a device makes none of a list of its own."""
    array: Array = library.empty(2)
    array[0], array[1] = first, second
    return array
