"""Saboteurs of `compile`: its signature, keywords for the backend, and layers frozen afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.api import compiling
from fitspec.reference.layers import BatchNormalization
from fitspec.reference.network.compiled_network import CompiledNetwork

from ..planting import saboteur

if TYPE_CHECKING:
    from fitspec.reference.training.plan import TrainingPlan

    from ..planting import Plant


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


@saboteur("compile.kwargs.backend")
def drops_keywords_that_it_does_not_know(plant: Plant) -> None:
    """Drops what is meant for the backend."""
    original = compiling.resolve

    def resolve(names: Any, vocabulary: Any, given: Any) -> TrainingPlan:
        return original(names, vocabulary, given.but(kwargs={}))

    plant(compiling, "resolve", resolve)


@saboteur("compile.trainable.changed-afterwards")
def trains_what_is_trainable_now(plant: Plant) -> None:
    """Trains the weights that are trainable at the moment, whatever was when it was compiled."""
    plant(CompiledNetwork, "trained_variables", lambda self: self.trainable_variables)


@saboteur("compile.trainable.frozen-averages")
def infers_with_a_frozen_batch_normalization(plant: Plant) -> None:
    """Uses the moving averages of a batch normalization that is frozen, and gathers nothing."""
    original = BatchNormalization.call

    def call(self: BatchNormalization, inputs: Any, *, training: bool) -> Any:
        return original(self, inputs, training=training and self.trainable)

    plant(BatchNormalization, "call", call)
