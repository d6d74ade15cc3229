"""Saboteurs of `predict_generator`: what the items of a generator may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.reference.api import calls
from fitspec.reference.data import feeding, sources

from ..direct_calls import called
from ..planting import saboteur

if TYPE_CHECKING:
    from ..planting import Plant


@saboteur("predict_generator.items")
def predicts_dicts_by_position(plant: Plant) -> None:
    """Takes the inputs of a dict that `predict_generator` reads in the dict's own order."""
    original, predicting = feeding.inputs_in, called(plant, "predict_generator")

    def inputs_in(item: object) -> object:
        if predicting() and isinstance(item, dict):
            return list(item.values())
        return original(item)

    plant(feeding, "inputs_in", inputs_in)


@saboteur("predict_generator.items.tuples-ignored-targets")
def predicts_no_tuples_of_three(plant: Plant) -> None:
    """Refuses sample weights in the items that `predict_generator` reads."""
    original, predicting = feeding.inputs_in, called(plant, "predict_generator")

    def inputs_in(item: object) -> object:
        if predicting() and isinstance(item, tuple) and len(item) == 3:
            raise ValueError("predict_generator has no use for sample weights")
        return original(item)

    plant(feeding, "inputs_in", inputs_in)


@saboteur("predict_generator.items.tuples-ignored-targets")
def predicts_no_weights_in_sequences(plant: Plant) -> None:
    """Refuses sample weights in the items of a Sequence that `predict_generator` reads."""
    original, applies = feeding.inputs_in, called(plant, "predict_generator")
    predicting = plant.during(calls, "predict")

    def inputs_in(item: object) -> object:
        of_sequence = applies() and sources.is_sequence(predicting.calls[-1][0][1].x)
        if of_sequence and isinstance(item, tuple) and len(item) == 3:
            raise ValueError("an item has inputs and targets")
        return original(item)

    plant(feeding, "inputs_in", inputs_in)
