"""Saboteurs of `fit_generator`: class weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.api import calls
from fitspec.reference.data import feeding, sample_weights, sources
from fitspec.reference.models.model import Model
from fitspec.reference.training import loop

from ..changed_requests import change_in_fit_generator
from ..direct_calls import called
from ..on_sequences import OnSequence
from ..planting import saboteur
from ..unweighted_updates import update_without_weights

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


@saboteur("fit_generator.class_weight", also=["fit_generator.class_weight.with-item-weights"])
def reports_class_weights_of_items_without_training_by_them(plant: Plant) -> None:
    """Applies class weights to the loss that `fit_generator` reports, and not to its updates."""
    update_without_weights(plant, "class_weight", "fit_generator")


@saboteur("fit_generator.class_weight", also=["fit_generator.class_weight.with-item-weights"])
def weights_the_classes_of_the_first_item_alone(plant: Plant) -> None:
    """Applies class weights to the first item of a call, and to no other."""
    original = feeding.training_batch
    now = plant.during(Model, "fit_generator")
    seen: list[Any] = []

    def training_batch(feed_for: Any, each: Any, item: Any) -> Any:
        later = now and any(each is other for other in seen)
        seen.append(each)
        return original(feed_for, [None] * len(each) if later else each, item)

    plant(feeding, "training_batch", training_batch)


@saboteur("fit_generator.class_weight", also=["fit_generator.class_weight.with-item-weights"])
def cuts_class_weights_of_items_to_whole_numbers(plant: Plant) -> None:
    """Takes what is whole in each class weight that `fit_generator` is given."""
    original = sample_weights.of_classes
    now = plant.during(Model, "fit_generator")

    def of_classes(targets: Any, factors: Any) -> Any:
        whole = {label: int(factor) for label, factor in factors.items()}
        return original(targets, whole if now else factors)

    plant(sample_weights, "of_classes", of_classes)


@saboteur("fit_generator.class_weight", also=["fit_generator.class_weight.with-item-weights"])
def weights_no_classes_of_a_sequence(plant: Plant) -> None:
    """Ignores class weights where `fit_generator` reads a Sequence."""
    change_in_fit_generator(
        plant,
        "training_source",
        lambda request: {"class_weight": None} if sources.is_sequence(request.x) else {},
    )


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


@saboteur("fit_generator.class_weight.with-item-weights")
def weights_items_of_a_sequence_by_their_weights_alone(plant: Plant) -> None:
    """Takes no notice of class weights where the items of a Sequence have weights."""
    original, on_sequence = sample_weights.combined, OnSequence(plant, "fit_generator")

    def combined(by_sample: Any, by_class: Any) -> Any:
        alone = on_sequence and by_sample is not None
        return by_sample if alone else original(by_sample, by_class)

    plant(sample_weights, "combined", combined)


@saboteur("fit_generator.class_weight", also=("fit_generator.class_weight.with-item-weights",))
def weights_classes_in_the_first_epoch_alone(plant: Plant) -> None:
    """Ignores class weights in all epochs but the first."""
    epoch, original = loop.train_epoch, feeding.class_weighted
    fits, now = plant.during(calls, "fit"), called(plant, "fit_generator")

    def train_epoch(*args: Any) -> dict[str, float]:
        request = fits.calls[-1][0][1]
        request.begun = vars(request).get("begun", 0) + 1
        return epoch(*args)

    def class_weighted(samples: Any, each: Any) -> Any:
        later = now() and vars(fits.calls[-1][0][1]).get("begun", 0) > 1
        return samples if later else original(samples, each)

    plant(loop, "train_epoch", train_epoch)
    plant(feeding, "class_weighted", class_weighted)
