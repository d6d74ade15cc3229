"""Saboteurs of `predict`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.api import calls
from fitspec.reference.data import batch_order
from fitspec.reference.layers.core import Dropout
from fitspec.reference.training import loop

from .changed_requests import change_request
from .planting import saboteur

if TYPE_CHECKING:
    from fitspec.reference.models.model import Model

    from .planting import Plant


@saboteur(
    "predict.returns.numpy-single", also=["predict.returns.dtype", "predict_generator.returns"]
)
def predicts_nested_lists(plant: Plant) -> None:
    """Returns the predictions of one output as lists of numbers."""
    original = calls.predict

    def predict(model: Model, request: Any) -> Any:
        value = original(model, request)
        return value.tolist() if isinstance(value, np.ndarray) else value

    plant(calls, "predict", predict)


@saboteur("predict.returns.numpy-list", also=["predict_generator.returns"])
def stacks_the_predictions_of_several_outputs(plant: Plant) -> None:
    """Returns the predictions of several outputs as one array."""
    original = loop.single_or_list

    def single_or_list(outputs: Any) -> Any:
        one = len(outputs) == 1 or not predicting
        return original(outputs) if one else np.stack(outputs)

    predicting = plant.during(calls, "predict")
    plant(loop, "single_or_list", single_or_list)


@saboteur(
    "predict.order",
    also=[
        "predict.batched",
        "predict.batch_size.default-32",
        "predict.steps.number-of-batches",
    ],
)
def predicts_the_last_batch_first(plant: Plant) -> None:
    """Puts the predictions for later batches before those for earlier ones."""
    original = batch_order.rows_of_batches

    def rows_of_batches(*args: Any) -> Any:
        rows = original(*args)
        return rows[::-1] if predicting else rows

    predicting = plant.during(calls, "predict")
    plant(batch_order, "rows_of_batches", rows_of_batches)


@saboteur("predict.test-mode", also=["predict_on_batch.equals-predict"])
def predicts_in_training_mode(plant: Plant) -> None:
    """Drops inputs while predicting as while training."""
    original = Dropout.call

    def call(self: Dropout, inputs: Any, *, training: bool) -> Any:
        return original(self, inputs, training=training or bool(predicting))

    predicting = plant.during(calls, "predict")
    plant(Dropout, "call", call)


@saboteur("predict.raises.mismatch-ValueError")
def predicts_from_as_many_arrays_as_there_are_inputs(plant: Plant) -> None:
    """Ignores the arrays of a list that are more than the model has inputs."""

    def cut(model: Model, request: Any) -> dict[str, Any]:
        is_list = isinstance(request.x, list)
        return {"x": request.x[: len(model.input_names)]} if is_list else {}

    change_request(plant, "predict", cut)
