"""Losses that PyTorch differentiates: by name, of `torch.nn`, or functions of one's own."""

from __future__ import annotations

import copy
import functools
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from fitspec.reference import losses
from fitspec.reference.losses import EPSILON, Loss

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.reference.losses import TargetForm
    from fitspec.reference.tensor.array_library import Array

_ELEMENTWISE = (
    nn.L1Loss,
    nn.MSELoss,
    nn.SmoothL1Loss,
    nn.HuberLoss,
    nn.BCELoss,
    nn.BCEWithLogitsLoss,
    nn.KLDivLoss,
    nn.PoissonNLLLoss,
    nn.SoftMarginLoss,
)
"""Losses of targets that have the output's shape: anything else would be broadcast silently."""


class TorchLoss(Loss):
    """A loss of tensors of PyTorch.

    Args:
        function: Takes targets and predictions; returns a value for the batch, per sample or per
            element.
        name: Label for messages.
        target_form: How a target's shape relates to the output's.
        each: The same without averaging over samples, for sample weights; `function` if left out.
        scale: Given the values of `each`, the factor from their mean to the loss of the batch.

    """

    def __init__(
        self,
        function: Callable[..., Any],
        name: str,
        target_form: TargetForm = "any",
        each: Callable[..., Any] | None = None,
        scale: Callable[[torch.Tensor], float] = lambda _: 1.0,
    ) -> None:
        super().__init__(name=name, target_form=target_form)
        self.function = function
        self.each = each or function
        self.scale = scale

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Array | None = None) -> Any:
        """Return the loss of a batch, a tensor with one element."""
        if sample_weight is None:
            return torch.as_tensor(self.function(y_true, y_pred)).mean()
        values: Any = torch.as_tensor(self.each(y_true, y_pred))
        weights: Any = torch.as_tensor(sample_weight, dtype=values.dtype, device=values.device)
        return losses.batch_mean(values, weights) * self.scale(values)


def mean_squared_error(y_true: torch.Tensor, y_pred: torch.Tensor) -> torch.Tensor:
    """Average the squared differences along the last axis."""
    return ((y_pred - y_true) ** 2).mean(-1)


def mean_absolute_error(y_true: torch.Tensor, y_pred: torch.Tensor) -> torch.Tensor:
    """Average the absolute differences along the last axis."""
    return (y_pred - y_true).abs().mean(-1)


def binary_crossentropy(y_true: torch.Tensor, y_pred: torch.Tensor) -> torch.Tensor:
    """Average, along the last axis, the surprise about targets 0 or 1 given probabilities of 1."""
    one = y_pred.clamp(EPSILON, 1 - EPSILON)
    return -(y_true * one.log() + (1 - y_true) * (1 - one).log()).mean(-1)


def categorical_crossentropy(y_true: torch.Tensor, y_pred: torch.Tensor) -> torch.Tensor:
    """Give the surprise about one-hot targets, given a probability per class on the last axis."""
    return -(y_true * _log_probabilities(y_pred)).sum(-1)


def sparse_categorical_crossentropy(y_true: torch.Tensor, y_pred: torch.Tensor) -> torch.Tensor:
    """Give the surprise about class indices, given a probability per class on the last axis."""
    classes = y_true.reshape(*y_pred.shape[:-1], 1).long()
    return -_log_probabilities(y_pred).gather(-1, classes).squeeze(-1)


def _log_probabilities(y_pred: torch.Tensor) -> torch.Tensor:
    normalized = y_pred / y_pred.sum(-1, keepdim=True)
    return normalized.clamp(EPSILON, 1 - EPSILON).log()


NAMES = {alias: name for alias, name in losses.NAMES.items() if name in globals()}
"""Every accepted name, with the function it stands for."""


def resolve(identifier: object) -> Loss:
    """Find a loss.

    Args:
        identifier: A name; a loss of `torch.nn` or a function of `torch.nn.functional`, which take
            predictions first; or another function, which takes targets first as documented.

    Raises:
        ValueError: It is none of these (`compile.loss.unknown-ValueError`).

    """
    if isinstance(identifier, TorchLoss):
        return identifier
    if isinstance(identifier, str) and identifier in NAMES:
        name = NAMES[identifier]
        sparse = name == "sparse_categorical_crossentropy"
        return TorchLoss(globals()[name], name, "index" if sparse else "same")
    if isinstance(identifier, (Loss, type)) or not callable(identifier):
        raise ValueError(  # noqa: TRY004 - documented: what names no loss is a ValueError
            "loss must be a function, a loss of torch.nn or one of "
            f"{sorted(NAMES)}, not {identifier!r}"
        )
    if isinstance(identifier, nn.Module):
        return _of_module(identifier)
    name = getattr(identifier, "__name__", type(identifier).__name__)
    if takes_predictions_first(identifier):
        each = functools.partial(identifier, reduction="none")
        return TorchLoss(targets_first(identifier), name, each=targets_first(each))
    return TorchLoss(identifier, name)


def _of_module(module: nn.Module) -> TorchLoss:
    form: TargetForm = "same" if isinstance(module, _ELEMENTWISE) else "any"
    name = type(module).__name__
    reduction = getattr(module, "reduction", None)
    if reduction is None:
        return TorchLoss(targets_first(module), name, form)
    each: Any = copy.copy(module)
    each.reduction = "none"
    scales: dict[str, Callable[[torch.Tensor], float]] = {
        "sum": lambda values: values.numel(),
        "batchmean": lambda values: values.numel() / len(values),
    }
    scale = scales.get(reduction, lambda _: 1.0)
    return TorchLoss(targets_first(module), name, form, targets_first(each), scale)


def takes_predictions_first(function: object) -> bool:
    """Whether a function takes predictions before targets, as PyTorch's own do."""
    return (
        isinstance(function, nn.Module)
        or getattr(function, "__module__", None) == "torch.nn.functional"
    )


def targets_first(function: Callable[..., Any]) -> Callable[[Any, Any], Any]:
    """Return a function with targets first of one with predictions first."""
    return lambda y_true, y_pred: function(y_pred, y_true)
