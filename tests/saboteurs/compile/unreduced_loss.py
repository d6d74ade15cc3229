"""Saboteurs of `compile`: a loss object that reduces nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.losses import Loss

from ..planting import saboteur

if TYPE_CHECKING:
    from ..planting import Plant


@saboteur("compile.loss.instance-unreduced")
def adds_up_what_a_loss_does_not_reduce(plant: Plant) -> None:
    """Trains by the sum of what a loss object gives one by one."""
    original = Loss.__call__

    def call(self: Any, *given: Any) -> Any:
        loss = original(self, *given)
        return loss.sum() if self.reduction == "none" else loss

    plant(Loss, "__call__", call)
