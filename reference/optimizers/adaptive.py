"""What optimizers have in common whose steps depend on the gradients so far, and the first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from fitspec.reference.optimizers.base import Optimizer, OptimizerArguments

if TYPE_CHECKING:
    from fitspec.reference.tensor.array_library import Array


EPSILON = 1e-7


class Adaptive(Optimizer):
    """Base of optimizers that divide by something that might be 0.

    Args:
        learning_rate: Factor on the step.
        epsilon: Added to the divisor; 1e-7 when left out or None.
        **arguments: As `Optimizer`.

    """

    def __init__(
        self,
        learning_rate: float,
        *,
        epsilon: float | None = None,
        **arguments: Unpack[OptimizerArguments],
    ) -> None:
        super().__init__(learning_rate, **arguments)
        self.epsilon = EPSILON if epsilon is None else epsilon


class AdaptiveArguments(OptimizerArguments, total=False):
    """The keyword arguments that every such optimizer passes on to `Adaptive`."""

    epsilon: float | None


class RMSprop(Adaptive, named=True):
    """Divides the gradient by a moving root of its mean square.

    Args:
        learning_rate: Factor on the step.
        rho: Part of the moving mean that an update leaves as it is.
        **arguments: As `Adaptive`.

    """

    slots = 1

    def __init__(
        self, learning_rate: float = 0.001, rho: float = 0.9, **arguments: Unpack[AdaptiveArguments]
    ) -> None:
        super().__init__(learning_rate, **arguments)
        self.rho = rho

    def step(self, gradient: Array, memory: list[Array]) -> Array:
        """Return the step."""
        square = memory[0] = self.rho * memory[0] + (1 - self.rho) * gradient**2
        step: Array = self.factor * gradient / (square**0.5 + self.epsilon)
        return step
