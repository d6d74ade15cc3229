"""What every loss is: a value per sample or element, and what becomes of those of a batch.

Functions that are losses take batches of targets and predictions as tensors, and return a value per
sample (or per sample and time step), or one per element; the axes inside a sample are averaged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeAlias

import numpy as np

from fitspec.reference.config import lookup
from fitspec.reference.config.configuration import Configurable
from fitspec.reference.tensor.array_library import FLOAT
from fitspec.reference.tensor.autodiff import Tensor, as_tensor

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.reference.tensor.array_library import Array

    LossFunction: TypeAlias = Callable[..., Tensor]

FUNCTIONS = lookup.Names()
"""Every accepted name, with the function it stands for."""

CLASSES: dict[str, type[FunctionLoss]] = {}
"""Every loss that has a name, by that of its class."""

EPSILON = 1e-7
"""Probabilities are kept this far from 0 and 1, so that logarithms stay finite."""

TargetForm: TypeAlias = Literal["same", "index", "any"]
"""How a target's shape relates to the output's: equal, one class index in place of the last axis,
or unknown."""

Reducing: TypeAlias = Literal["sum_over_batch_size", "sum", "none"]
"""What becomes of the values of a batch."""

MEAN: Reducing = "sum_over_batch_size"


class Loss(Configurable):
    """A loss as an object; one of one's own overrides `call`.

    Args:
        reduction: "sum_over_batch_size" for the mean of the values of a batch, "sum" for their sum,
            "none" for all of them, of which training takes the mean.
        name: Label for messages.
        target_form: How a target's shape relates to the output's; "any" is never checked.

    """

    def __init__(
        self, reduction: Reducing = MEAN, name: str | None = None, target_form: TargetForm = "any"
    ) -> None:
        if reduction not in {"sum_over_batch_size", "sum", "none"}:
            raise ValueError(
                f"reduction must be 'sum_over_batch_size', 'sum' or 'none', not {reduction!r}"
            )
        self.reduction = reduction
        self.name = name or type(self).__name__
        self.target_form = target_form

    def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """Return a value per sample or per element."""
        raise NotImplementedError(f"{type(self).__name__} does not define call")

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Tensor:
        """Return the loss of a batch, a tensor with one element unless nothing is reduced."""
        predicted = of_floats(y_pred)
        values = self.call(of_floats(y_true), predicted)
        weights = sample_weight
        if weights is not None and not hasattr(weights, "dtype"):
            weights = np.asarray(weights, FLOAT)
        if weights is not None and weights.ndim > max(values.ndim, 1) and weights.shape[-1] == 1:
            weights = weights[..., 0]
        weights = masked(weights, predicted.mask)
        if self.reduction == "none":
            inner = values.ndim - (0 if weights is None else weights.ndim)
            return values if weights is None else values * weights[(..., *(None,) * inner)]
        mean = batch_mean(values, weights)
        # compile.loss.instance-reduction
        return mean * float(values.data.size) if self.reduction == "sum" else mean


class FunctionLoss(Loss, repeats=True):
    """A loss made of a function."""

    parameters: ClassVar[tuple[str, ...]] = ()
    """The attributes that the function takes as arguments."""

    def __init__(
        self,
        function: LossFunction,
        target_form: TargetForm = "any",
        reduction: Reducing = MEAN,
        name: str | None = None,
    ) -> None:
        label = name or getattr(function, "__name__", type(function).__name__)
        super().__init__(reduction, label, target_form)
        self.function = function

    def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """Return the function's values."""
        arguments = {name: getattr(self, name) for name in self.parameters}
        # compile.loss.function: targets come first
        return as_tensor(self.function(y_true, y_pred, **arguments), like=y_pred)


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
    inner = tuple(range(weights.ndim, values.ndim))  # fit.sample_weight.temporal-2d
    # fit.sample_weight.zero-weights
    return ((values.mean(inner) if inner else values) * weights).mean()


def masked(weights: Array | None, mask: Array | None) -> Array | None:
    """Return the weights, with 0 for the steps that a mask does not count.

    Args:
        weights: A factor per sample, or per sample and step, or None for ones.
        mask: Whether each step counts, shape (samples, steps), or None if all do.

    """
    if mask is None:
        return weights
    each: Any = 1 if weights is None else weights[(..., *(None,) * (mask.ndim - weights.ndim))]
    product: Array = each * mask.astype(FLOAT)
    return product


def form_of(function: Any) -> TargetForm:
    """Return how targets of one of the named functions look."""
    return "index" if function.__name__ == "sparse_categorical_crossentropy" else "same"


def of_floats(value: Any) -> Tensor:
    """Return a tensor or array as a tensor, and whole or plain numbers in single precision."""
    if isinstance(value, np.ndarray) and value.dtype.kind in "biu":
        value = value.astype(FLOAT)
    return as_tensor(value if hasattr(value, "dtype") else np.asarray(value, FLOAT))


def resolve(identifier: object) -> Loss:
    """Find a loss.

    Args:
        identifier: A name, what was saved of a loss, a function of targets and predictions, or a
            `Loss`.

    Raises:
        ValueError: It is none of these (`compile.loss.unknown-ValueError`).

    """
    # compile.loss.string
    found = lookup.find("loss", identifier, {**FUNCTIONS, **CLASSES})
    if isinstance(found, Loss):  # compile.loss.instance
        return found
    return FunctionLoss(found, "any" if found is identifier else form_of(found))
