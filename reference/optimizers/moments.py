"""Adam, and what optimizers like it have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import numpy as np

from fitspec.reference.optimizers.adaptive import Adaptive
from fitspec.reference.tensor import array_library
from fitspec.reference.tensor.array_library import FLOAT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.reference.optimizers.adaptive import AdaptiveArguments
    from fitspec.reference.tensor.array_library import Array


class Moments(Adaptive):
    """Base of optimizers that divide a moving mean by a moving measure of size.

    Args:
        learning_rate: Factor on the step.
        beta_1: Part of the moving mean that an update leaves as it is.
        beta_2: The same for the measure of size.
        **arguments: As `Adaptive`.

    """

    slots = 2

    def __init__(
        self,
        learning_rate: float,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        **arguments: Unpack[AdaptiveArguments],
    ) -> None:
        super().__init__(learning_rate, **arguments)
        self.beta_1 = beta_1
        self.beta_2 = beta_2

    def next_mean(self, gradient: Array, memory: list[Array]) -> Array:
        """Bring the moving mean up to date."""
        memory[0] = self.beta_1 * memory[0] + (1 - self.beta_1) * gradient
        return memory[0]

    def next_square(self, gradient: Array, memory: list[Array]) -> Array:
        """Bring the moving mean square up to date."""
        memory[1] = self.beta_2 * memory[1] + (1 - self.beta_2) * gradient**2
        return memory[1]


class Adam(Moments, named=True):
    """Divides a moving mean of the gradient by a moving root of its mean square.

    Args:
        learning_rate: Factor on the step.
        beta_1: Part of the moving mean that an update leaves as it is.
        beta_2: The same for the mean square.
        amsgrad: Whether to divide by the largest mean square so far.
        **arguments: As `Adaptive`.

    """

    def __init__(
        self,
        learning_rate: float = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        amsgrad: bool = False,
        **arguments: Unpack[AdaptiveArguments],
    ) -> None:
        super().__init__(learning_rate, beta_1, beta_2, **arguments)
        self.amsgrad = amsgrad
        self.slots = 3 if amsgrad else 2

    def step(self, gradient: Array, memory: list[Array]) -> Array:
        """Return the step."""
        mean = self.next_mean(gradient, memory)
        square = self.next_square(gradient, memory)
        if self.amsgrad:
            square = memory[2] = array_library.namespace(square).maximum(memory[2], square)
        step: Array = self.factor * mean / (square**0.5 + self.epsilon)
        return step

    def next_factor(self) -> float:
        """Return the negative rate, corrected for moving averages that start at 0."""
        correction = (1 - self.beta_2**self.iterations) ** 0.5 / (1 - self.beta_1**self.iterations)
        return float(-self.rate * correction)

    def get_weights(self) -> list[Array]:
        """Return the state, with a single 0 for each largest mean square that is not kept."""
        return super().get_weights() + self._not_kept()

    def set_weights(self, weights: Sequence[Array]) -> None:
        """Take over a state."""
        super().set_weights(weights[: len(weights) - len(self._not_kept())])

    def _not_kept(self) -> list[Array]:
        return [] if self.amsgrad else [np.zeros(1, FLOAT) for _ in self._memory]
