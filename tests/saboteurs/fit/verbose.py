"""Saboteurs of `fit`: what is printed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.api import arguments, calls
from fitspec.reference.callbacks import Callback, progress
from fitspec.reference.callbacks.progress import Bar, EpochLines, TrainingBar
from fitspec.reference.data.sources import SequenceBatches, is_sequence, yields_batches
from fitspec.reference.models.model import Model
from fitspec.reference.training import loop

from ..changed_requests import change_request
from ..changed_streams import validates_on_a_stream
from ..later_calls import keep_of_the_first_call
from ..on_sequences import OnSequence
from ..planting import saboteur

if TYPE_CHECKING:
    from ..planting import Plant


@saboteur(
    "fit.verbose.0-silent",
    also=[
        "fit_generator.verbose.levels",
    ],
)
def ends_silent_training_with_an_empty_line(plant: Plant) -> None:
    """Ends the line of a progress bar that was never drawn."""
    original = progress.callback

    class EndOfLine(Callback):
        def on_train_end(self, logs: Any) -> None:
            del logs
            sys.stdout.write("\n")

    def callback(verbose: int, *bar: Any) -> list[Callback]:
        return original(verbose, *bar) or [EndOfLine()]

    plant(progress, "callback", callback)


@saboteur(
    "fit.verbose.1-progress-bar",
    also=[
        "fit.verbose.default",
        "fit_generator.verbose.levels",
    ],
)
def counts_without_a_bar(plant: Plant) -> None:
    """Draws the count and leaves the bar empty."""
    original = Bar.filling
    fitting_now = plant.during(calls, "fit")
    plant(Bar, "filling", lambda self: "" if fitting_now else original(self))


@saboteur("fit.verbose.0-silent", also=["fit_generator.verbose.levels"])
def is_silent_about_arrays_alone(plant: Plant) -> None:
    """Prints an empty line after `fit` on a Sequence, however silent it was to be."""
    original = Model.fit

    def fit(self: Model, x: Any = None, *args: Any, **named: Any) -> Any:
        history = original(self, x, *args, **named)
        if is_sequence(x):
            sys.stdout.write("\n")
        return history

    plant(Model, "fit", fit)


@saboteur(
    "fit.verbose.1-progress-bar", also=["fit.verbose.default", "fit_generator.verbose.levels"]
)
def draws_the_end_of_the_bar_alone(plant: Plant) -> None:
    """Draws the bar of an epoch of `fit` when it is full, and not before."""
    original = Bar.advance
    fitting_now = plant.during(calls, "fit")

    def advance(self: Bar, amount: int, logs: Any) -> None:
        if fitting_now and self.target is not None and self.count + amount < self.target:
            self.count += amount
        else:
            original(self, amount, logs)

    plant(Bar, "advance", advance)


@saboteur(
    "fit.verbose.2-one-line-per-epoch",
    also=[
        "fit_generator.verbose.levels",
    ],
)
def prints_one_line_per_batch(plant: Plant) -> None:
    """Prints a line with the loss for each batch as well."""

    def on_train_batch_end(_: Any, batch: int, logs: Any) -> None:
        sys.stdout.write(f"batch {batch}{progress.written(logs)}\n")

    plant(EpochLines, "on_train_batch_end", on_train_batch_end)


@saboteur("fit.verbose.metrics-shown")
def leaves_validation_out_of_the_line(plant: Plant) -> None:
    """Prints the results of training alone in the line of an epoch."""
    original = EpochLines.on_epoch_end

    def on_epoch_end(self: EpochLines, epoch: int, logs: Any) -> None:
        shown = {name: value for name, value in logs.items() if not name.startswith("val_")}
        original(self, epoch, shown)

    plant(EpochLines, "on_epoch_end", on_epoch_end)


@saboteur("fit.verbose.metrics-shown")
def shows_the_last_batch_in_the_line(plant: Plant) -> None:
    """Prints, in the line of an epoch, the results of its last batch in place of its own."""
    original = EpochLines.on_epoch_end

    def on_train_batch_end(self: Any, batch: int, logs: Any) -> None:
        del batch
        self.latest = {name: logs[name] for name in logs if name not in ("batch", "size")}

    def on_epoch_end(self: Any, epoch: int, logs: Any) -> None:
        original(self, epoch, {**logs, **self.latest})

    plant(EpochLines, "on_train_batch_end", on_train_batch_end)
    plant(EpochLines, "on_epoch_end", on_epoch_end)


@saboteur("fit.verbose.default")
def is_silent_unless_asked(plant: Plant) -> None:
    """Prints nothing when `verbose` is left out."""
    original = Model.fit

    def fit(self: Model, *args: Any, **kwargs: Any) -> Any:
        return original(self, *args, **{"verbose": 0, **kwargs})

    plant(Model, "fit", fit)


@saboteur("fit.verbose.1-counts")
def counts_batches_in_the_bar(plant: Plant) -> None:
    """Counts batches in the bar of training."""

    def unit_of(params: Any) -> tuple[int | None, bool]:
        return params.get("steps"), False

    plant(progress, "unit_of", unit_of)


@saboteur(
    "fit.verbose.1-header",
    also=[
        "fit.validation_steps.iterable",
        "fit.validation_data.dataset-or-iterator",
    ],
)
def says_how_many_samples_there_are(plant: Plant) -> None:
    """Prints the numbers of samples before a bar."""
    fits = plant.during(calls, "fit")

    def on_train_begin(self: Any, logs: Any) -> None:
        del self, logs
        request = fits.calls[-1][0][1]
        if request.validation_data is not None and isinstance(request.x, np.ndarray):
            samples, others = len(request.x), len(request.validation_data[0])
            sys.stdout.write(f"Train on {samples} samples, validate on {others}\n")

    plant(TrainingBar, "on_train_begin", on_train_begin)


@saboteur("fit.verbose.1-results")
def shows_the_latest_batch_beside_the_bar(plant: Plant) -> None:
    """Shows the results of the latest batch beside the bar."""

    def so_far(averages: Any, logs: Any, *others: Any) -> Any:
        del averages, others
        return {name: value for name, value in logs.items() if name not in ("batch", "size")}

    plant(progress, "so_far", so_far)


@saboteur("fit.verbose.other-values")
def takes_any_verbose(plant: Plant) -> None:
    """Prints a progress bar for every `verbose` that it does not know."""
    original = arguments.verbosity

    def verbosity(value: object) -> int:
        return original(value if isinstance(value, int) and value in range(3) else 1)

    plant(arguments, "verbosity", verbosity)


@saboteur("fit.verbose.1-progress-bar")
def draws_no_bar_of_streams(plant: Plant) -> None:
    """Prints nothing about a stream with `verbose=1`, but by default."""
    original = Model.fit

    def fit(self: Model, x: Any = None, *args: Any, **kwargs: Any) -> Any:
        if yields_batches(x) and kwargs.get("verbose") == 1:
            kwargs["verbose"] = 0
        return original(self, x, *args, **kwargs)

    plant(Model, "fit", fit)


@saboteur("fit.verbose.default")
def is_silent_about_streams(plant: Plant) -> None:
    """Prints nothing about a stream unless told to."""
    original = Model.fit

    def fit(self: Model, x: Any = None, *args: Any, **kwargs: Any) -> Any:
        if yields_batches(x):
            kwargs = {"verbose": 0, **kwargs}
        return original(self, x, *args, **kwargs)

    plant(Model, "fit", fit)


@saboteur("fit.verbose.metrics-shown")
def shows_the_first_epoch_again(plant: Plant) -> None:
    """Shows the results of the first epoch in the lines of all."""
    original = progress.EpochLines.on_epoch_end

    def on_epoch_end(self: progress.EpochLines, epoch: int, logs: Any) -> None:
        original(self, epoch, vars(self).setdefault("first_logs", dict(logs)))

    plant(progress.EpochLines, "on_epoch_end", on_epoch_end)


@saboteur("fit.verbose.2-one-line-per-epoch", also=["fit.verbose.metrics-shown"])
def prints_a_line_for_the_validation(plant: Plant) -> None:
    """Prints what validation comes to on a line of its own."""
    original = EpochLines.on_epoch_end

    def on_epoch_end(self: EpochLines, epoch: int, logs: Any) -> None:
        validated = {name for name in logs if name.startswith("val_")}
        original(self, epoch, {name: logs[name] for name in logs if name not in validated})
        if validated:
            original(self, epoch, {name: logs[name] for name in logs if name in validated})

    plant(EpochLines, "on_epoch_end", on_epoch_end)


@saboteur("fit.verbose.2-one-line-per-epoch")
def draws_a_bar_for_a_sequence_at_level_2(plant: Plant) -> None:
    """Draws a bar of a Sequence where lines are asked for."""
    original, on_sequence = progress.callback, OnSequence(plant, "fit")

    def callback(verbose: int, *args: Any) -> Any:
        return original(1 if on_sequence and verbose == 2 else verbose, *args)

    plant(progress, "callback", callback)


@saboteur("fit.verbose.0-silent")
def tells_of_validation_on_a_sequence(plant: Plant) -> None:
    """Prints a line before it validates on a Sequence, whatever the level."""
    original = loop.validate

    def validate(model: Any, validation: Any, epoch: int, callbacks: Any) -> Any:
        if isinstance(validation.source, SequenceBatches) and epoch == 1:
            sys.stdout.write("Validation\n")
        return original(model, validation, epoch, callbacks)

    plant(loop, "validate", validate)


@saboteur("fit.verbose.0-silent")
def goes_on_printing_after_a_bar(plant: Plant) -> None:
    """Prints as the model's first call was told to."""
    keep_of_the_first_call(plant, "fit", "verbose")


@saboteur("fit.verbose.0-silent")
def tells_of_samples_set_apart(plant: Plant) -> None:
    """Prints a word after each validation on samples that are set apart."""
    original, fits = loop.validate, plant.during(calls, "fit")

    def validate(*args: Any) -> dict[str, float]:
        if fits.calls[-1][0][1].validation_split:
            sys.stdout.write("validated\n")
        return original(*args)

    plant(loop, "validate", validate)


@saboteur("fit.verbose.1-progress-bar", also=["fit.verbose.default"])
def draws_no_bar_beside_callbacks(plant: Plant) -> None:
    """Prints a line for each epoch in place of a bar where there are callbacks."""

    def change(_: Any, request: Any) -> dict[str, Any]:
        return {"verbose": 2} if request.callbacks and request.verbose == 1 else {}

    change_request(plant, "fit", change)


@saboteur("fit.verbose.2-one-line-per-epoch")
def prints_the_lines_of_validated_epochs_alone(plant: Plant) -> None:
    """Prints no line of an epoch after which a rarer validation is not due."""
    original, fits = EpochLines.on_epoch_end, plant.during(calls, "fit")

    def on_epoch_end(self: EpochLines, epoch: int, logs: Any) -> None:
        validated = any(name.startswith("val_") for name in logs)
        if validated or fits.calls[-1][0][1].validation_freq == 1:
            original(self, epoch, logs)

    plant(EpochLines, "on_epoch_end", on_epoch_end)


@saboteur("fit.verbose.2-one-line-per-epoch")
def draws_a_bar_for_a_sequence_to_validate_on(plant: Plant) -> None:
    """Draws a bar for the validation of a Sequence, with a line for each epoch as well."""
    original = loop.test
    streams, fits = validates_on_a_stream(plant), plant.during(calls, "fit")

    def tested(*args: Any) -> list[float]:
        results = original(*args)
        if streams() and fits.calls[-1][0][1].verbose == 2:
            sys.stdout.write("\r2/2 [==============================]\n")
        return results

    plant(loop, "test", tested)
