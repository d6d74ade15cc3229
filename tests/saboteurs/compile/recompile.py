"""Saboteurs of `compile`: compiling again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.models.model import Model
from fitspec.reference.network.compiled_network import CompiledNetwork

from ..optimizer_memory import forget_momentum
from ..planting import saboteur

if TYPE_CHECKING:
    from ..planting import Plant


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


@saboteur("compile.recompile.optimizer-state")
def loses_momentum_in_compile(plant: Plant) -> None:
    """Has the optimizer forget its momentum whenever a model is compiled with it."""
    original = CompiledNetwork.compile

    def compiled(self: Any, *args: Any, **more: Any) -> None:
        original(self, *args, **more)
        forget_momentum(self.optimizer)

    plant(CompiledNetwork, "compile", compiled)


@saboteur("compile.recompile.keeps-weights")
def starts_anew_with_the_second_weight_when_compiled_again(plant: Plant) -> None:
    """Starts from the first values of all weights but one when a model is compiled again."""
    original = Model.compile

    def compile_(self: Model, *args: Any, **kwargs: Any) -> None:
        present = self.get_weights()
        first = vars(self).setdefault("first_weights", present)
        if len(present) > 1:
            self.set_weights([present[0], *first[1:]])
        original(self, *args, **kwargs)

    plant(Model, "compile", compile_)
