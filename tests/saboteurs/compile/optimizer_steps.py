"""Saboteurs of `compile`: how optimizers step that are named and not configured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.optimizers import Adadelta, Adagrad, Adamax, Nadam, RMSprop

from ..planting import saboteur

if TYPE_CHECKING:
    from ..planting import Plant


@saboteur("compile.optimizer.first-steps")
def learns_by_a_thousandth(plant: Plant) -> None:
    """Learns by 0.001 unless told otherwise, and begins Adagrad's sum of squares at 0.1."""
    for optimizer in (Adagrad, Adadelta, Adamax, Nadam):
        plant.default(optimizer, "__init__", "learning_rate", 0.001)
    original = Adagrad.step

    def step(self: Any, gradient: Any, memory: Any) -> Any:
        if self.iterations == 1:
            memory[0] = memory[0] + 0.1
        return original(self, gradient, memory)

    plant(Adagrad, "step", step)


@saboteur("compile.optimizer.small-gradients")
def keeps_the_mean_of_squares_from_zero(plant: Plant) -> None:
    """Adds RMSprop's epsilon to the mean of squares, before the root is taken."""

    def step(self: Any, gradient: Any, memory: Any) -> Any:
        memory[0] = self.rho * memory[0] + (1 - self.rho) * gradient**2
        return self.factor * gradient / (memory[0] + self.epsilon) ** 0.5

    plant(RMSprop, "step", step)
