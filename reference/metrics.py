"""Metrics: what is reported about predictions, and never changes training.

A metric adds up counts over batches and turns them into one number, so that its value over a data
set does not depend on how the set is cut into batches (`evaluate.metrics.dataset-level`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from fitspec.reference import _array, losses
from fitspec.reference.autodiff import Tensor, as_tensor

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.reference._array import Array

    MetricFunction: TypeAlias = Callable[[Tensor, Tensor], Tensor | Array | float]

ACCURACIES = ("accuracy", "acc")
"""Names of the accuracy that suits an output (`compile.metrics.accuracy-resolution`)."""

NAMES = {
    **losses.NAMES,
    "binary_accuracy": "binary_accuracy",
    "categorical_accuracy": "categorical_accuracy",
    "sparse_categorical_accuracy": "sparse_categorical_accuracy",
}
"""Every other accepted name, with the function it stands for."""


def binary_accuracy(y_true: Tensor, y_pred: Tensor) -> Array:
    """Compare each element with its target, taking what is above 0.5 as 1."""
    equal: Array = ((y_pred.data > 0.5) == (y_true.data > 0.5)).mean(axis=-1)
    return equal


def categorical_accuracy(y_true: Tensor, y_pred: Tensor) -> Array:
    """Compare the largest position of the last axis with that of a one-hot target."""
    equal: Array = y_pred.data.argmax(axis=-1) == y_true.data.argmax(axis=-1)
    return equal


def sparse_categorical_accuracy(y_true: Tensor, y_pred: Tensor) -> Array:
    """Compare the largest position of the last axis with a class index."""
    classes = y_true.data.reshape(y_pred.shape[:-1])
    equal: Array = y_pred.data.argmax(axis=-1) == classes
    return equal


def accuracy_for(y_true: Tensor, y_pred: Tensor, loss: losses.Loss | None) -> MetricFunction:
    """Choose the accuracy that suits an output (`compile.metrics.accuracy-resolution`)."""
    if y_pred.shape[-1] == 1 or (loss is not None and loss.name == "binary_crossentropy"):
        return binary_accuracy
    if y_true.shape == y_pred.shape:
        return categorical_accuracy
    return sparse_categorical_accuracy


class Metric:
    """Base of all metrics; one of one's own overrides `measure` and `value`.

    Args:
        name: Label in `metrics_names`, logs and History.

    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._counts: Array | None = None

    def measure(self, y_true: Tensor, y_pred: Tensor, weights: Array | None) -> Array:
        """Return the counts of one batch: an array that adds up over batches.

        Args:
            y_true: Targets.
            y_pred: Predictions.
            weights: A factor per sample, or per sample and step, or None.

        """
        raise NotImplementedError(f"{type(self).__name__} does not define measure")

    def value(self, counts: Array) -> float:
        """Turn counts that were added up into the reported number."""
        raise NotImplementedError(f"{type(self).__name__} does not define value")

    def update_state(
        self, y_true: Tensor | Array, y_pred: Tensor | Array, sample_weight: Array | None = None
    ) -> float:
        """Add one batch, and return the value of that batch alone."""
        counts = self.measure(as_tensor(y_true), as_tensor(y_pred), sample_weight)
        self._counts = counts if self._counts is None else self._counts + counts
        return self.value(counts)

    def result(self) -> float:
        """Return the value over all batches since the last reset; 0 when there was none."""
        return 0.0 if self._counts is None else self.value(self._counts)

    def reset_states(self) -> None:
        """Forget all batches."""
        self._counts = None


class Mean(Metric):
    """Averages a function of targets and predictions over samples.

    Args:
        function: Gives a value per sample, per element, or for the whole batch.
        name: Label; the function's own name when left out.

    """

    def __init__(self, function: MetricFunction, name: str | None = None) -> None:
        super().__init__(name or str(getattr(function, "__name__", type(function).__name__)))
        self.function = function

    def measure(self, y_true: Tensor, y_pred: Tensor, weights: Array | None) -> Array:
        """Return the sum of the values and their number, both weighted."""
        return weighted_sum_and_count(self.values(y_true, y_pred), weights, len(y_pred))

    def values(self, y_true: Tensor, y_pred: Tensor) -> Array:
        """Return what the function gives for a batch."""
        values = self.function(y_true, y_pred)
        array: Array = as_tensor(values).data
        return array

    def value(self, counts: Array) -> float:
        """Return the weighted mean; 0 when all weights were 0."""
        return float(counts[0] / counts[1]) if counts[1] else 0.0


class Accuracy(Mean):
    """Accuracy, of the kind that suits the output it is attached to."""

    def __init__(self, name: str, loss: losses.Loss | None) -> None:
        super().__init__(binary_accuracy, name)
        self.loss = loss

    def values(self, y_true: Tensor, y_pred: Tensor) -> Array:
        """Return 1 for right and 0 for wrong predictions."""
        values = accuracy_for(y_true, y_pred, self.loss)(y_true, y_pred)
        array: Array = as_tensor(values).data
        return array


class Precision(Metric):
    """The part of the elements predicted above 0.5 whose target is 1."""

    def __init__(self, name: str = "precision") -> None:
        super().__init__(name)

    def measure(self, y_true: Tensor, y_pred: Tensor, weights: Array | None) -> Array:
        """Return the number of right and of all positive predictions."""
        library = _array.namespace(y_pred.data)
        positive = (y_pred.data > 0.5).astype(float)
        if weights is not None:
            positive = positive * weights.reshape(weights.shape + (1,) * (y_pred.ndim - 1))
        right = positive * (y_true.data > 0.5)
        counts: Array = library.stack([right.sum(), positive.sum()])
        return counts

    def value(self, counts: Array) -> float:
        """Return right / all; 0 when nothing was predicted positive."""
        return float(counts[0] / counts[1]) if counts[1] else 0.0


class Recall(Metric):
    """The part of the elements with target 1 that is predicted above 0.5."""

    def __init__(self, name: str = "recall") -> None:
        super().__init__(name)

    def measure(self, y_true: Tensor, y_pred: Tensor, weights: Array | None) -> Array:
        """Return the number of positive targets that were found, and of all."""
        library = _array.namespace(y_pred.data)
        positive = (y_true.data > 0.5).astype(float)
        if weights is not None:
            positive = positive * weights.reshape(weights.shape + (1,) * (y_pred.ndim - 1))
        found = positive * (y_pred.data > 0.5)
        counts: Array = library.stack([found.sum(), positive.sum()])
        return counts

    def value(self, counts: Array) -> float:
        """Return found / all; 0 when there was no positive target."""
        return float(counts[0] / counts[1]) if counts[1] else 0.0


def weighted_sum_and_count(values: Array, weights: Array | None, samples: int) -> Array:
    """Return the sum of a batch's values and their number, both weighted.

    Args:
        values: Shape (), (samples,) or (samples, ...).
        weights: A factor per sample, or per sample and step, or None.
        samples: Number of samples, for values that stand for the whole batch.

    """
    library = _array.namespace(values)
    values = library.asarray(values, dtype=float)
    if weights is None:
        return library.asarray([values.mean() * samples, samples])  # type: ignore[no-any-return]
    inner = tuple(range(weights.ndim, values.ndim))
    per_weight = values.mean(axis=inner) if inner else values
    total = (per_weight * weights).sum()
    count = weights.sum()
    return library.asarray([total, count])  # type: ignore[no-any-return]


def resolve(identifier: object, loss: losses.Loss | None, what: str = "metrics") -> Metric:
    """Find a metric.

    Args:
        identifier: A name, a function of targets and predictions, or a `Metric`.
        loss: The loss of the output the metric is attached to.
        what: The argument's name, for messages.

    Raises:
        ValueError: It is none of these (`compile.metrics.invalid-ValueError`).

    """
    if isinstance(identifier, Metric):
        return identifier
    if isinstance(identifier, str) and identifier in ACCURACIES:
        return Accuracy(identifier, loss)
    if isinstance(identifier, str) and identifier in NAMES:
        name = NAMES[identifier]
        function = getattr(losses, name) if hasattr(losses, name) else globals()[name]
        return Mean(function, identifier)
    if callable(identifier) and not isinstance(identifier, type):
        return Mean(identifier)
    raise ValueError(
        f"{what} must be functions, instances of Metric or among "
        f"{sorted([*ACCURACIES, *NAMES])}, not {identifier!r}"
    )
