"""What optimizers have in common whose steps depend on the gradients so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.reference.optimizers.base import Optimizer, OptimizerArguments

if TYPE_CHECKING:
    from typing import Unpack


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
