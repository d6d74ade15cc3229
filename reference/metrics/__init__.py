"""Metrics: what is reported about predictions, and never changes training."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from fitspec.reference.config import lookup
from fitspec.reference.losses import of_floats
from fitspec.reference.metrics import base, confusion, functions
from fitspec.reference.metrics.confusion import *  # noqa: F403 - public here
from fitspec.reference.metrics.functions import *  # noqa: F403 - public here
from fitspec.reference.tensor import array_library
from fitspec.reference.tensor.autodiff import Tensor, as_tensor

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.reference import losses
    from fitspec.reference.tensor.array_library import Array

    MetricFunction: TypeAlias = Callable[..., Tensor | Array | float]

Metric: TypeAlias = base.Metric

ACCURACIES = ("accuracy", "acc")
"""Names of the accuracy that suits an output (`compile.metrics.accuracy-resolution`)."""

CROSSENTROPIES = ("crossentropy", "ce")
"""Names of the crossentropy that suits it."""

NAMES = {
    name: function.__name__
    for name, function in functions.FUNCTIONS.items()
    if name not in ACCURACIES
}
"""Every other accepted name, with that of the function it stands for."""


def accuracy_for(y_true: Tensor, y_pred: Tensor, loss: losses.Loss | None) -> MetricFunction:
    """Choose the accuracy that suits an output (`compile.metrics.accuracy-resolution`)."""
    binary = functions.binary_crossentropy
    is_binary = getattr(loss, "name", "") == binary.__name__
    if y_pred.shape[-1] == 1 or is_binary or getattr(loss, "function", None) is binary:
        return functions.binary_accuracy
    if y_true.shape == y_pred.shape:
        return functions.categorical_accuracy
    return functions.sparse_categorical_accuracy


class FunctionMetric(Metric):
    """Averages a function of targets and predictions over samples.

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
        return weighted_sum_and_count(self.values(y_true, y_pred), weights, len(y_pred))

    def values(self, y_true: Tensor, y_pred: Tensor) -> Array:
        """Return what the function gives for a batch."""
        arguments = {name: getattr(self, name) for name in self.parameters}
        values = self.function(y_true, y_pred, **arguments)
        array: Array = as_tensor(values).data
        return array

    def value(self, counts: Array) -> float:
        """Return the weighted mean; 0 when all weights were 0."""
        return float(counts[0] / counts[1]) if counts[1] else 0.0


class SuitedMetric(FunctionMetric):
    """Accuracy or crossentropy, of the kind that suits the output it is attached to."""

    def __init__(self, name: str, loss: losses.Loss | None) -> None:
        super().__init__(functions.binary_accuracy, name)
        self.loss = loss

    def values(self, y_true: Tensor, y_pred: Tensor) -> Array:
        """Return 1 for right and 0 for wrong predictions, or the surprise about targets."""
        function: Any = accuracy_for(y_true, y_pred, self.loss)
        if self.name in CROSSENTROPIES:
            function = getattr(functions, function.__name__.replace("accuracy", "crossentropy"))
        values = function(y_true, y_pred)
        array: Array = as_tensor(values).data
        return array


class NamedMetric(FunctionMetric):
    """Averages one of the functions that have names over samples.

    Args:
        name: Label; the name of the function when left out.
        dtype: As `Metric`.

    """

    of: ClassVar[MetricFunction]

    def __init__(self, name: str | None = None, dtype: object = None) -> None:
        super().__init__(type(self).of, name, dtype)


class MeanSquaredError(NamedMetric):
    """Mean of squared differences."""

    of = staticmethod(functions.mean_squared_error)


class MeanAbsoluteError(NamedMetric):
    """Mean of absolute differences."""

    of = staticmethod(functions.mean_absolute_error)


class MeanAbsolutePercentageError(NamedMetric):
    """Mean of differences in percent of the targets."""

    of = staticmethod(functions.mean_absolute_percentage_error)


class MeanSquaredLogarithmicError(NamedMetric):
    """Mean of squared differences of logarithms."""

    of = staticmethod(functions.mean_squared_logarithmic_error)


class Hinge(NamedMetric):
    """Mean of what is missing to a margin of 1."""

    of = staticmethod(functions.hinge)


class SquaredHinge(NamedMetric):
    """Mean of squares of what is missing to a margin of 1."""

    of = staticmethod(functions.squared_hinge)


class CategoricalHinge(NamedMetric):
    """Mean of what is missing to a margin of 1 between classes."""

    of = staticmethod(functions.categorical_hinge)


class LogCoshError(NamedMetric):
    """Mean of logarithms of hyperbolic cosines of differences."""

    of = staticmethod(functions.logcosh)


class Poisson(NamedMetric):
    """Mean deviation from counts that are Poisson distributed."""

    of = staticmethod(functions.poisson)


class KLDivergence(NamedMetric):
    """Mean of Kullback and Leibler's divergence of distributions."""

    of = staticmethod(functions.kullback_leibler_divergence)


class Accuracy(NamedMetric):
    """The part of the elements that equal their targets."""

    of = staticmethod(functions.accuracy)


class CategoricalAccuracy(NamedMetric):
    """The part of one-hot targets whose class is predicted."""

    of = staticmethod(functions.categorical_accuracy)


class SparseCategoricalAccuracy(NamedMetric):
    """The part of class indices that are predicted."""

    of = staticmethod(functions.sparse_categorical_accuracy)


class BinaryAccuracy(NamedMetric):
    """The part of the elements that lie on their target's side of a threshold."""

    of = staticmethod(functions.binary_accuracy)
    parameters = ("threshold",)

    def __init__(
        self, name: str | None = None, dtype: object = None, threshold: float = 0.5
    ) -> None:
        super().__init__(name, dtype)
        self.threshold = threshold


class TopKCategoricalAccuracy(NamedMetric):
    """The part of one-hot targets whose class is among the k with the largest predictions."""

    of = staticmethod(functions.top_k_categorical_accuracy)
    parameters = ("k",)

    def __init__(self, k: int = 5, name: str | None = None, dtype: object = None) -> None:
        super().__init__(name, dtype)
        self.k = k


class SparseTopKCategoricalAccuracy(TopKCategoricalAccuracy):
    """The part of class indices that are among the k with the largest predictions."""

    of = staticmethod(functions.sparse_top_k_categorical_accuracy)


class CosineSimilarity(NamedMetric):
    """Mean cosine of the angle between targets and predictions."""

    of = staticmethod(functions.cosine_similarity)
    parameters = ("axis",)

    def __init__(self, name: str | None = None, dtype: object = None, axis: int = -1) -> None:
        super().__init__(name, dtype)
        self.axis = axis


class BinaryCrossentropy(NamedMetric):
    """Mean surprise about targets 0 or 1."""

    of = staticmethod(functions.binary_crossentropy)
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


class CategoricalCrossentropy(BinaryCrossentropy):
    """Mean surprise about one-hot targets."""

    of = staticmethod(functions.categorical_crossentropy)


class SparseCategoricalCrossentropy(NamedMetric):
    """Mean surprise about class indices."""

    of = staticmethod(functions.sparse_categorical_crossentropy)
    parameters = ("from_logits",)

    def __init__(
        self, name: str | None = None, dtype: object = None, from_logits: bool = False
    ) -> None:
        super().__init__(name, dtype)
        self.from_logits = from_logits


class RootMeanSquaredError(MeanSquaredError):
    """Root of the mean of squared differences."""

    def __init__(self, name: str | None = None, dtype: object = None) -> None:
        super().__init__(name or "root_mean_squared_error", dtype)

    def value(self, counts: Array) -> float:
        """Return the root."""
        return float(super().value(counts) ** 0.5)


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

    def _relative(self, y_true: Tensor, y_pred: Tensor) -> Array:
        library = array_library.namespace(y_pred.data)
        norms = library.asarray(of_floats(self.normalizer).data)
        relative: Array = library.abs(y_pred.data - y_true.data) / library.where(norms, norms, 1)
        counted: Array = relative * (norms != 0)
        return counted


class Mean(Metric):
    """The weighted mean of numbers, which are given as they are."""

    def __init__(self, name: str = "mean", dtype: object = None) -> None:
        super().__init__(name, dtype)

    def update_state(self, values: Any, sample_weight: Any = None) -> Any:  # type: ignore[override]  # there is nothing to compare
        """Add numbers, and return the value of these alone.

        Args:
            values: A number, or an array of any shape.
            sample_weight: A factor, or an array of one for each, or for each along leading axes.

        """
        data = of_floats(values).data
        library = array_library.namespace(data)
        weights = library.asarray(1.0 if sample_weight is None else sample_weight, dtype=float)
        inner = (1,) * (data.ndim - weights.ndim) if weights.ndim else ()
        weights = library.broadcast_to(weights.reshape(weights.shape + inner), data.shape)
        return self.add(library.stack([(data * weights).sum(), weights.sum()]))

    def value(self, counts: Array) -> float:
        """Return the mean; 0 when all weights were 0."""
        return float(counts[0] / counts[1]) if counts[1] else 0.0


class Sum(Mean):
    """The weighted sum of numbers, which are given as they are."""

    def __init__(self, name: str = "sum", dtype: object = None) -> None:
        super().__init__(name, dtype)

    def value(self, counts: Array) -> float:
        """Return the sum."""
        return float(counts[0])


def weighted_sum_and_count(values: Array, weights: Array | None, samples: int) -> Array:
    """Return the sum of a batch's values and their number, both weighted.

    Args:
        values: Shape (), (samples,) or (samples, ...).
        weights: A factor per sample, or per sample and step, or None.
        samples: Number of samples, for values that stand for the whole batch.

    """
    library = array_library.namespace(values)
    values = library.asarray(values, dtype=float)
    if weights is None:
        return pair(library, values.mean() * samples, samples)
    inner = tuple(range(weights.ndim, values.ndim))
    per_weight = values.mean(axis=inner) if inner else values
    total = (per_weight * weights).sum()
    return pair(library, total, weights.sum())


def pair(library: Any, first: Any, second: Any) -> Array:
    """Return an array of two numbers; a library of a device makes none of a list of its own."""
    array: Array = library.empty(2)
    array[0], array[1] = first, second
    return array


CLASSES = {
    name: value
    for name, value in list(globals().items())
    if isinstance(value, type)
    and issubclass(value, Metric)
    and (hasattr(value, "of") or name in confusion.__all__)
}
"""Every metric of targets and predictions that has a name, by that of its class."""


def resolve(identifier: object, loss: losses.Loss | None, what: str = "metrics") -> Metric:
    """Find a metric.

    Args:
        identifier: A name, what was saved of a metric, a function of targets and predictions, or a
            `Metric`.
        loss: The loss of the output the metric is attached to.
        what: The argument's name, for messages.

    Raises:
        ValueError: It is none of these (`compile.metrics.invalid-ValueError`).

    """
    if isinstance(identifier, Metric):
        return identifier
    if isinstance(identifier, str) and identifier in ACCURACIES + CROSSENTROPIES:
        return SuitedMetric(identifier, loss)
    known = {name: functions.FUNCTIONS[name] for name in NAMES} | CLASSES
    found = lookup.find(what, identifier, known)
    if isinstance(found, Metric):
        return found
    return FunctionMetric(found, identifier if isinstance(identifier, str) else None)
