"""Stochastic gradient descent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from fitspec.reference.optimizers.base import Optimizer

if TYPE_CHECKING:
    from fitspec.reference.optimizers.base import OptimizerArguments
    from fitspec.reference.tensor.array_library import Array


class SGD(Optimizer, named=True):
    """Goes against the gradient, with momentum if asked.

    Args:
        learning_rate: Factor on the gradient.
        momentum: Part of the previous step that is taken again.
        nesterov: Whether to take the gradient's step after the momentum's.
        **arguments: As `Optimizer`.

    """

    slots = 1

    def __init__(
        self,
        learning_rate: float = 0.01,
        momentum: float = 0.0,
        nesterov: bool = False,
        **arguments: Unpack[OptimizerArguments],
    ) -> None:
        super().__init__(learning_rate, **arguments)
        self.momentum = momentum
        self.nesterov = nesterov

    def step(self, gradient: Array, memory: list[Array]) -> Array:
        """Return the step."""
        downhill: Array = self.factor * gradient
        if not self.momentum:
            return downhill
        velocity = memory[0] = self.momentum * memory[0] + downhill
        return self.momentum * velocity + downhill if self.nesterov else velocity
