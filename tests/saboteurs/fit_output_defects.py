"""Saboteurs of `fit`: what is printed, and the History that is returned."""

from __future__ import annotations

import copy
import sys
from typing import TYPE_CHECKING, Any

from fitspec.reference.api import calls
from fitspec.reference.callbacks import Callback, History, progress
from fitspec.reference.callbacks.progress import Bar, EpochLines
from fitspec.reference.models.model import Model
from fitspec.reference.training import loop

from .planting import saboteur

if TYPE_CHECKING:
    from .planting import Plant


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

    def callback(verbose: int, stage: str) -> list[Callback]:
        return original(verbose, stage) or [EndOfLine()]

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


@saboteur("fit.verbose.default")
def is_silent_unless_asked(plant: Plant) -> None:
    """Prints nothing when `verbose` is left out."""
    original = Model.fit

    def fit(self: Model, *args: Any, **kwargs: Any) -> Any:
        return original(self, *args, **{"verbose": 0, **kwargs})

    plant(Model, "fit", fit)


@saboteur("fit.returns.history-object")
def keeps_a_copy_of_the_history(plant: Plant) -> None:
    """Keeps another History in the model than the one that `fit` returns."""
    original = calls.fit

    def fit(model: Model, request: Any) -> Any:
        return copy.copy(original(model, request))

    plant(calls, "fit", fit)


@saboteur(
    "fit.returns.history-loss-and-metrics",
    also=[
        "fit.returns.metrics-over-epoch",
        "fit.validation_steps.number-of-batches",
        "fit_generator.returns.history",
        "fit_generator.validation_data.generator",
        "fit_generator.validation_data.sequence",
    ],
)
def records_metrics_of_the_first_epoch_only(plant: Plant) -> None:
    """Records the losses of every epoch, but metrics of the first one only."""
    original = History.on_epoch_end

    def on_epoch_end(self: History, epoch: int, logs: Any) -> None:
        kept = {name: item for name, item in logs.items() if not epoch or name.endswith("loss")}
        original(self, epoch, kept)

    plant(History, "on_epoch_end", on_epoch_end)


@saboteur(
    "fit.returns.history-val-keys",
    also=[
        "compile.metrics.train-and-test",
        "compile.weighted_metrics.by-class-weight",
        "fit.verbose.metrics-shown",
        "fit.returns.history-key-order",
        "fit.validation_data.dataset-or-iterator",
        "fit.validation_steps.number-of-batches",
        "fit_generator.returns.history",
        "fit_generator.validation_data.generator",
        "fit_generator.validation_data.sequence",
    ],
)
def records_no_metrics_of_validation(plant: Plant) -> None:
    """Records the loss of validation and none of its metrics."""
    original = loop.validate

    def validate(*args: Any) -> dict[str, float]:
        return {name: item for name, item in original(*args).items() if name.endswith("loss")}

    plant(loop, "validate", validate)


@saboteur(
    "fit.returns.history-successive-epochs",
    also=[
        "fit.initial_epoch.resume-equivalence",
        "fit.validation_split.each-epoch",
        "fit.validation_freq.history-has-only-run-epochs",
        "fit.returns.metrics-over-epoch",
        "fit_generator.validation_data.generator",
    ],
)
def puts_the_latest_epoch_first(plant: Plant) -> None:
    """Puts the values of each epoch before those of the epochs before it."""

    def on_epoch_end(self: History, epoch: int, logs: Any) -> None:
        self.epoch.append(epoch)
        for name, value in logs.items():
            self.history.setdefault(name, []).insert(0, value)

    plant(History, "on_epoch_end", on_epoch_end)


@saboteur(
    "fit.returns.epoch-loss-sample-weighted-mean",
    also=[
        "evaluate.batch_size.invariance",
        "evaluate_generator.equals-evaluate",
        "evaluate_generator.loss-mean-over-samples",
        "fit_generator.output.epoch-loss-weighting",
        "fit_generator.validation_data.loss-of-batches",
        "fit_generator.validation_data.tuple-batch-size",
    ],
)
def lets_every_batch_count_the_same(plant: Plant) -> None:
    """Averages the losses of batches without regard to their sizes."""
    plant(loop, "mean_over_samples", lambda losses, _: sum(losses) / len(losses))


@saboteur(
    "fit.returns.train-loss-is-running",
    also=[
        "compile.metrics.none-in-dict",
        "fit.returns.history-successive-epochs",
        "fit.returns.metrics-over-epoch",
        "fit.validation_split.each-epoch",
        "fit.x.foreign-tensors",
        "fit.again.after-refusal",
    ],
)
def measures_the_loss_after_the_update(plant: Plant) -> None:
    """Measures the loss of a batch with the weights after its update, in `fit`."""
    original = loop.train_step

    def train_step(model: Model, batch: Any) -> list[float]:
        results = original(model, batch)
        return loop.test_step(model, batch) if fitted else results

    fitted = plant.during(calls, "fit")
    plant(loop, "train_step", train_step)
