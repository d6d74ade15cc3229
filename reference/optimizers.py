"""Optimizers: how gradients change weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from fitspec.reference import _array

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.reference._array import Array
    from fitspec.reference.layer import Variable


class Optimizer:
    """Base of all optimizers; one of one's own overrides `step`.

    Args:
        learning_rate: Factor on every step.
        lr: The older spelling of `learning_rate`.

    """

    slots: ClassVar[int] = 0
    """How many arrays `step` remembers for every weight."""

    def __init__(self, learning_rate: float, lr: float | None = None) -> None:
        self.learning_rate = learning_rate if lr is None else lr
        self.iterations = 0
        self.factor: Any = 0.0
        self._memory: dict[Variable, list[Array]] = {}

    @property
    def lr(self) -> float:
        """The older spelling of `learning_rate`."""
        return self.learning_rate

    @lr.setter
    def lr(self, value: float) -> None:
        self.learning_rate = value

    def apply(self, variables: Sequence[Variable], gradients: Sequence[Array]) -> None:
        """Make one update of all `variables`."""
        self.begin_update()
        for variable, gradient in zip(variables, gradients, strict=True):
            self.change(variable, gradient, self.memory_of(variable))

    def begin_update(self) -> None:
        """Count an update, and settle the factor on its steps."""
        self.iterations += 1
        self.factor = self.next_factor()

    def change(self, variable: Variable, gradient: Array, memory: Sequence[Array]) -> None:
        """Move one weight, and bring the arrays in its memory up to date."""
        remembered = list(memory)
        moved = variable.data + self.step(gradient, remembered)
        variable.assign(moved.astype(variable.data.dtype, copy=False))
        for array, new in zip(memory, remembered, strict=True):
            if new is not array:
                array[...] = new

    def memory_of(self, variable: Variable) -> list[Array]:
        """Return the arrays that are remembered for a weight: zeros at first."""
        if variable not in self._memory:
            zeros = _array.namespace(variable.data).zeros_like
            self._memory[variable] = [zeros(variable.data) for _ in range(self.slots)]
        return self._memory[variable]

    def next_factor(self) -> float:
        """Return what the steps of the coming update are multiplied by."""
        return -self.learning_rate

    def step(self, gradient: Array, memory: list[Array]) -> Array:
        """Return what to add to a weight, and bring its `memory` up to date."""
        raise NotImplementedError(f"{type(self).__name__} does not define step")


class SGD(Optimizer):
    """Goes against the gradient, with momentum if asked.

    Args:
        learning_rate: Factor on the gradient.
        momentum: Part of the previous step that is taken again.
        nesterov: Whether to take the gradient's step after the momentum's.
        lr: The older spelling of `learning_rate`.

    """

    slots = 1

    def __init__(
        self,
        learning_rate: float = 0.01,
        momentum: float = 0.0,
        nesterov: bool = False,
        lr: float | None = None,
    ) -> None:
        super().__init__(learning_rate, lr)
        self.momentum = momentum
        self.nesterov = nesterov

    def step(self, gradient: Array, memory: list[Array]) -> Array:
        """Return the step."""
        downhill: Array = self.factor * gradient
        if not self.momentum:
            return downhill
        velocity = memory[0] = self.momentum * memory[0] + downhill
        return self.momentum * velocity + downhill if self.nesterov else velocity


class RMSprop(Optimizer):
    """Divides the gradient by a moving root of its mean square.

    Args:
        learning_rate: Factor on the step.
        rho: Part of the moving mean that an update leaves as it is.
        epsilon: Added to the divisor.
        lr: The older spelling of `learning_rate`.

    """

    slots = 1

    def __init__(
        self,
        learning_rate: float = 0.001,
        rho: float = 0.9,
        epsilon: float = 1e-7,
        lr: float | None = None,
    ) -> None:
        super().__init__(learning_rate, lr)
        self.rho = rho
        self.epsilon = epsilon

    def step(self, gradient: Array, memory: list[Array]) -> Array:
        """Return the step."""
        square = memory[0] = self.rho * memory[0] + (1 - self.rho) * gradient**2
        step: Array = self.factor * gradient / (square**0.5 + self.epsilon)
        return step


class Adam(Optimizer):
    """Divides a moving mean of the gradient by a moving root of its mean square.

    Args:
        learning_rate: Factor on the step.
        beta_1: Part of the moving mean that an update leaves as it is.
        beta_2: The same for the mean square.
        epsilon: Added to the divisor.
        lr: The older spelling of `learning_rate`.

    """

    slots = 2

    def __init__(
        self,
        learning_rate: float = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        lr: float | None = None,
    ) -> None:
        super().__init__(learning_rate, lr)
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon

    def step(self, gradient: Array, memory: list[Array]) -> Array:
        """Return the step."""
        mean = memory[0] = self.beta_1 * memory[0] + (1 - self.beta_1) * gradient
        square = memory[1] = self.beta_2 * memory[1] + (1 - self.beta_2) * gradient**2
        step: Array = self.factor * mean / (square**0.5 + self.epsilon)
        return step

    def next_factor(self) -> float:
        """Return the negative rate, corrected for moving averages that start at 0."""
        correction = (1 - self.beta_2**self.iterations) ** 0.5 / (1 - self.beta_1**self.iterations)
        return float(-self.learning_rate * correction)


NAMES = {"sgd": "SGD", "rmsprop": "RMSprop", "adam": "Adam"}
"""Every name in lower case, with the class it stands for."""


def resolve(identifier: object) -> Optimizer:
    """Find an optimizer.

    Args:
        identifier: A name in any case, or an `Optimizer`, which is used as it is.

    Raises:
        ValueError: It is neither (`compile.optimizer.unknown-ValueError`).

    """
    if isinstance(identifier, Optimizer):
        return identifier
    if isinstance(identifier, str) and identifier.lower() in NAMES:
        found: Optimizer = globals()[NAMES[identifier.lower()]]()
        return found
    raise ValueError(
        f"optimizer must be an instance of Optimizer or one of {sorted(NAMES)}, not {identifier!r}"
    )
