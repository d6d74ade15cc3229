"""Functions of targets and predictions that are small where predictions are good.

They take batches as tensors, and return a value per sample (or per sample and time step), or one
per element; the axes inside a sample are averaged. Crossentropies of what softmax (of matrices) or
sigmoid gave are computed by way of the logits: that has a gradient even where a probability is
rounded to 0 or 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.reference.tensor import array_library, autodiff, operations
from fitspec.reference.tensor.autodiff import Tensor, as_tensor

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "KLD",
    "MAE",
    "MAPE",
    "MSE",
    "MSLE",
    "binary_crossentropy",
    "categorical_crossentropy",
    "categorical_hinge",
    "cosine",
    "cosine_proximity",
    "cosine_similarity",
    "hinge",
    "huber",
    "huber_loss",
    "kld",
    "kullback_leibler_divergence",
    "logcosh",
    "mae",
    "mape",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_error",
    "mean_squared_logarithmic_error",
    "mse",
    "msle",
    "poisson",
    "sparse_categorical_crossentropy",
    "squared_hinge",
]

EPSILON = 1e-7
"""Probabilities are kept this far from 0 and 1, so that logarithms stay finite."""


def mean_squared_error(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Average the squared differences along the last axis."""
    return ((y_pred - y_true) ** 2).mean(axis=-1)


def mean_absolute_error(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Average the absolute differences along the last axis."""
    return abs(y_pred - y_true).mean(axis=-1)


def mean_absolute_percentage_error(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Average the differences in percent of the targets along the last axis."""
    share = abs((y_true - y_pred) / autodiff.clip(abs(y_true), EPSILON))
    return share.mean(axis=-1) * 100.0


def mean_squared_logarithmic_error(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Average the squared differences of `log(x + 1)` along the last axis."""
    predicted, true = (
        autodiff.logarithm(autodiff.clip(each, EPSILON) + 1.0) for each in (y_pred, y_true)
    )
    return ((predicted - true) ** 2).mean(axis=-1)


def hinge(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Average what is missing to a margin of 1; targets are -1 or 1, or all are 0 or 1."""
    return _missing_to_margin(y_true, y_pred).mean(axis=-1)


def squared_hinge(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Average the squares of what is missing to a margin of 1."""
    return (_missing_to_margin(y_true, y_pred) ** 2).mean(axis=-1)


def _missing_to_margin(y_true: Tensor, y_pred: Tensor) -> Tensor:
    library = array_library.namespace(y_true.data)
    neither_0_nor_1 = library.abs(y_true.data * (y_true.data - 1)).max() > 0
    all_are = 1 - as_tensor(neither_0_nor_1, like=y_true)
    signs = y_true + all_are * (y_true - 1)
    return autodiff.clip(1 - signs * y_pred, 0)


def categorical_hinge(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Give what is missing to a margin of 1 between the right class and the best wrong one."""
    right = (y_true * y_pred).sum(axis=-1)
    wrong = operations.largest((1 - y_true) * y_pred)
    return autodiff.rectify(wrong - right + 1)


def logcosh(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Average the logarithms of hyperbolic cosines of the differences along the last axis."""
    error = y_pred - y_true
    return (error + operations.softplus(error * -2.0) - 0.6931471805599453).mean(axis=-1)


def huber_loss(y_true: Tensor, y_pred: Tensor, delta: float = 1.0) -> Tensor:
    """Give half the square of each difference, which goes on straight where that exceeds delta."""
    error = abs(y_pred - y_true)
    near = autodiff.clip(error, None, delta)
    return near**2 * 0.5 + (error - near) * delta


def categorical_crossentropy(
    y_true: Tensor, y_pred: Tensor, from_logits: bool = False, label_smoothing: float = 0.0
) -> Tensor:
    """Give the surprise about one-hot targets, given a probability per class on the last axis.

    Args:
        y_true: Targets.
        y_pred: Predictions.
        from_logits: Whether predictions are logits in place of probabilities.
        label_smoothing: Part of a target that is spread evenly over all classes.

    """
    if label_smoothing:
        y_true = y_true * (1 - label_smoothing) + label_smoothing / y_pred.shape[-1]
    logits = _logits(y_pred, "softmax", given=from_logits)
    if logits is not None:
        return -(y_true * operations.log_softmax(logits)).sum(axis=-1)
    normalized = y_pred / y_pred.sum(axis=-1, keepdims=True)
    return -(y_true * autodiff.logarithm(_probability(normalized))).sum(axis=-1)


def sparse_categorical_crossentropy(
    y_true: Tensor, y_pred: Tensor, from_logits: bool = False
) -> Tensor:
    """Give the surprise about class indices, given a probability per class on the last axis."""
    library = array_library.namespace(y_pred.data)
    classes = y_true.data.reshape(y_pred.shape[:-1]).astype(int)
    one_hot = as_tensor(library.arange(y_pred.shape[-1]) == classes[..., None], like=y_pred)
    logits = _logits(y_pred, "softmax", given=from_logits)
    if logits is not None:
        return categorical_crossentropy(one_hot, logits, from_logits=True)
    # Other than of one-hot targets, probabilities are limited before they are normalized.
    return categorical_crossentropy(one_hot, _probability(y_pred))


def binary_crossentropy(
    y_true: Tensor, y_pred: Tensor, from_logits: bool = False, label_smoothing: float = 0.0
) -> Tensor:
    """Average, along the last axis, the surprise about targets 0 or 1 given probabilities of 1.

    Args:
        y_true: Targets.
        y_pred: Predictions.
        from_logits: Whether predictions are logits in place of probabilities.
        label_smoothing: Part of a target that is replaced by 1/2.

    """
    if label_smoothing:
        y_true = y_true * (1 - label_smoothing) + 0.5 * label_smoothing
    logits = _logits(y_pred, "sigmoid", given=from_logits)
    if logits is not None:
        return (operations.softplus(logits) - logits * y_true).mean(axis=-1)
    one = _probability(y_pred)
    surprise = y_true * autodiff.logarithm(one + EPSILON)
    surprise = surprise + (1 - y_true) * autodiff.logarithm(1 - one + EPSILON)
    return -surprise.mean(axis=-1)


def _logits(y_pred: Tensor, kind: str, *, given: bool) -> Tensor | None:
    if given:
        return y_pred
    return y_pred.logits[1] if y_pred.logits is not None and y_pred.logits[0] == kind else None


def _probability(x: Tensor) -> Tensor:
    return autodiff.clip(x, EPSILON, 1 - EPSILON)


def kullback_leibler_divergence(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Add up `y_true * log(y_true / y_pred)` along the last axis."""
    true, predicted = (autodiff.clip(each, EPSILON, 1) for each in (y_true, y_pred))
    return (true * autodiff.logarithm(true / predicted)).sum(axis=-1)


def poisson(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Average `y_pred - y_true * log(y_pred)` along the last axis."""
    return (y_pred - y_true * autodiff.logarithm(y_pred + EPSILON)).mean(axis=-1)


def cosine_similarity(y_true: Tensor, y_pred: Tensor, axis: int = -1) -> Tensor:
    """Give the cosine of the angle between targets and predictions, negated to be a loss."""
    true, predicted = (
        each / autodiff.clip((each**2).sum(axis, keepdims=True), 1e-12) ** 0.5
        for each in (y_true, y_pred)
    )
    return -(true * predicted).sum(axis)


mse = MSE = mean_squared_error
mae = MAE = mean_absolute_error
mape = MAPE = mean_absolute_percentage_error
msle = MSLE = mean_squared_logarithmic_error
kld = KLD = kullback_leibler_divergence
huber = huber_loss
cosine = cosine_proximity = cosine_similarity

FUNCTIONS: dict[str, Callable[..., Tensor]] = {name: globals()[name] for name in __all__}
"""Every accepted name, with the function it stands for."""
