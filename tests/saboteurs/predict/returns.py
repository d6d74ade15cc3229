"""Saboteurs of `predict`: what is returned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.api import calls
from fitspec.reference.training import loop

from ..changed_steps import after
from ..planting import saboteur

if TYPE_CHECKING:
    from fitspec.reference.models.model import Model

    from ..planting import Plant


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


@saboteur("predict.returns.dtype")
def predicts_in_64_bit(plant: Plant) -> None:
    """Returns predictions as 64 bit floats."""

    def converted(_: Any, value: Any) -> Any:
        if isinstance(value, list):
            return [one.astype("float64") for one in value]
        return value.astype("float64")

    after(plant, "predict", converted)
