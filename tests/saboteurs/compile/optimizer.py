"""Saboteurs of `compile`: the optimizer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference import optimizers
from fitspec.reference.models.model import Model
from fitspec.reference.optimizers import Adam

from ..planting import saboteur

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


@saboteur("compile.optimizer.instance")
def limits_the_learning_rate(plant: Plant) -> None:
    """Trains batch by batch at a rate of at most a half."""
    original = Model.train_on_batch

    def train_on_batch(self: Model, *args: Any, **kwargs: Any) -> Any:
        self.optimizer.learning_rate = min(self.optimizer.learning_rate, 0.5)
        return original(self, *args, **kwargs)

    plant(Model, "train_on_batch", train_on_batch)


@saboteur("compile.optimizer.unknown-ValueError")
def takes_no_optimizer_for_the_usual_one(plant: Plant) -> None:
    """Trains with plain gradient descent when the optimizer is None."""
    original = optimizers.resolve
    plant(optimizers, "resolve", lambda given: original("sgd" if given is None else given))


@saboteur("compile.optimizer.adam-step")
def learns_faster_by_adam(plant: Plant) -> None:
    """Takes 0.01 for the learning rate of an optimizer asked for as "adam"."""
    plant.default(Adam, "__init__", "learning_rate", 0.01)
