"""The other optimizers whose steps depend on the gradients so far."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Unpack

from fitspec.reference.optimizers.adaptive import Adaptive
from fitspec.reference.optimizers.moments import Moments
from fitspec.reference.tensor import array_library

if TYPE_CHECKING:
    from fitspec.reference.optimizers.adaptive import AdaptiveArguments
    from fitspec.reference.tensor.array_library import Array


class Adagrad(Adaptive, named=True):
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


class Adadelta(Adaptive, named=True):
    """Scales the gradient to the moving root mean square of the steps so far.

    Args:
        learning_rate: Factor on the step.
        rho: Part of the moving means that an update leaves as it is.
        **arguments: As `Adaptive`.

    """

    slots = 2

    def __init__(
        self, learning_rate: float = 1.0, rho: float = 0.95, **arguments: Unpack[AdaptiveArguments]
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


class Adamax(Moments, named=True):
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


class Nadam(Moments, named=True):
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

    def get_config(self) -> dict[str, Any]:
        """Return what to make another one with; Keras's takes no decay, but one that there is."""
        config = super().get_config()
        return config if self.decay else {n: v for n, v in config.items() if n != "decay"}

    def _momentum(self, iteration: int) -> float:
        return float(self.beta_1 * (1 - 0.5 * 0.96 ** (iteration * self.schedule_decay)))
