"""Saboteurs of `fit`: no data from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.api import calls
from fitspec.reference.callbacks import History

from ..changed_requests import change_request
from ..planting import saboteur

if TYPE_CHECKING:
    from fitspec.reference.models.model import Model

    from ..planting import Plant


@saboteur("fit.x.none-with-framework-tensors")
def draws_one_batch_an_epoch_from_tensors(plant: Plant) -> None:
    """Makes one update an epoch, whatever the number of steps, when there is no x."""

    def one_step(_: Model, request: Any) -> dict[str, Any]:
        return {"steps_per_epoch": 1} if request.x is None and request.steps_per_epoch else {}

    change_request(plant, "array_training_source", one_step)


@saboteur("fit.x.none-without-steps-ValueError")
def trains_on_nothing_in_silence(plant: Plant) -> None:
    """Returns an empty History when there is nothing to train on."""
    original = calls.fit

    def fit(model: Model, request: Any) -> History:
        given = request.x, request.y, request.steps_per_epoch, request.validation_split or None
        if all(item is None for item in given):
            return History()
        return original(model, request)

    plant(calls, "fit", fit)
