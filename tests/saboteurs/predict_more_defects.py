"""Saboteurs of `predict`: its batches, its data and what is heard of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.api import calls
from fitspec.reference.compute.engine import ArrayEngine
from fitspec.reference.data import sources
from fitspec.reference.models.model import Model

from .changed_requests import change_request
from .planting import saboteur

if TYPE_CHECKING:
    from fitspec.reference.data.batches import Batch

    from .planting import Plant


@saboteur("predict.signature.defaults")
def shares_a_list_of_callbacks_in_predict(plant: Plant) -> None:
    """Has a list in the place of None for the callbacks of `predict`."""
    plant.default(Model, "predict", "callbacks", [])


@saboteur("predict.batched")
def predicts_a_batch_sample_by_sample(plant: Plant) -> None:
    """Computes each sample of a batch of its own, where `predict` is given a batch size."""
    original = ArrayEngine.predict

    def predict(self: ArrayEngine, batch: Batch) -> Any:
        # A stateful model cannot do otherwise than take its batches whole.
        if not predicting or self._network.is_stateful:
            return original(self, batch)
        _model, request = predicting.calls[-1][0]
        if request.batch_size is None:
            return original(self, batch)
        singles = [
            original(
                self, replace(batch, inputs=[one[at : at + 1] for one in batch.inputs], size=1)
            )
            for at in range(batch.size)
        ]
        return [np.concatenate(parts) for parts in zip(*singles, strict=True)]

    predicting = plant.during(calls, "predict")
    plant(ArrayEngine, "predict", predict)


@saboteur("predict.batch_size.default-32")
def predicts_64_samples_at_a_time(plant: Plant) -> None:
    """Takes 64 samples for a batch of `predict` when nothing else is said."""

    def widen(_model: Model, request: Any) -> dict[str, Any]:
        if sources.yields_batches(request.x):
            return {}
        return {"batch_size": 64} if request.batch_size is None and request.steps is None else {}

    change_request(plant, "predict", widen)


@saboteur("predict.x.list-and-dict")
def predicts_the_inputs_of_a_dict_by_position(plant: Plant) -> None:
    """Takes the inputs of a dict in its own order."""

    def listed(_model: Model, request: Any) -> dict[str, Any]:
        return {"x": list(request.x.values())} if isinstance(request.x, dict) else {}

    change_request(plant, "predict", listed)


@saboteur("predict.x.none-with-tensors")
def predicts_tensors_once(plant: Plant) -> None:
    """Returns the predictions for tensors once, however many steps there are."""

    def once(_model: Model, request: Any) -> dict[str, Any]:
        return {"steps": 1} if request.x is None and request.steps else {}

    change_request(plant, "predict", once)


@saboteur("predict.verbose.levels", also=["predict.signature.defaults"])
def draws_a_bar_for_predictions_by_default(plant: Plant) -> None:
    """Draws a progress bar in `predict` when nothing else is said."""
    plant.default(Model, "predict", "verbose", 1)


@saboteur("predict.steps.with-arrays")
def cuts_predicted_arrays_into_steps(plant: Plant) -> None:
    """Cuts arrays into as many batches as there are steps, of the given size if there is one."""

    def cut(_model: Model, request: Any) -> dict[str, Any]:
        if request.steps is None or request.x is None or sources.yields_batches(request.x):
            return {}
        size = request.batch_size or -(-len(request.x) // request.steps)
        return {"steps": None, "batch_size": size, "x": request.x[: request.steps * size]}

    change_request(plant, "predict", cut)


@saboteur("predict.callbacks.applied")
def predicts_arrays_without_callbacks(plant: Plant) -> None:
    """Calls no callback when `predict` is given arrays."""

    def alone(_model: Model, request: Any) -> dict[str, Any]:
        return {} if sources.yields_batches(request.x) else {"callbacks": None}

    change_request(plant, "predict", alone)


@saboteur("predict.raises.stateful-not-multiple")
def leaves_samples_out_that_fill_no_batch(plant: Plant) -> None:
    """Predicts the full batches of a stateful model, and leaves the other samples out."""

    def cut(model: Model, request: Any) -> dict[str, Any]:
        if not model.is_stateful or request.batch_size is None:
            return {}
        return {"x": request.x[: len(request.x) // request.batch_size * request.batch_size]}

    change_request(plant, "predict", cut)


@saboteur("predict.stateful.state-persists")
def starts_every_batch_anew(plant: Plant) -> None:
    """Forgets the state of a stateful model before every batch of `predict`."""
    original = ArrayEngine.predict

    def predict(self: ArrayEngine, batch: Batch) -> Any:
        self._network.reset_states()
        return original(self, batch)

    plant(ArrayEngine, "predict", predict)
