"""Optimizers that add up, or average, squares of all gradients or steps so far."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from fitspec.reference.optimizers.adaptive import Adaptive
from fitspec.reference.optimizers.base import NAMES

if TYPE_CHECKING:
    from fitspec.reference.optimizers.adaptive import AdaptiveArguments
    from fitspec.reference.tensor.array_library import Array


@NAMES.known("adagrad")
class Adagrad(Adaptive):
    """Divides the gradient by the root of the sum of all its squares so far.

    Args:
        learning_rate: Factor on the step.
        **arguments: As `Adaptive`.

    """

    slots = 1

    def __init__(self, learning_rate: float = 0.01, **arguments: Unpack[AdaptiveArguments]) -> None:
        super().__init__(learning_rate, **arguments)

    def step(self, gradient: Array, memory: list[Array]) -> Array:
        """Return the step."""
        square = memory[0] = memory[0] + gradient**2
        step: Array = self.factor * gradient / (square**0.5 + self.epsilon)
        return step


@NAMES.known("adadelta")
class Adadelta(Adaptive):
    """Scales the gradient to the moving root mean square of the steps so far.

    Args:
        learning_rate: Factor on the step.
        rho: Part of the moving means that an update leaves as it is.
        **arguments: As `Adaptive`.

    """

    slots = 2

    def __init__(
        self,
        learning_rate: float = 1.0,
        rho: float = 0.95,
        **arguments: Unpack[AdaptiveArguments],
    ) -> None:
        super().__init__(learning_rate, **arguments)
        self.rho = rho

    def step(self, gradient: Array, memory: list[Array]) -> Array:
        """Return the step."""
        square = memory[0] = self.rho * memory[0] + (1 - self.rho) * gradient**2
        scale = (memory[1] + self.epsilon) ** 0.5 / (square + self.epsilon) ** 0.5
        scaled: Array = gradient * scale
        memory[1] = self.rho * memory[1] + (1 - self.rho) * scaled**2
        step: Array = self.factor * scaled
        return step
