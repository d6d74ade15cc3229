"""Saboteurs of `fit_generator`: the call itself, and arguments with a single clause."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

from fitspec.reference.callbacks import History, progress
from fitspec.reference.data import columns
from fitspec.reference.data.sources import IteratorBatches
from fitspec.reference.models.model import Model
from fitspec.reference.training import loop

from ..changed_requests import change_in_fit_generator
from ..on_sequences import OnSequence
from ..planting import saboteur

if TYPE_CHECKING:
    from collections.abc import Generator

    from fitspec.reference.data.batches import Batch

    from ..planting import Plant


@saboteur("fit_generator.signature.defaults")
def prints_a_line_an_epoch_by_default(plant: Plant) -> None:
    """Has 2 for the default of `verbose`."""
    plant.default(Model, "fit_generator", "verbose", 2)


@saboteur(
    "fit_generator.epoch-ends-after-steps",
    also=[
        "fit_generator.shuffle.ignored-for-generators",
        "fit_generator.generator.continues-across-epochs",
        "fit_generator.steps_per_epoch.fractional",
        "fit_generator.example.file-reader",
        "fit_generator.verbose.levels",
    ],
)
def counts_what_was_drawn_ahead_into_the_next_epoch(plant: Plant) -> None:
    """Ends each epoch but the first of three or more steps one step early."""
    original = IteratorBatches.epoch
    now, in_training = plant.during(Model, "fit_generator"), plant.during(loop, "train_epoch")

    def epoch(self: Any) -> Generator[Batch]:
        steps = self.steps
        if now and in_training and steps > 2 and self.__dict__.setdefault("epochs", 0):
            steps -= 1
        self.__dict__["epochs"] = 1
        for index, batch in enumerate(original(self)):
            if index == steps:
                return
            yield batch

    plant(IteratorBatches, "epoch", epoch)


@saboteur(
    "fit_generator.epoch-ends-after-steps",
    also=["fit_generator.steps_per_epoch.fractional"],
)
def makes_an_update_more_than_it_tells(plant: Plant) -> None:
    """Trains once more on the last of three single samples of a generator, without a hook."""
    original, step = loop.train_epoch, loop.train_step
    now = plant.during(Model, "fit_generator")
    last: list[Batch] = []

    def train_step(model: Model, batch: Batch) -> list[Any]:
        last[:] = [batch]
        return step(model, batch)

    def train_epoch(model: Model, source: Any, callbacks: Any) -> dict[str, float]:
        logs = original(model, source, callbacks)
        if now and isinstance(source, IteratorBatches) and source.steps == 3 and last[0].size == 1:
            step(model, last[0])
        return logs

    plant(loop, "train_step", train_step)
    plant(loop, "train_epoch", train_epoch)


@saboteur("fit_generator.epochs.final-epoch", also=["fit_generator.initial_epoch"])
def runs_epochs_more_epochs_of_a_generator(plant: Plant) -> None:
    """Trains `epochs` more epochs instead of up to the epoch of that index."""

    def more(request: Any) -> dict[str, Any]:
        return {"epochs": request.initial_epoch + request.epochs}

    change_in_fit_generator(plant, "fit", more)


@saboteur("fit_generator.verbose.levels")
def draws_a_bar_at_every_level(plant: Plant) -> None:
    """Draws a progress bar where a line for each epoch is asked for."""
    change_in_fit_generator(
        plant, "fit", lambda request: {"verbose": 1} if request.verbose == 2 else {}
    )


@saboteur("fit_generator.validation_freq")
def counts_the_epochs_to_validate_after_from_0(plant: Plant) -> None:
    """Takes the numbers in a container for indices of epochs."""
    original = loop.is_validation_due
    now = plant.during(Model, "fit_generator")

    def is_validation_due(epoch: int, frequency: Any) -> bool:
        if now and not isinstance(frequency, int):
            return epoch in frequency
        return original(epoch, frequency)

    plant(loop, "is_validation_due", is_validation_due)


@saboteur("fit_generator.validation_freq")
def validates_on_arrays_after_every_epoch(plant: Plant) -> None:
    """Ignores `validation_freq` of `fit_generator` where the validation data are arrays."""

    def every(request: Any) -> dict[str, Any]:
        return {"validation_freq": 1} if isinstance(request.validation_data, tuple) else {}

    change_in_fit_generator(plant, "validation_of", every)


@saboteur("fit_generator.initial_epoch", also=["fit_generator.epochs.final-epoch"])
def counts_the_epochs_of_a_generator_anew(plant: Plant) -> None:
    """Runs the epochs from `initial_epoch` on as if they were the first ones."""

    def anew(request: Any) -> dict[str, Any]:
        return {"epochs": request.epochs - request.initial_epoch, "initial_epoch": 0}

    change_in_fit_generator(plant, "fit", anew)


@saboteur("fit_generator.returns.history")
def keeps_only_losses_of_training(plant: Plant) -> None:
    """Leaves the training values of metrics out of the History."""
    original = History.on_epoch_end
    now = plant.during(Model, "fit_generator")

    def on_epoch_end(self: History, epoch: int, logs: Any) -> None:
        kept = {key: logs[key] for key in logs if "loss" in key or key.startswith("val_")}
        original(self, epoch, kept if now else logs)

    plant(History, "on_epoch_end", on_epoch_end)


@saboteur("fit_generator.example.file-reader")
def takes_numbered_names_for_one(plant: Plant) -> None:
    """Takes names that differ in a number after an underscore for the same one."""
    original = columns.columns

    def changed_columns(value: Any, ports: Any, what: str) -> Any:
        if isinstance(value, dict):
            stems = [re.sub(r"_\d+$", "", name) for name in value]
            arrays = list(value.values())
            value = {
                name: arrays[stems.index(stem)] for name, stem in zip(value, stems, strict=True)
            }
        return original(value, ports, what)

    plant(columns, "columns", changed_columns)


@saboteur("fit_generator.epochs.final-epoch", also=["fit_generator.initial_epoch"])
def trains_as_many_epochs_of_a_sequence_as_epochs_says(plant: Plant) -> None:
    """Trains `epochs` more epochs of a Sequence, whatever the first one is."""
    original, on_sequence = loop.epoch_range, OnSequence(plant, "fit_generator")

    def epoch_range(initial_epoch: int, epochs: int) -> range:
        more = initial_epoch if on_sequence else 0
        return original(initial_epoch, epochs + more)

    plant(loop, "epoch_range", epoch_range)


@saboteur("fit_generator.initial_epoch", also=["fit_generator.epochs.final-epoch"])
def begins_a_sequence_with_the_first_epoch(plant: Plant) -> None:
    """Takes no notice of `initial_epoch` where it reads a Sequence."""
    original, on_sequence = loop.epoch_range, OnSequence(plant, "fit_generator")

    def epoch_range(initial_epoch: int, epochs: int) -> range:
        return original(0 if on_sequence else initial_epoch, epochs)

    plant(loop, "epoch_range", epoch_range)


@saboteur("fit_generator.verbose.levels")
def draws_a_bar_for_a_sequence_where_lines_are_due(plant: Plant) -> None:
    """Draws a bar of a Sequence where `fit_generator` is asked for lines."""
    original, on_sequence = progress.callback, OnSequence(plant, "fit_generator")

    def callback(verbose: int, *args: Any) -> Any:
        return original(1 if on_sequence and verbose == 2 else verbose, *args)

    plant(progress, "callback", callback)


@saboteur("fit_generator.returns.history")
def records_no_validation_of_a_sequence(plant: Plant) -> None:
    """Leaves validation out of the results where `fit_generator` reads a Sequence."""
    original, on_sequence = loop.validate, OnSequence(plant, "fit_generator")

    def validate(*args: Any) -> dict[str, float]:
        found = original(*args)
        return {} if on_sequence else found

    plant(loop, "validate", validate)


@saboteur("fit_generator.verbose.levels")
def prints_a_line_for_a_validation(plant: Plant) -> None:
    """Prints a line for each validation on arrays, whatever the level."""
    original, now = loop.validate, plant.during(Model, "fit_generator")

    def validate(*args: Any) -> Any:
        found = original(*args)
        if now and now.calls[-1][1].get("verbose") in (0, 2):
            sys.stdout.write(f"validated: val_loss: {found.get('val_loss')}, loss: 12.2500\n")
        return found

    plant(loop, "validate", validate)


@saboteur("fit_generator.initial_epoch")
def begins_anew_beside_validation_data(plant: Plant) -> None:
    """Ignores `initial_epoch` where there are arrays to validate on."""

    def change(request: Any) -> dict[str, Any]:
        return {"initial_epoch": 0} if isinstance(request.validation_data, tuple) else {}

    change_in_fit_generator(plant, "fit", change)


@saboteur("fit_generator.epochs.final-epoch")
def trains_an_epoch_where_none_is_left(plant: Plant) -> None:
    """Trains one epoch in `fit_generator` where the final one has been reached."""
    original, now = loop.epoch_range, plant.during(Model, "fit_generator")

    def epoch_range(initial_epoch: int, epochs: int) -> range:
        return original(initial_epoch, max(epochs, initial_epoch + 1) if now else epochs)

    plant(loop, "epoch_range", epoch_range)
