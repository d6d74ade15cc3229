"""Losses: what training makes small."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeAlias

import numpy as np

from fitspec.reference.config import lookup
from fitspec.reference.config.configuration import Configurable
from fitspec.reference.losses import functions
from fitspec.reference.losses.functions import *  # noqa: F403 - all functions, under all their names
from fitspec.reference.tensor.array_library import FLOAT
from fitspec.reference.tensor.autodiff import Tensor, as_tensor

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.reference.tensor.array_library import Array

    LossFunction: TypeAlias = Callable[..., Tensor]

TargetForm: TypeAlias = Literal["same", "index", "any"]
"""How a target's shape relates to the output's: equal, one class index in place of the last axis,
or unknown."""

Reduction: TypeAlias = Literal["sum_over_batch_size", "sum", "none"]
"""What becomes of the values of a batch."""

MEAN: Reduction = "sum_over_batch_size"

EPSILON = functions.EPSILON

NAMES = {name: function.__name__ for name, function in functions.FUNCTIONS.items()}
"""Every accepted name, with that of the function it stands for."""


class Loss(Configurable):
    """A loss as an object; one of one's own overrides `call`.

    Args:
        reduction: "sum_over_batch_size" for the mean of the values of a batch, "sum" for their sum,
            "none" for all of them, of which training takes the mean.
        name: Label for messages.
        target_form: How a target's shape relates to the output's; "any" is never checked.

    """

    def __init__(
        self, reduction: Reduction = MEAN, name: str | None = None, target_form: TargetForm = "any"
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

    def __call__(
        self,
        y_true: Any,
        y_pred: Any,
        sample_weight: Any = None,
    ) -> Tensor:
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
        return mean * float(values.data.size) if self.reduction == "sum" else mean


class FunctionLoss(Loss):
    """A loss made of a function."""

    parameters: ClassVar[tuple[str, ...]] = ()
    """The attributes that the function takes as arguments."""

    def __init__(
        self,
        function: LossFunction,
        target_form: TargetForm = "any",
        reduction: Reduction = MEAN,
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


class NamedLoss(FunctionLoss):
    """A loss made of one of the functions that have names.

    Args:
        reduction: As `Loss`.
        name: Label for messages; the name of the function when left out.

    """

    of: ClassVar[LossFunction]

    def __init__(self, reduction: Reduction = MEAN, name: str | None = None) -> None:
        function = type(self).of
        super().__init__(function, form_of(function), reduction, name)


class MeanSquaredError(NamedLoss):
    """Mean of squared differences."""

    of = staticmethod(functions.mean_squared_error)


class MeanAbsoluteError(NamedLoss):
    """Mean of absolute differences."""

    of = staticmethod(functions.mean_absolute_error)


class MeanAbsolutePercentageError(NamedLoss):
    """Mean of differences in percent of the targets."""

    of = staticmethod(functions.mean_absolute_percentage_error)


class MeanSquaredLogarithmicError(NamedLoss):
    """Mean of squared differences of logarithms."""

    of = staticmethod(functions.mean_squared_logarithmic_error)


class Hinge(NamedLoss):
    """What is missing to a margin of 1."""

    of = staticmethod(functions.hinge)


class SquaredHinge(NamedLoss):
    """Squares of what is missing to a margin of 1."""

    of = staticmethod(functions.squared_hinge)


class CategoricalHinge(NamedLoss):
    """What is missing to a margin of 1 between classes."""

    of = staticmethod(functions.categorical_hinge)


class LogCosh(NamedLoss):
    """Logarithms of hyperbolic cosines of differences."""

    of = staticmethod(functions.logcosh)


class Poisson(NamedLoss):
    """Deviation from counts that are Poisson distributed."""

    of = staticmethod(functions.poisson)


class KLDivergence(NamedLoss):
    """Kullback and Leibler's divergence of distributions."""

    of = staticmethod(functions.kullback_leibler_divergence)


class CosineSimilarity(NamedLoss):
    """Negated cosine of the angle between targets and predictions along an axis."""

    of = staticmethod(functions.cosine_similarity)
    parameters = ("axis",)

    def __init__(
        self, axis: int = -1, reduction: Reduction = MEAN, name: str | None = None
    ) -> None:
        super().__init__(reduction, name)
        self.axis = axis


class Huber(NamedLoss):
    """Half the squares of differences up to delta, and straight on from there."""

    of = staticmethod(functions.huber_loss)
    parameters = ("delta",)

    def __init__(
        self, delta: float = 1.0, reduction: Reduction = MEAN, name: str | None = None
    ) -> None:
        super().__init__(reduction, name)
        self.delta = delta


class BinaryCrossentropy(NamedLoss):
    """Surprise about targets 0 or 1."""

    of = staticmethod(functions.binary_crossentropy)
    parameters = ("from_logits", "label_smoothing")

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        reduction: Reduction = MEAN,
        name: str | None = None,
    ) -> None:
        super().__init__(reduction, name)
        self.from_logits = from_logits
        self.label_smoothing = label_smoothing


class CategoricalCrossentropy(BinaryCrossentropy):
    """Surprise about one-hot targets."""

    of = staticmethod(functions.categorical_crossentropy)


class SparseCategoricalCrossentropy(NamedLoss):
    """Surprise about class indices."""

    of = staticmethod(functions.sparse_categorical_crossentropy)
    parameters = ("from_logits",)

    def __init__(
        self, from_logits: bool = False, reduction: Reduction = MEAN, name: str | None = None
    ) -> None:
        super().__init__(reduction, name)
        self.from_logits = from_logits


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
    counting: Array = mask.astype(FLOAT)
    if weights is None:
        return counting
    product: Array = weights.reshape(weights.shape + (1,) * (mask.ndim - weights.ndim)) * counting
    return product


CLASSES = {
    name: value
    for name, value in list(globals().items())
    if isinstance(value, type) and issubclass(value, NamedLoss) and value is not NamedLoss
}
"""Every loss that has a name, by that of its class."""


def form_of(function: LossFunction) -> TargetForm:
    """Return how targets of one of the named functions look."""
    return "index" if function is functions.sparse_categorical_crossentropy else "same"


def of_floats(value: Any) -> Tensor:
    """Return a tensor or array as a tensor, and plain numbers as one of single precision."""
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
    found = lookup.find("loss", identifier, {**functions.FUNCTIONS, **CLASSES})
    if isinstance(found, Loss):  # compile.loss.instance
        return found
    return FunctionLoss(found, "any" if found is identifier else form_of(found))
