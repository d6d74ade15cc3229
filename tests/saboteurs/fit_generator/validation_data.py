"""Saboteurs of `fit_generator`: the data that it validates on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fitspec.reference.api import calls
from fitspec.reference.data import sources
from fitspec.reference.data.sources import ArrayBatches, IteratorBatches
from fitspec.reference.models.model import Model
from fitspec.reference.training import loop

from ..on_sequences import drop_weights_of_items
from ..planting import saboteur

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from fitspec.reference.data.batches import Batch

    from ..planting import Plant


def change_validation_arrays(plant: Plant, change: Callable[[ArrayBatches], ArrayBatches]) -> None:
    """Have `fit_generator` run through validation arrays in another way."""
    original = calls.validation_source
    now = plant.during(Model, "fit_generator")

    def validation_source(model: Model, request: Any, tail: Any) -> Any:
        source = original(model, request, tail)
        return change(source) if now and isinstance(source, ArrayBatches) else source

    plant(calls, "validation_source", validation_source)


@saboteur(
    "fit_generator.validation_data.generator",
    also=["fit_generator.validation_steps.required-for-generator"],
)
def loses_an_item_between_two_validations(plant: Plant) -> None:
    """Draws one item more from a validation generator than it validates on."""
    original = IteratorBatches.epoch
    now, validating = plant.during(Model, "fit_generator"), plant.during(loop, "validate")

    def epoch(self: Any) -> Generator[Batch]:
        yield from original(self)
        if now and validating:
            next(self._items)

    plant(IteratorBatches, "epoch", epoch)


@saboteur("fit_generator.validation_data.loss-of-batches")
def keeps_the_loss_of_the_last_validation_item(plant: Plant) -> None:
    """Reports the loss of the last item of a validation generator as that of all."""
    original = loop.means
    now, validating = plant.during(Model, "fit_generator"), plant.during(loop, "validate")

    def means(losses: Any, sizes: Any) -> list[float]:
        if now and validating:
            ((_, validation, *_), _) = validating.calls[-1]
            if isinstance(validation.source, IteratorBatches):
                return list(losses[-1])
        return original(losses, sizes)

    plant(loop, "means", means)


@saboteur("fit_generator.validation_data.sequence")
def shuffles_a_validation_sequence(plant: Plant) -> None:
    """Reads a validation Sequence in a new order each time."""
    original = sources.order_of_batches
    now, validating = plant.during(Model, "fit_generator"), plant.during(loop, "validate")

    def order_of_batches(length: int, *, shuffle: bool) -> list[int]:
        return original(length, shuffle=shuffle or bool(now and validating))

    plant(sources, "order_of_batches", order_of_batches)


@saboteur("fit_generator.validation_data.tuple")
def passes_over_the_weights_of_validation_arrays(plant: Plant) -> None:
    """Validates beside a generator without the weights in the validation data."""
    original = calls.validation_arrays
    now = plant.during(Model, "fit_generator")

    def validation_arrays(given: object) -> Any:
        x, y, weights = original(given)
        return x, y, None if now else weights

    plant(calls, "validation_arrays", validation_arrays)


@saboteur("fit_generator.validation_data.tuple-batch-size")
def validates_on_all_samples_at_once(plant: Plant) -> None:
    """Makes one batch of all validation samples beside a generator."""
    change_validation_arrays(plant, lambda source: replace(source, batch_size=source.arrays.count))


@saboteur("fit_generator.validation_data.bad-tuple")
def drops_what_is_too_much_of_validation_data(plant: Plant) -> None:
    """Takes the first three of more elements of validation data."""
    original = calls.validation_arrays
    now = plant.during(Model, "fit_generator")

    def validation_arrays(given: Any) -> Any:
        return original(given[:3] if now and isinstance(given, tuple) else given)

    plant(calls, "validation_arrays", validation_arrays)


@saboteur(
    "fit_generator.validation_data.not-trained",
    also=["fit_generator.initial_epoch", "fit_generator.validation_freq"],
)
def trains_on_validation_arrays(plant: Plant) -> None:
    """Makes an update for each batch of validation arrays, beside a generator."""
    original = loop.validate
    now = plant.during(Model, "fit_generator")

    def validate(model: Model, validation: Any, *args: Any) -> dict[str, float]:
        results = original(model, validation, *args)
        if now and isinstance(validation.source, ArrayBatches):
            for batch in validation.source.epoch():
                loop.train_step(model, batch)
        return results

    plant(loop, "validate", validate)


@saboteur("fit_generator.validation_data.generator")
def drops_the_weights_of_items_to_validate_on(plant: Plant) -> None:
    """Ignores in `fit_generator` the weights in items of a generator to validate on."""
    fitting, validating = plant.during(Model, "fit_generator"), plant.during(loop, "validate")
    drop_weights_of_items(plant, lambda: fitting and validating)
