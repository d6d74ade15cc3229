"""Losses: what training makes small.

A loss function takes targets and predictions, batches as tensors, and returns a value per sample
(or per sample and time step), or one per element; the axes inside a sample are averaged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from fitspec.reference import _array, autodiff
from fitspec.reference.autodiff import Tensor, as_tensor

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.reference._array import Array

    LossFunction: TypeAlias = Callable[[Tensor, Tensor], Tensor]

TargetForm: TypeAlias = Literal["same", "index", "any"]
"""How a target's shape relates to the output's: equal, one class index in place of the last axis,
or unknown."""

EPSILON = 1e-7
"""Probabilities are kept this far from 0 and 1, so that logarithms stay finite."""

NAMES = {
    "mse": "mean_squared_error",
    "MSE": "mean_squared_error",
    "mean_squared_error": "mean_squared_error",
    "mae": "mean_absolute_error",
    "MAE": "mean_absolute_error",
    "mean_absolute_error": "mean_absolute_error",
    "binary_crossentropy": "binary_crossentropy",
    "categorical_crossentropy": "categorical_crossentropy",
    "sparse_categorical_crossentropy": "sparse_categorical_crossentropy",
}
"""Every accepted name, with the function it stands for."""


def mean_squared_error(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Average the squared differences along the last axis."""
    return ((y_pred - y_true) ** 2).mean(axis=-1)


def mean_absolute_error(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Average the absolute differences along the last axis."""
    return abs(y_pred - y_true).mean(axis=-1)


def binary_crossentropy(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Average, along the last axis, the surprise about targets 0 or 1 given probabilities of 1."""
    one = autodiff.clip(y_pred, EPSILON, 1 - EPSILON)
    surprise = y_true * autodiff.logarithm(one) + (1 - y_true) * autodiff.logarithm(1 - one)
    return -surprise.mean(axis=-1)


def categorical_crossentropy(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Give the surprise about one-hot targets, given a probability per class on the last axis."""
    return -(y_true * _log_probabilities(y_pred)).sum(axis=-1)


def sparse_categorical_crossentropy(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Give the surprise about class indices, given a probability per class on the last axis."""
    library = _array.namespace(y_pred.data)
    classes = y_true.data.reshape(y_pred.shape[:-1]).astype(int)
    one_hot = library.arange(y_pred.shape[-1]) == classes[..., None]
    return categorical_crossentropy(as_tensor(one_hot, like=y_pred), y_pred)


def _log_probabilities(y_pred: Tensor) -> Tensor:
    normalized = y_pred / y_pred.sum(axis=-1, keepdims=True)
    return autodiff.logarithm(autodiff.clip(normalized, EPSILON, 1 - EPSILON))


class Loss:
    """A loss as an object; one of one's own overrides `call`.

    Args:
        name: Label for messages.
        target_form: How a target's shape relates to the output's; "any" is never checked.

    """

    def __init__(self, name: str | None = None, target_form: TargetForm = "any") -> None:
        self.name = name or type(self).__name__
        self.target_form = target_form

    def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """Return a value per sample or per element."""
        raise NotImplementedError(f"{type(self).__name__} does not define call")

    def __call__(
        self, y_true: Tensor, y_pred: Tensor, sample_weight: Array | None = None
    ) -> Tensor:
        """Return the loss of a batch, a tensor with one element."""
        return batch_mean(self.call(as_tensor(y_true), as_tensor(y_pred)), sample_weight)


class FunctionLoss(Loss):
    """A loss made of a function."""

    def __init__(self, function: LossFunction, target_form: TargetForm = "any") -> None:
        super().__init__(getattr(function, "__name__", type(function).__name__), target_form)
        self.function = function

    def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """Return the function's values."""
        # compile.loss.function: targets come first
        return as_tensor(self.function(y_true, y_pred), like=y_pred)


class MeanSquaredError(FunctionLoss):
    """Mean of squared differences."""

    def __init__(self) -> None:
        super().__init__(mean_squared_error, "same")


class MeanAbsoluteError(FunctionLoss):
    """Mean of absolute differences."""

    def __init__(self) -> None:
        super().__init__(mean_absolute_error, "same")


class BinaryCrossentropy(FunctionLoss):
    """Surprise about targets 0 or 1."""

    def __init__(self) -> None:
        super().__init__(binary_crossentropy, "same")


class CategoricalCrossentropy(FunctionLoss):
    """Surprise about one-hot targets."""

    def __init__(self) -> None:
        super().__init__(categorical_crossentropy, "same")


class SparseCategoricalCrossentropy(FunctionLoss):
    """Surprise about class indices."""

    def __init__(self) -> None:
        super().__init__(sparse_categorical_crossentropy, "index")


def batch_mean(values: Tensor, weights: Array | None) -> Tensor:
    """Average the values of a batch, each multiplied by its sample's weight.

    The divisor is the number of values, not the sum of the weights, so that a weight of 2 has the
    effect of doubling the sample's loss (`fit.sample_weight.flat`).

    Args:
        values: Shape () or (samples, ...).
        weights: Shape (samples,), or (samples, steps) in temporal mode, or None for ones.

    """
    if weights is None:
        return values.mean()
    # Axes that the weights know nothing of are inside of what one weight belongs to.
    inner = tuple(range(weights.ndim, values.ndim))
    return ((values.mean(inner) if inner else values) * weights).mean()


def resolve(identifier: object) -> Loss:
    """Find a loss.

    Args:
        identifier: A name, a function of targets and predictions, or a `Loss`.

    Raises:
        ValueError: It is none of these (`compile.loss.unknown-ValueError`).

    """
    if isinstance(identifier, Loss):
        return identifier
    if isinstance(identifier, str) and identifier in NAMES:
        function = globals()[NAMES[identifier]]
        sparse = NAMES[identifier] == "sparse_categorical_crossentropy"
        return FunctionLoss(function, "index" if sparse else "same")
    if callable(identifier) and not isinstance(identifier, type):
        return FunctionLoss(identifier)
    raise ValueError(
        f"loss must be a function, an instance of Loss or one of {sorted(NAMES)}, "
        f"not {identifier!r}"
    )
