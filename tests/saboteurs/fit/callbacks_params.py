"""Saboteurs of `fit`: what callbacks are told about the call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.callbacks import CallbackList

from ..planting import saboteur

if TYPE_CHECKING:
    from ..planting import Plant


@saboteur("fit.callbacks.params", also=["fit.class_weight.training-only"])
def keeps_to_itself_what_it_trains_on(plant: Plant) -> None:
    """Tells callbacks in `params` the epochs, the steps and how much is printed alone."""
    original = CallbackList.prepare

    def prepare(self: Any, model: Any, params: Any, *more: Any) -> None:
        few = {name: params[name] for name in ("epochs", "steps", "verbose")}
        original(self, model, few, *more)

    plant(CallbackList, "prepare", prepare)
