"""Saboteurs of `compile`: the optimizer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference import optimizers
from fitspec.reference.optimizers import SGD, Adam
from fitspec.reference.optimizers.base import Optimizer

from ..compile_arguments import without_its_end
from ..planting import saboteur
from ..unrecorded_steps import compute_every_step

if TYPE_CHECKING:
    from ..planting import Plant


@saboteur(
    "compile.optimizer.string-name",
    also=[
        "compile.optimizer.adam-step",
    ],
)
def takes_every_name_for_plain_descent(plant: Plant) -> None:
    """Trains by plain gradient descent whichever known optimizer is named."""
    original = optimizers.resolve

    def resolve(identifier: object) -> optimizers.Optimizer:
        return original("sgd" if isinstance(original(identifier), optimizers.Adam) else identifier)

    plant(optimizers, "resolve", resolve)


@saboteur("compile.optimizer.instance", also=["compile.recompile.optimizer-state"])
def knows_no_momentum(plant: Plant) -> None:
    """Keeps the learning rate of an optimizer object, and not its momentum."""
    original = optimizers.resolve

    def resolve(identifier: object) -> optimizers.Optimizer:
        found = original(identifier)
        if isinstance(found, SGD):
            found.momentum = 0.0
        return found

    plant(optimizers, "resolve", resolve)


@saboteur("compile.optimizer.instance-limits")
def limits_no_gradient(plant: Plant) -> None:
    """Keeps the learning rate of an optimizer object, and not its limits to gradients."""
    original = optimizers.resolve

    def resolve(identifier: object) -> optimizers.Optimizer:
        found = original(identifier)
        found.clipnorm = found.clipvalue = None
        return found

    plant(optimizers, "resolve", resolve)


@saboteur("compile.optimizer.string-name", also=["compile.optimizer.small-gradients"])
def takes_rmsprop_for_adam(plant: Plant) -> None:
    """Trains by Adam where RMSprop is named."""
    original = optimizers.resolve
    plant(optimizers, "resolve", lambda given: original("adam" if given == "rmsprop" else given))


@saboteur("compile.optimizer.unknown-ValueError")
def takes_no_optimizer_for_the_usual_one(plant: Plant) -> None:
    """Trains with plain gradient descent when the optimizer is None."""
    original = optimizers.resolve
    plant(optimizers, "resolve", lambda given: original("sgd" if given is None else given))


@saboteur("compile.optimizer.adam-step")
def learns_faster_by_adam(plant: Plant) -> None:
    """Takes 0.01 for the learning rate of an optimizer asked for as "adam"."""
    plant.default(Adam, "__init__", "learning_rate", 0.01)


@saboteur("compile.optimizer.instance")
def has_momentum_for_the_first_weight_alone(plant: Plant) -> None:
    """Forgets the momentum of every weight but the first."""
    original = Optimizer.memory_of

    def memory_of(self: Optimizer, variable: Any) -> Any:
        memory = original(self, variable)
        for array in memory if next(iter(vars(self)["_memory"])) is not variable else ():
            array[...] = 0
        return memory

    compute_every_step(plant)
    plant(Optimizer, "memory_of", memory_of)


def _limit_the_first_update(plant: Plant, limit: str) -> None:
    """Have an optimizer know a limit to gradients, by its name, in its first update alone."""
    original = Optimizer.clipped

    def clipped(self: Optimizer, gradients: Any) -> Any:
        if self.iterations == 1:
            return original(self, gradients)
        kept, vars(self)[limit] = getattr(self, limit), None
        try:
            return original(self, gradients)
        finally:
            vars(self)[limit] = kept

    compute_every_step(plant)
    plant(Optimizer, "clipped", clipped)


@saboteur("compile.optimizer.instance-limits")
def limits_the_norm_of_the_first_gradient_alone(plant: Plant) -> None:
    """Limits the norm of a gradient in the first update alone."""
    _limit_the_first_update(plant, "clipnorm")


@saboteur("compile.optimizer.instance-limits")
def limits_the_elements_of_the_first_gradient_alone(plant: Plant) -> None:
    """Limits the elements of a gradient in the first update alone."""
    _limit_the_first_update(plant, "clipvalue")


@saboteur("compile.optimizer.unknown-ValueError")
def knows_an_optimizer_by_its_beginning(plant: Plant) -> None:
    """Takes any name that begins with `sgd` for it."""
    original = optimizers.resolve
    plant(optimizers, "resolve", lambda given: original(without_its_end(given, "sgd")))
