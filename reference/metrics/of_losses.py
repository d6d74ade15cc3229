"""Metrics that report what losses measure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.reference import losses
from fitspec.reference.metrics.averages import FunctionMetric, NamedMetric
from fitspec.reference.metrics.base import CLASSES, FUNCTIONS
from fitspec.reference.tensor import array_library
from fitspec.reference.tensor.repeatable import repeatable

if TYPE_CHECKING:
    from fitspec.reference.tensor.array_library import Array
    from fitspec.reference.tensor.autodiff import Tensor

__all__ = [
    "BinaryCrossentropy",
    "CategoricalCrossentropy",
    "CategoricalHinge",
    "CosineSimilarity",
    "Hinge",
    "KLDivergence",
    "LogCoshError",
    "MeanAbsoluteError",
    "MeanAbsolutePercentageError",
    "MeanRelativeError",
    "MeanSquaredError",
    "MeanSquaredLogarithmicError",
    "Poisson",
    "RootMeanSquaredError",
    "SparseCategoricalCrossentropy",
    "SquaredHinge",
    "cosine",
    "cosine_proximity",
    "cosine_similarity",
]


@FUNCTIONS.known("cosine", "cosine_proximity")
def cosine_similarity(y_true: Tensor, y_pred: Tensor, axis: int = -1) -> Tensor:
    """Give the cosine of the angle between targets and predictions."""
    return -losses.cosine_similarity(y_true, y_pred, axis)


cosine = cosine_proximity = cosine_similarity


@CLASSES.known()
class MeanSquaredError(NamedMetric):
    """Mean of squared differences."""

    of = staticmethod(losses.mean_squared_error)


@CLASSES.known()
class MeanAbsoluteError(NamedMetric):
    """Mean of absolute differences."""

    of = staticmethod(losses.mean_absolute_error)


@CLASSES.known()
class MeanAbsolutePercentageError(NamedMetric):
    """Mean of differences in percent of the targets."""

    of = staticmethod(losses.mean_absolute_percentage_error)


@CLASSES.known()
class MeanSquaredLogarithmicError(NamedMetric):
    """Mean of squared differences of logarithms."""

    of = staticmethod(losses.mean_squared_logarithmic_error)


@CLASSES.known()
class Hinge(NamedMetric):
    """Mean of what is missing to a margin of 1."""

    of = staticmethod(losses.hinge)


@CLASSES.known()
class SquaredHinge(NamedMetric):
    """Mean of squares of what is missing to a margin of 1."""

    of = staticmethod(losses.squared_hinge)


@CLASSES.known()
class CategoricalHinge(NamedMetric):
    """Mean of what is missing to a margin of 1 between classes."""

    of = staticmethod(losses.categorical_hinge)


@CLASSES.known()
class LogCoshError(NamedMetric):
    """Mean of logarithms of hyperbolic cosines of differences."""

    of = staticmethod(losses.logcosh)


@CLASSES.known()
class Poisson(NamedMetric):
    """Mean deviation from counts that are Poisson distributed."""

    of = staticmethod(losses.poisson)


@CLASSES.known()
class KLDivergence(NamedMetric):
    """Mean of Kullback and Leibler's divergence of distributions."""

    of = staticmethod(losses.kullback_leibler_divergence)


@CLASSES.known()
class CosineSimilarity(NamedMetric):
    """Mean cosine of the angle between targets and predictions."""

    of = staticmethod(cosine_similarity)
    parameters = ("axis",)

    def __init__(self, name: str | None = None, dtype: object = None, axis: int = -1) -> None:
        super().__init__(name, dtype)
        self.axis = axis


@CLASSES.known()
class BinaryCrossentropy(NamedMetric):
    """Mean surprise about targets 0 or 1."""

    of = staticmethod(losses.binary_crossentropy)
    parameters = ("from_logits", "label_smoothing")

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


@CLASSES.known()
class CategoricalCrossentropy(BinaryCrossentropy):
    """Mean surprise about one-hot targets."""

    of = staticmethod(losses.categorical_crossentropy)


@CLASSES.known()
class SparseCategoricalCrossentropy(NamedMetric):
    """Mean surprise about class indices."""

    of = staticmethod(losses.sparse_categorical_crossentropy)
    parameters = ("from_logits",)

    def __init__(
        self, name: str | None = None, dtype: object = None, from_logits: bool = False
    ) -> None:
        super().__init__(name, dtype)
        self.from_logits = from_logits


@CLASSES.known()
class RootMeanSquaredError(MeanSquaredError):
    """Root of the mean of squared differences."""

    def __init__(self, name: str | None = None, dtype: object = None) -> None:
        super().__init__(name or "root_mean_squared_error", dtype)

    def value(self, counts: Array) -> float:
        """Return the root."""
        return float(super().value(counts) ** 0.5)


@repeatable
class MeanRelativeError(FunctionMetric):
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
