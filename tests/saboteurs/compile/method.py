"""Saboteurs of `compile`: its signature, and keywords for the backend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.api import compiling
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
