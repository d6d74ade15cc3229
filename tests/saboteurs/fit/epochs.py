"""Saboteurs of `fit`: how many epochs are run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.api import arguments
from fitspec.reference.data import batch_order
from fitspec.reference.data.sources import ArrayBatches
from fitspec.reference.models.model import Model
from fitspec.reference.training import loop

from ..beside_arguments import change_batches, is_beside
from ..changed_requests import change_request
from ..on_sequences import OnSequence
from ..planting import saboteur

if TYPE_CHECKING:
    from ..planting import Plant


@saboteur("fit.epochs.default-1")
def trains_two_epochs_when_told_nothing(plant: Plant) -> None:
    """Trains two epochs when nothing but arrays and the size of a batch is given."""
    original = Model.fit

    def fit(self: Model, *args: Any, **kwargs: Any) -> Any:
        if kwargs.keys() == {"batch_size"} and all(isinstance(item, np.ndarray) for item in args):
            kwargs["epochs"] = 2
        return original(self, *args, **kwargs)

    plant(Model, "fit", fit)


@saboteur("fit.epochs.whole-data-once", also=["fit.shuffle.default-true"])
def fills_the_last_batch_with_samples_of_the_first(plant: Plant) -> None:
    """Trains on samples of the first shuffled batch again in place of the last ones."""
    original: Any = batch_order.rows_of_batches

    def rows_of_batches(count: int, batch_size: int, shuffle: Any) -> Any:
        rows = original(count, batch_size, shuffle)
        if shuffle is True and 1 < batch_size < count:
            rows[-1] = rows[0][: len(rows[-1])]
        return rows

    plant(batch_order, "rows_of_batches", rows_of_batches)


@saboteur(
    "fit.epochs.final-epoch",
    also=[
        "fit.epochs.not-greater-than-initial",
        "fit.initial_epoch.hook-index",
        "fit_generator.epochs.final-epoch",
        "fit_generator.initial_epoch",
    ],
)
def trains_epochs_more_epochs(plant: Plant) -> None:
    """Trains `epochs` more epochs instead of up to the epoch of that index."""
    plant(loop, "epoch_range", lambda initial, epochs: range(initial, initial + epochs))


@saboteur("fit.epochs.final-epoch")
def makes_one_update_more_when_resumed(plant: Plant) -> None:
    """Makes one more update after epochs of arrays that began at an `initial_epoch`."""
    original = loop.train

    def train(model: Any, source: Any, validation: Any, epochs: range, callbacks: Any) -> None:
        original(model, source, validation, epochs, callbacks)
        if epochs and epochs.start and isinstance(source, ArrayBatches):
            loop.train_step(model, next(iter(source.epoch())))

    plant(loop, "train", train)


@saboteur("fit.epochs.not-greater-than-initial")
def trains_one_epoch_at_least(plant: Plant) -> None:
    """Trains one epoch when the final epoch is reached already."""
    plant(loop, "epoch_range", lambda initial, epochs: range(initial, max(epochs, initial + 1)))


@saboteur("fit.epochs.number-types")
def takes_a_float_for_a_number_of_epochs(plant: Plant) -> None:
    """Takes a float as a number of epochs."""
    original = arguments.epochs_of

    def epochs_of(epochs: Any, older: Any) -> int:
        return original(int(epochs) if isinstance(epochs, float) else epochs, older)

    plant(arguments, "epochs_of", epochs_of)


@saboteur("fit.epochs.default-1")
def trains_two_epochs_on_a_generator(plant: Plant) -> None:
    """Trains two epochs of two steps when `fit` is given a generator, and no number of them."""
    original = Model.fit

    def fit(self: Model, x: Any = None, *args: Any, **named: Any) -> Any:
        steps = named.get("steps_per_epoch")
        if hasattr(x, "__next__") and steps == 2 and named.keys() == {"steps_per_epoch"}:
            named = {**named, "epochs": 2}
        return original(self, x, *args, **named)

    plant(Model, "fit", fit)


@saboteur("fit.epochs.whole-data-once", also=["fit.batch_size.last-batch-smaller"])
def trains_on_the_first_of_ten_samples_again(plant: Plant) -> None:
    """Trains on the first of ten samples once more, where nothing is shuffled."""
    original, training = ArrayBatches.epoch, plant.during(loop, "train_epoch")

    def epoch(self: ArrayBatches) -> Any:
        yield from original(self)
        if training and self.shuffle is False and self.arrays.count == 10:
            yield self.arrays.batch(slice(0, 1))

    plant(ArrayBatches, "epoch", epoch)


@saboteur("fit.epochs.not-greater-than-initial")
def trains_one_epoch_of_a_sequence_all_the_same(plant: Plant) -> None:
    """Trains one epoch on a Sequence when the final epoch is reached already."""
    original, on_sequence = loop.epoch_range, OnSequence(plant, "fit")

    def epoch_range(initial_epoch: int, epochs: int) -> range:
        return original(initial_epoch, max(epochs, initial_epoch + 1) if on_sequence else epochs)

    plant(loop, "epoch_range", epoch_range)


@saboteur("fit.epochs.whole-data-once", also=["fit.batch_size.last-batch-smaller"])
def trains_twice_on_a_rest_beside_a_split(plant: Plant) -> None:
    """Trains on a last batch that is not full once more where samples are set apart."""
    change_batches(plant, is_beside("validation_split"), lambda rows: [*rows, rows[-1]])


@saboteur("fit.epochs.default-1")
def trains_two_epochs_beside_validation_data(plant: Plant) -> None:
    """Trains two epochs, if nothing is said, where there are data to validate on."""
    original = Model.fit

    def fit(self: Model, *args: Any, **named: Any) -> Any:
        unsaid = len(args) < 4 and named.get("validation_data") is not None
        return original(self, *args, **({"epochs": 2} if unsaid else {}) | named)

    plant(Model, "fit", fit)


@saboteur("fit.epochs.final-epoch", also=["fit.validation_data.pair"])
def adds_an_epoch_when_resumed_beside_validation(plant: Plant) -> None:
    """Trains an epoch more from an initial epoch on where there are data to validate on."""

    def change(_: Model, request: Any) -> dict[str, Any]:
        resumed = request.initial_epoch and request.initial_epoch < request.epochs
        validates = request.validation_data is not None and isinstance(request.x, np.ndarray)
        return {"epochs": request.epochs + 1} if resumed and validates else {}

    change_request(plant, "fit", change)
