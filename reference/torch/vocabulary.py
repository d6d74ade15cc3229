"""What the words of `compile` mean to PyTorch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import nn, optim

from fitspec.reference import metrics
from fitspec.reference.torch import losses
from fitspec.reference.torch.tensors import ModulePlace, array_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.reference.losses import Loss
    from fitspec.reference.metrics import Metric
    from fitspec.reference.tensor.array_library import Array
    from fitspec.reference.tensor.autodiff import Tensor

_OPTIMIZERS: dict[str, Callable[[Any], optim.Optimizer]] = {
    "sgd": lambda weights: optim.SGD(weights, lr=0.01),
    "rmsprop": lambda weights: optim.RMSprop(weights, lr=0.001, alpha=0.9, eps=1e-7),
    "adam": lambda weights: optim.Adam(weights, lr=0.001, eps=1e-7),
}
"""Every name in lower case; the settings are those that the reference has for it."""


class TorchVocabulary:
    """Finds optimizers, losses, metrics and tensors for a module."""

    def __init__(self, module: nn.Module) -> None:
        self._module = module
        self._place = ModulePlace(module)

    def optimizer(self, identifier: object) -> optim.Optimizer:
        """Find an optimizer.

        Args:
            identifier: A name; an optimizer of the module's weights, which is used as it is; or
                what makes one of weights: a class, `functools.partial(torch.optim.SGD, lr=1)`.

        Raises:
            ValueError: It is none of these (`compile.optimizer.unknown-ValueError`).

        """
        if isinstance(identifier, optim.Optimizer):
            self._check_weights(identifier)
            return identifier
        make: Any = identifier
        if isinstance(identifier, str):
            make = _OPTIMIZERS.get(identifier.lower())
        # PyTorch makes no optimizer of no weights; a module without any has nothing to move.
        weights = list(self._module.parameters()) or [nn.Parameter(torch.empty(0))]
        made = make(weights) if callable(make) else None
        if not isinstance(made, optim.Optimizer):
            raise ValueError(  # noqa: TRY004 - documented: what names no optimizer
                "optimizer must be an optimizer of torch.optim, what makes one of weights, or one "
                f"of {sorted(_OPTIMIZERS)}, not {identifier!r}"
            )
        return made

    def _check_weights(self, optimizer: optim.Optimizer) -> None:
        own = {id(weight) for weight in self._module.parameters()}
        moved = {id(weight) for group in optimizer.param_groups for weight in group["params"]}
        if own and not own & moved:
            raise ValueError("optimizer: it was made of other weights than those of the module")

    def loss(self, identifier: object) -> Loss:
        """Find a loss."""
        return losses.resolve(identifier)

    def metric(self, identifier: object, loss: Loss | None, what: str) -> Metric:
        """Find a metric: one of the reference by name, an instance, or a function of tensors."""
        if isinstance(identifier, nn.Module):
            function = losses.targets_first(identifier)
            return TensorMean(function, type(identifier).__name__)
        if callable(identifier) and not isinstance(identifier, (type, metrics.Metric)):
            first = losses.takes_predictions_first(identifier)
            function = losses.targets_first(identifier) if first else identifier
            return TensorMean(function, getattr(identifier, "__name__", None))
        return metrics.resolve(identifier, loss, what)

    def tensor(self, value: object) -> torch.Tensor:
        """Return a target tensor.

        Raises:
            TypeError: It is no tensor of PyTorch.

        """
        if not isinstance(value, torch.Tensor):
            raise TypeError(f"target_tensors must hold tensors, not {type(value).__name__}")
        return value.to(self._place.device)


class TensorMean(metrics.FunctionMetric):
    """Averages a function of tensors of PyTorch over samples."""

    def values(self, y_true: Tensor, y_pred: Tensor) -> Array:
        """Return what the function gives for a batch."""
        # Arrays on the host, as all metrics get them: see TorchEngine.
        given: Any = self.function
        values = given(torch.as_tensor(y_true.data), torch.as_tensor(y_pred.data))
        array: Array = array_of(torch.as_tensor(values))
        return array
