"""Saboteurs of `compile`: layers that are frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.layers import BatchNormalization
from fitspec.reference.network.compiled_network import CompiledNetwork

from ..planting import saboteur

if TYPE_CHECKING:
    from ..planting import Plant


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
