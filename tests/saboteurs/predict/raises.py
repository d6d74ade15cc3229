"""Saboteurs of `predict`: what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.data import feeding

from ..changed_requests import change_request
from ..direct_calls import called
from ..planting import saboteur

if TYPE_CHECKING:
    from fitspec.reference.models.model import Model

    from ..planting import Plant


@saboteur("predict.raises.mismatch-ValueError")
def predicts_from_as_many_arrays_as_there_are_inputs(plant: Plant) -> None:
    """Ignores the arrays of a list that are more than the model has inputs."""

    def cut(model: Model, request: Any) -> dict[str, Any]:
        is_list = isinstance(request.x, list)
        return {"x": request.x[: len(model.input_names)]} if is_list else {}

    change_request(plant, "predict", cut)


@saboteur("predict.raises.stateful-not-multiple")
def leaves_samples_out_that_fill_no_batch(plant: Plant) -> None:
    """Predicts the full batches of a stateful model, and leaves the other samples out."""

    def cut(model: Model, request: Any) -> dict[str, Any]:
        if not model.is_stateful or request.batch_size is None:
            return {}
        return {"x": request.x[: len(request.x) // request.batch_size * request.batch_size]}

    change_request(plant, "predict", cut)


@saboteur("predict.raises.mismatch-ValueError")
def predicts_the_first_feature_of_items(plant: Plant) -> None:
    """Takes the first features of an item that has more than the model takes."""
    original, predicting = feeding.inputs_in, called(plant, "predict")

    def inputs_in(item: object) -> object:
        inputs = original(item)
        wide = predicting() and getattr(inputs, "shape", ())[1:] == (2,)
        return inputs[:, :1] if wide else inputs  # type: ignore[index]  # an array

    plant(feeding, "inputs_in", inputs_in)
