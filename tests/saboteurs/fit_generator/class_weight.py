"""Saboteurs of `fit_generator`: class weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.api import calls
from fitspec.reference.data import feeding
from fitspec.reference.models.model import Model

from ..planting import saboteur

if TYPE_CHECKING:
    from ..planting import Plant


@saboteur("fit_generator.class_weight")
def weights_classes_in_validation_too(plant: Plant) -> None:
    """Multiplies the losses of a validation generator by the class weights."""
    original = calls.reader
    now = plant.during(Model, "fit_generator")
    of_validation = plant.during(calls, "validation_source")

    def reader(model: Model, class_weight: object) -> Any:
        if now and of_validation:
            ((_, request, _), _) = of_validation.calls[-1]
            return original(model, request.class_weight)
        return original(model, class_weight)

    plant(calls, "reader", reader)


@saboteur("fit_generator.class_weight.with-item-weights")
def drops_class_weights_beside_the_weights_of_an_item(plant: Plant) -> None:
    """Ignores the class weights for an item that has weights of its own."""
    original = feeding.training_batch
    now = plant.during(Model, "fit_generator")

    def training_batch(feed_for: Any, each: Any, item: Any) -> Any:
        _, _, weights = feeding.parts_of(item)
        ignored = now and weights is not None
        return original(feed_for, [None] * len(each) if ignored else each, item)

    plant(feeding, "training_batch", training_batch)
