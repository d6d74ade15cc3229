"""Metrics that report what losses measure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.reference import losses
from fitspec.reference.metrics.averages import FunctionMetric, NamedMetric
from fitspec.reference.metrics.base import FUNCTIONS
from fitspec.reference.tensor import array_library
from fitspec.reference.tensor.repeatable import repeatable

if TYPE_CHECKING:
    from fitspec.reference.tensor.array_library import Array
    from fitspec.reference.tensor.autodiff import Tensor


@FUNCTIONS.known("cosine", "cosine_similarity")
def cosine_proximity(y_true: Tensor, y_pred: Tensor, axis: int = -1) -> Tensor:
    """Give the cosine of the angle between targets and predictions."""
    return -losses.cosine_similarity(y_true, y_pred, axis)


cosine = cosine_similarity = cosine_proximity


class MeanSquaredError(NamedMetric, of=losses.mean_squared_error):
    """Mean of squared differences."""


class MeanAbsoluteError(NamedMetric, of=losses.mean_absolute_error):
    """Mean of absolute differences."""


class MeanAbsolutePercentageError(NamedMetric, of=losses.mean_absolute_percentage_error):
    """Mean of differences in percent of the targets."""


class MeanSquaredLogarithmicError(NamedMetric, of=losses.mean_squared_logarithmic_error):
    """Mean of squared differences of logarithms."""


class Hinge(NamedMetric, of=losses.hinge):
    """Mean of what is missing to a margin of 1."""


class SquaredHinge(NamedMetric, of=losses.squared_hinge):
    """Mean of squares of what is missing to a margin of 1."""


class CategoricalHinge(NamedMetric, of=losses.categorical_hinge):
    """Mean of what is missing to a margin of 1 between classes."""


class LogCoshError(NamedMetric, of=losses.logcosh):
    """Mean of logarithms of hyperbolic cosines of differences."""


class Poisson(NamedMetric, of=losses.poisson):
    """Mean deviation from counts that are Poisson distributed."""


class KLDivergence(NamedMetric, of=losses.kullback_leibler_divergence):
    """Mean of Kullback and Leibler's divergence of distributions."""


class CosineSimilarity(NamedMetric, of=cosine_similarity):
    """Mean cosine of the angle between targets and predictions."""

    def __init__(self, name: str | None = None, dtype: object = None, axis: int = -1) -> None:
        super().__init__(name or "cosine_similarity", dtype)
        self.axis = axis


class BinaryCrossentropy(NamedMetric, of=losses.binary_crossentropy):
    """Mean surprise about targets 0 or 1."""

    def __init__(
        self,
        name: str | None = None,
        dtype: object = None,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
    ) -> None:
        super().__init__(name, dtype)
        self.from_logits = from_logits
        self.label_smoothing = label_smoothing


class CategoricalCrossentropy(BinaryCrossentropy, of=losses.categorical_crossentropy):
    """Mean surprise about one-hot targets."""


class SparseCategoricalCrossentropy(NamedMetric, of=losses.sparse_categorical_crossentropy):
    """Mean surprise about class indices."""

    def __init__(
        self, name: str | None = None, dtype: object = None, from_logits: bool = False
    ) -> None:
        super().__init__(name, dtype)
        self.from_logits = from_logits


@repeatable
def _squared_difference(y_true: Tensor, y_pred: Tensor) -> Tensor:
    # Element by element: where a sample is one number, each has a weight of its own.
    return (y_pred - y_true) ** 2


class RootMeanSquaredError(NamedMetric, of=_squared_difference):
    """Root of the mean of squared differences."""

    def __init__(self, name: str | None = None, dtype: object = None) -> None:
        super().__init__(name or "root_mean_squared_error", dtype)

    def value(self, counts: Array) -> float:
        """Return the root."""
        return float(super().value(counts) ** 0.5)


class MeanRelativeError(FunctionMetric, repeats=True):
    """Mean of absolute differences, each divided by a number of its own.

    Args:
        normalizer: Those numbers, of a shape that goes with predictions; what is 0 counts nothing.
        name: Label.
        dtype: As `Metric`.

    """

    def __init__(self, normalizer: object, name: str | None = None, dtype: object = None) -> None:
        super().__init__(self._relative, name or "mean_relative_error", dtype)
        self.normalizer = normalizer

    @repeatable
    def _relative(self, y_true: Tensor, y_pred: Tensor) -> Array:
        library = array_library.namespace(y_pred.data)
        norms = library.asarray(losses.of_floats(self.normalizer).data)
        relative: Array = library.abs(y_pred.data - y_true.data) / library.where(norms, norms, 1)
        counted: Array = relative * (norms != 0)
        return counted
