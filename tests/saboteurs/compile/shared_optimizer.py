"""Saboteurs of `compile`: one optimizer object and two models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.api.methods import Trainable

from ..planting import saboteur

if TYPE_CHECKING:
    from ..planting import Plant


@saboteur("compile.optimizer.of-two-models")
def refuses_an_optimizer_of_another_model(plant: Plant) -> None:
    """Raises a ValueError if an optimizer is used by another model than the first it was for."""
    original = Trainable.train_on_batch

    def train_on_batch(self: Any, *args: Any, **more: Any) -> Any:
        first = vars(self.optimizer).setdefault("of_model", self)
        if first is not self:
            raise ValueError("optimizer: it is that of another model")
        return original(self, *args, **more)

    plant(Trainable, "train_on_batch", train_on_batch)
