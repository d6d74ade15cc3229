"""RMSprop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from fitspec.reference.optimizers.adaptive import Adaptive
from fitspec.reference.optimizers.base import NAMES

if TYPE_CHECKING:
    from fitspec.reference.optimizers.adaptive import AdaptiveArguments
    from fitspec.reference.tensor.array_library import Array


@NAMES.known("rmsprop")
class RMSprop(Adaptive):
    """Divides the gradient by a moving root of its mean square.

    Args:
        learning_rate: Factor on the step.
        rho: Part of the moving mean that an update leaves as it is.
        **arguments: As `Adaptive`.

    """

    slots = 1

    def __init__(
        self,
        learning_rate: float = 0.001,
        rho: float = 0.9,
        **arguments: Unpack[AdaptiveArguments],
    ) -> None:
        super().__init__(learning_rate, **arguments)
        self.rho = rho

    def step(self, gradient: Array, memory: list[Array]) -> Array:
        """Return the step."""
        square = memory[0] = self.rho * memory[0] + (1 - self.rho) * gradient**2
        step: Array = self.factor * gradient / (square**0.5 + self.epsilon)
        return step
