"""Optimizers whose steps along each element of a weight depend on its gradients so far."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Unpack

import numpy as np

from fitspec.reference.optimizers.base import Optimizer, OptimizerArguments
from fitspec.reference.tensor import array_library
from fitspec.reference.tensor.array_library import FLOAT

if TYPE_CHECKING:
    from collections.abc import Sequence

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


class Adam(Moments):
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


class Adamax(Moments):
    """Divides a moving mean of the gradient by its largest size, which slowly decreases.

    Args:
        learning_rate: Factor on the step.
        beta_1: Part of the moving mean that an update leaves as it is.
        beta_2: Part of the largest size that an update leaves of it.
        **arguments: As `Adaptive`.

    """

    def __init__(
        self,
        learning_rate: float = 0.002,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        **arguments: Unpack[AdaptiveArguments],
    ) -> None:
        super().__init__(learning_rate, beta_1, beta_2, **arguments)

    def step(self, gradient: Array, memory: list[Array]) -> Array:
        """Return the step."""
        library = array_library.namespace(gradient)
        mean = self.next_mean(gradient, memory)
        largest = memory[1] = library.maximum(self.beta_2 * memory[1], library.abs(gradient))
        step: Array = self.factor * mean / (largest + self.epsilon)
        return step

    def next_factor(self) -> float:
        """Return the negative rate, corrected for a moving average that starts at 0."""
        return float(-self.rate / (1 - self.beta_1**self.iterations))


class Nadam(Moments):
    """Adam with the gradient's step taken after the momentum's, which grows by a schedule.

    Args:
        learning_rate: Factor on the step.
        beta_1: Part of the moving mean that an update leaves as it is.
        beta_2: The same for the mean square.
        schedule_decay: How fast the momentum grows from `beta_1 / 2` to `beta_1`.
        **arguments: As `Adaptive`.

    """

    numbers: ClassVar[tuple[str, ...]] = ("iterations", "m_schedule")

    def __init__(
        self,
        learning_rate: float = 0.002,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        schedule_decay: float = 0.004,
        **arguments: Unpack[AdaptiveArguments],
    ) -> None:
        super().__init__(learning_rate, beta_1, beta_2, **arguments)
        self.schedule_decay = schedule_decay
        self.m_schedule = 1.0

    def step(self, gradient: Array, memory: list[Array]) -> Array:
        """Return the step."""
        mean = self.next_mean(gradient, memory)
        root = self.next_square(gradient, memory) ** 0.5
        of_gradient, of_mean, of_root = self.factor[0], self.factor[1], self.factor[2]
        step: Array = (of_gradient * gradient + of_mean * mean) / (root * of_root + self.epsilon)
        return step

    def next_factor(self) -> tuple[float, float, float]:
        """Return what gradient, moving mean, and moving root mean square are multiplied by."""
        now, then = self._momentum(self.iterations), self._momentum(self.iterations + 1)
        self.m_schedule *= now
        return (
            -self.rate * (1 - now) / (1 - self.m_schedule),
            -self.rate * then / (1 - self.m_schedule * then),
            float((1 - self.beta_2**self.iterations) ** -0.5),
        )

    def _momentum(self, iteration: int) -> float:
        return float(self.beta_1 * (1 - 0.5 * 0.96 ** (iteration * self.schedule_decay)))
