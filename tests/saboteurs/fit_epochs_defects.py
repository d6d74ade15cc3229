"""Saboteurs of `fit`: batches and epochs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.api import arguments, calls
from fitspec.reference.callbacks import CallbackList
from fitspec.reference.data import batch_order
from fitspec.reference.models.model import Model
from fitspec.reference.training import loop

from .planting import saboteur

if TYPE_CHECKING:
    from .planting import Plant


@saboteur(
    "fit.batch_size.default-32",
    also=[
        "fit_generator.validation_data.tuple-batch-size",
    ],
)
def makes_batches_of_64_by_default(plant: Plant) -> None:
    """Trains on 64 samples at a time when no batch size is given."""
    original = arguments.batch_size_of

    def batch_size_of(value: object) -> int:
        return 64 if value is None and fitting_now else original(value)

    fitting_now = plant.during(calls, "fit")
    plant(arguments, "batch_size_of", batch_size_of)


@saboteur(
    "fit.batch_size.one-update-per-batch",
    also=[
        "fit.returns.train-loss-is-running",
        "train_on_batch.equals-fit-step",
        "fit.steps_per_epoch.default-covers-data",
        "fit.returns.metrics-over-epoch",
    ],
)
def joins_batches_that_nobody_watches(plant: Plant) -> None:
    """Makes one update for all samples when no callback would see the batches."""
    original: Any = calls.array_training_source

    def array_training_source(model: Any, request: Any) -> Any:
        source, tail = original(model, request)
        if not request.callbacks and request.steps_per_epoch is None:
            source = replace(source, batch_size=source.arrays.count)
        return source, tail

    plant(calls, "array_training_source", array_training_source)


@saboteur(
    "fit.batch_size.last-batch-smaller",
    also=["fit.steps_per_epoch.default-covers-data", "fit.callbacks.batch-logs-size"],
)
def joins_a_single_sample_left_over_to_the_batch_before(plant: Plant) -> None:
    """Makes no batch of a single shuffled sample, but the batch before it larger."""
    original: Any = batch_order.rows_of_batches

    def rows_of_batches(count: int, batch_size: int, shuffle: Any) -> Any:
        rows = original(count, batch_size, shuffle)
        if shuffle is True and batch_size > 1 and len(rows) > 1 and count % batch_size == 1:
            rows[-2:] = [np.concatenate(rows[-2:])]
        return rows

    plant(batch_order, "rows_of_batches", rows_of_batches)


@saboteur("fit.batch_size.larger-than-n")
def halves_a_batch_size_until_it_fits(plant: Plant) -> None:
    """Trains in batches of 3 when 5 samples shall make a batch of 100."""
    original: Any = calls.array_training_source

    def array_training_source(model: Any, request: Any) -> Any:
        source, tail = original(model, request)
        while request.batch_size and source.batch_size > source.arrays.count:
            source = replace(source, batch_size=source.batch_size // 2)
        return source, tail

    plant(calls, "array_training_source", array_training_source)


@saboteur(
    "fit.epochs.default-1",
    also=["compile.recompile.optimizer-state"],
)
def trains_two_epochs_when_told_nothing(plant: Plant) -> None:
    """Trains two epochs when nothing but arrays of inputs and targets is given."""
    original = Model.fit

    def fit(self: Model, *args: Any, **kwargs: Any) -> Any:
        if kwargs.keys() <= {"verbose"} and all(isinstance(item, np.ndarray) for item in args):
            kwargs["epochs"] = 2
        return original(self, *args, **kwargs)

    plant(Model, "fit", fit)


@saboteur("fit.epochs.whole-data-once")
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


@saboteur("fit.epochs.not-greater-than-initial")
def trains_one_epoch_at_least(plant: Plant) -> None:
    """Trains one epoch when the final epoch is reached already."""
    plant(loop, "epoch_range", lambda initial, epochs: range(initial, max(epochs, initial + 1)))


@saboteur(
    "fit.initial_epoch.default-0",
    also=[
        "fit.initial_epoch.hook-index",
        "fit.callbacks.stop-in-epoch",
        "fit.verbose.1-header",
        "fit_generator.epochs.final-epoch",
        "fit_generator.initial_epoch",
        "fit_generator.validation_freq",
    ],
)
def begins_epochs_by_their_number(plant: Plant) -> None:
    """Tells callbacks the number of an epoch that begins, from 1, instead of its index."""
    original = CallbackList.begin_epoch
    plant(CallbackList, "begin_epoch", lambda self, epoch: original(self, epoch + 1))


@saboteur(
    "fit.initial_epoch.hook-index",
    also=[
        "fit_generator.epochs.final-epoch",
        "fit_generator.initial_epoch",
    ],
)
def counts_epochs_of_this_call(plant: Plant) -> None:
    """Tells callbacks the index of an epoch that begins among those of this `fit`."""
    original = CallbackList.begin_epoch

    def begin_epoch(self: Any, epoch: int) -> None:
        first = self.__dict__.setdefault("first_epoch", epoch)
        original(self, epoch - first)

    plant(CallbackList, "begin_epoch", begin_epoch)


def forget_momentum(optimizer: Any) -> None:
    """Set to zero what an optimizer remembers of earlier updates."""
    for remembered in vars(optimizer)["_memory"].values():
        for array in remembered:
            array[...] = 0


@saboteur(
    "fit.initial_epoch.resume-equivalence",
    also=["compile.recompile.optimizer-state", "fit.again.continues"],
)
def forgets_momentum_between_calls(plant: Plant) -> None:
    """Starts every `fit` without the velocity that the optimizer has gained."""
    original = loop.train

    def train(model: Any, *args: Any) -> None:
        forget_momentum(model.optimizer)
        original(model, *args)

    plant(loop, "train", train)
