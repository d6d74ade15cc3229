"""Saboteurs of `compile`: its signature, the optimizer, compiling again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference import optimizers
from fitspec.reference.api import compiling
from fitspec.reference.models.model import Model
from fitspec.reference.network.compiled_network import CompiledNetwork

from .planting import saboteur

if TYPE_CHECKING:
    from fitspec.reference.training.plan import TrainingPlan

    from .planting import Plant


@saboteur("compile.signature.defaults")
def has_a_default_optimizer(plant: Plant) -> None:
    """Compiles with an optimizer of its own choice when none is given."""
    original = CompiledNetwork.compile

    def compile_with_default(
        self: CompiledNetwork, optimizer: object = "rmsprop", *args: Any, **kwargs: Any
    ) -> None:
        original(self, optimizer, *args, **kwargs)

    plant(CompiledNetwork, "compile", compile_with_default)
    # What others see of a planted function is the signature of the original.
    original.__defaults__ = ("rmsprop", *(original.__defaults__ or ()))


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


@saboteur("compile.kwargs.backend")
def drops_keywords_that_it_does_not_know(plant: Plant) -> None:
    """Drops what is meant for the backend."""
    original = compiling.resolve

    def resolve(*args: Any) -> TrainingPlan:
        *others, _ = args
        return original(*others, {})  # type: ignore[call-arg]  # the nine that it was called with

    plant(compiling, "resolve", resolve)


@saboteur("compile.recompile.keeps-weights", also=["compile.recompile.optimizer-state"])
def initialises_the_weights_when_compiled_again(plant: Plant) -> None:
    """Starts from the weights of the first `compile` again when a model is compiled again."""
    original = CompiledNetwork.compile

    def compile_anew(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        first = self.__dict__.setdefault(
            "weights_at_first", [np.copy(w) for w in self.get_weights()]
        )
        self.set_weights(first)

    plant(CompiledNetwork, "compile", compile_anew)
