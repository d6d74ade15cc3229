"""Saboteurs of `predict`: the forms of the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.data import feeding

from ..changed_requests import change_request
from ..changed_streams import given_a
from ..dicts_by_alphabet import take_dicts_by_alphabet
from ..direct_calls import called
from ..flat_vectors import refuse_vectors
from ..later_batches import reverse_three
from ..planting import saboteur

if TYPE_CHECKING:
    from fitspec.reference.models.model import Model

    from ..planting import Plant


@saboteur("predict.x.list-and-dict")
def predicts_the_inputs_of_a_dict_by_position(plant: Plant) -> None:
    """Takes the inputs of a dict in its own order."""

    def listed(_model: Model, request: Any) -> dict[str, Any]:
        return {"x": list(request.x.values())} if isinstance(request.x, dict) else {}

    change_request(plant, "predict", listed)


@saboteur("predict.x.list-and-dict")
def predicts_dicts_by_the_alphabet(plant: Plant) -> None:
    """Takes the inputs of a dict by position, in the order of the alphabet."""

    def listed(_model: Model, request: Any) -> dict[str, Any]:
        x = request.x
        return {"x": [x[name] for name in sorted(x)]} if isinstance(x, dict) else {}

    change_request(plant, "predict", listed)


@saboteur("predict.x.generator-or-sequence")
def predicts_no_items_with_weights(plant: Plant) -> None:
    """Refuses sample weights in the items that `predict` reads."""
    original, predicting = feeding.inputs_in, called(plant, "predict")

    def inputs_in(item: object) -> object:
        if predicting() and isinstance(item, tuple) and len(item) == 3:
            raise ValueError("predict has no use for sample weights")
        return original(item)

    plant(feeding, "inputs_in", inputs_in)


@saboteur("predict.x.none-with-tensors")
def predicts_tensors_once(plant: Plant) -> None:
    """Returns the predictions for tensors once, however many steps there are."""

    def once(_model: Model, request: Any) -> dict[str, Any]:
        return {"steps": 1} if request.x is None and request.steps else {}

    change_request(plant, "predict", once)


@saboteur("predict.x.generator-or-sequence", also=["predict_generator.items"])
def takes_dicts_in_items_by_position(plant: Plant) -> None:
    """Takes the arrays of a dict in an item in its own order."""
    original = feeding.inputs_in

    def inputs_in(item: object) -> object:
        found = original(item)
        return list(found.values()) if isinstance(found, dict) else found

    plant(feeding, "inputs_in", inputs_in)


@saboteur("predict.x.list-and-dict", also=["predict.returns.numpy-list"])
def reverses_three_inputs_in_later_batches_of_predict(plant: Plant) -> None:
    """Feeds three inputs of a list in reverse from the second batch on."""
    reverse_three(plant, "predict", "inputs", list, "x")


@saboteur("predict.x.list-and-dict")
def predicts_no_vector(plant: Plant) -> None:
    """Refuses in `predict` the vectors of inputs that `fit` takes."""
    refuse_vectors(plant, "predict", "x")


@saboteur("predict.x.generator-or-sequence")
def exchanges_two_inputs_beside_targets(plant: Plant) -> None:
    """Takes two inputs in a list in reverse where targets come with them."""
    original = feeding.inputs_in

    def inputs_in(item: object) -> object:
        inputs = original(item)
        two = isinstance(item, tuple) and isinstance(inputs, list) and len(inputs) == 2
        return inputs[::-1] if two else inputs  # type: ignore[index]  # a list, if two

    plant(feeding, "inputs_in", inputs_in)


@saboteur("predict.x.generator-or-sequence")
def predicts_dicts_of_a_generator_by_alphabet(plant: Plant) -> None:
    """Takes the dicts in the items of a generator by position, in the order of the alphabet."""
    take_dicts_by_alphabet(plant, given_a(plant, "predict", "generator"))
