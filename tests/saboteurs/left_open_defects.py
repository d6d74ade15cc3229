"""Saboteurs that do otherwise than the reference where the documents leave it open."""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference import callbacks, losses, metrics
from fitspec.reference.api import arguments, calls, compiling, whole_numbers
from fitspec.reference.callbacks import CallbackList, History, progress
from fitspec.reference.callbacks.progress import RoundBar, TrainingBar
from fitspec.reference.data import batches, columns
from fitspec.reference.network.compiled_network import CompiledNetwork
from fitspec.reference.training import loop
from fitspec.reference.training.plan import TrainingPlan

from .changed_requests import change_request
from .fit_epochs_defects import forget_momentum
from .planting import saboteur

if TYPE_CHECKING:
    from fitspec.reference.models.model import Model

    from .planting import Plant


def model_of(listeners: Any) -> Any:
    """Return the model that callbacks listen to."""
    return listeners.callbacks[-1].model


def after(plant: Plant, step: str, change: Any) -> None:
    """Have a step of `fitting` return something else: `change` of the model and its result."""
    original = getattr(calls, step)

    def changed(model: Model, request: Any) -> Any:
        return change(model, original(model, request))

    plant(calls, step, changed)


# --- compile ----------------------------------------------------------------------------------


@saboteur(
    "compile.loss.none",
    also=("compile.loss.none-and-no-targets",),
)
def demands_a_loss_of_compile(plant: Plant) -> None:
    """Refuses to compile without a loss."""
    original = CompiledNetwork.compile

    def compiled(self: Any, optimizer: object, loss: object = None, *args: Any, **more: Any) -> Any:
        if loss is None:
            raise ValueError("loss is missing")
        return original(self, optimizer, loss, *args, **more)

    plant(CompiledNetwork, "compile", compiled)


@saboteur("compile.loss.dict-leaves-output-out")
def demands_a_loss_for_every_output(plant: Plant) -> None:
    """Refuses a dict of losses that leaves out an output."""
    original = compiling.losses_per_output

    def losses_per_output(argument: Any, names: list[str]) -> Any:
        if isinstance(argument, Mapping) and not set(names) <= set(argument):
            raise ValueError("loss leaves out an output")
        return original(argument, names)

    plant(compiling, "losses_per_output", losses_per_output)


@saboteur("compile.metrics.accuracy-label")
def calls_every_accuracy_acc(plant: Plant) -> None:
    """Labels an accuracy `acc`, however it was asked for."""
    original = metrics.resolve

    def resolve(identifier: object, *args: Any) -> Any:
        return original("acc" if identifier == "accuracy" else identifier, *args)

    plant(metrics, "resolve", resolve)


@saboteur("compile.metrics.output-label")
def spells_the_metrics_of_outputs_in_full(plant: Plant) -> None:
    """Labels a metric of one of several outputs with its long name."""
    original = TrainingPlan.metrics_names

    def metrics_names(self: TrainingPlan) -> list[str]:
        names = original.func(self)  # type: ignore[attr-defined]  # a property that keeps its value
        return [
            name.replace("_mae", "_mean_absolute_error") if name.endswith("_mae") else name
            for name in names
        ]

    plant(TrainingPlan, "metrics_names", metrics_names)


@saboteur("compile.recompile.optimizer-state")
def loses_momentum_in_compile(plant: Plant) -> None:
    """Has the optimizer forget its momentum whenever a model is compiled with it."""
    original = CompiledNetwork.compile

    def compiled(self: Any, *args: Any, **more: Any) -> None:
        original(self, *args, **more)
        forget_momentum(self.optimizer)

    plant(CompiledNetwork, "compile", compiled)


# --- fit: data and arguments ------------------------------------------------------------------


@saboteur("fit.x.python-lists")
def takes_every_list_for_several_arrays(plant: Plant) -> None:
    """Takes a list of numbers for a list with an array for each input."""
    original = columns.entries

    def entries(value: Any, expected: int) -> list[object]:
        return list(value) if isinstance(value, list) else original(value, expected)

    plant(columns, "entries", entries)


@saboteur("fit.x.dict-extra-key")
def refuses_inputs_it_does_not_have(plant: Plant) -> None:
    """Refuses a dict with an input that the model does not have."""
    original = columns.columns

    def changed_columns(value: Any, ports: Any, what: str) -> Any:
        names = {port.name for port in ports}
        if what == "x" and isinstance(value, Mapping) and not set(value) <= names:
            raise ValueError("x has an unknown entry")
        return original(value, ports, what)

    plant(columns, "columns", changed_columns)


@saboteur("fit.x.not-modified")
def shuffles_in_place(plant: Plant) -> None:
    """Leaves the user's arrays in another order."""
    original = calls.fit

    def fit(model: Model, request: Any) -> Any:
        history = original(model, request)
        for array in (request.x, request.y):
            if isinstance(array, np.ndarray):
                array[:] = array[::-1].copy()
        return history

    plant(calls, "fit", fit)


@saboteur(
    "fit.x.no-rows",
    also=("fit.x.single-value",),
)
def returns_at_once_without_rows(plant: Plant) -> None:
    """Returns an empty History for data without rows."""
    original = calls.fit

    def fit(model: Model, request: Any) -> Any:
        if isinstance(request.x, np.ndarray) and not len(request.x):
            return History()
        return original(model, request)

    plant(calls, "fit", fit)


@saboteur("fit.batch_size.number-types")
def takes_a_float_for_a_batch_size(plant: Plant) -> None:
    """Takes a float as a batch size."""
    original = arguments.batch_size_of

    def batch_size_of(value: Any) -> int:
        return original(int(value) if isinstance(value, float) else value)

    plant(arguments, "batch_size_of", batch_size_of)


@saboteur("fit.epochs.number-types")
def takes_a_float_for_a_number_of_epochs(plant: Plant) -> None:
    """Takes a float as a number of epochs."""
    original = arguments.epochs_of

    def epochs_of(epochs: Any, older: Any) -> int:
        return original(int(epochs) if isinstance(epochs, float) else epochs, older)

    plant(arguments, "epochs_of", epochs_of)


@saboteur("fit.initial_epoch.negative")
def trains_epochs_with_negative_numbers(plant: Plant) -> None:
    """Begins with an epoch of a negative number if told to."""
    original = whole_numbers.whole_number

    def whole_number(value: Any, what: str, minimum: int | None = None) -> int:
        return original(value, what, None if what == "initial_epoch" else minimum)

    plant(whole_numbers, "whole_number", whole_number)


@saboteur("fit.validation_split.out-of-range")
def takes_no_notice_of_an_impossible_split(plant: Plant) -> None:
    """Takes a split outside 0 to 1 for none."""
    original = arguments.validation_fraction

    def validation_fraction(value: Any) -> float:
        return original(value if value is None or 0 <= value < 1 else None)

    plant(arguments, "validation_fraction", validation_fraction)


@saboteur("fit.validation_split.no-training-rows")
def trains_on_the_tail_for_want_of_others(plant: Plant) -> None:
    """Trains on the samples split off when there are no others."""
    original = batches.split

    def split(samples: Any, fraction: float) -> Any:
        nothing_left = batches.split_index(samples.count, fraction) == 0
        return (samples, samples) if nothing_left else original(samples, fraction)

    plant(batches, "split", split)


@saboteur("fit.shuffle.other-values")
def takes_any_word_for_shuffle(plant: Plant) -> None:
    """Takes a misspelt `shuffle` for true."""

    def shuffling(value: Any) -> bool | str:
        return "batch" if value == "batch" else bool(value)

    plant(arguments, "shuffling", shuffling)


@saboteur("fit.steps_per_epoch.zero")
def takes_no_steps_for_none_given(plant: Plant) -> None:
    """Takes 0 as `steps_per_epoch` for no number of steps."""
    original = arguments.steps_of

    def steps_of(value: Any, what: str) -> int | None:
        return original(None if value == 0 and what == "steps_per_epoch" else value, what)

    plant(arguments, "steps_of", steps_of)


# --- fit: what is printed ---------------------------------------------------------------------


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


# --- fit: callbacks ---------------------------------------------------------------------------


@saboteur("fit.callbacks.single")
def takes_callbacks_in_a_list_only(plant: Plant) -> None:
    """Refuses callbacks that are not in a list."""
    original = callbacks.listed

    def listed(given: Any) -> Any:
        if given is not None and not isinstance(given, list):
            raise TypeError("callbacks must be a list")
        return original(given)

    plant(callbacks, "listed", listed)


@saboteur("fit.callbacks.batch-logs-loss")
def tells_the_mean_so_far_after_a_batch(plant: Plant) -> None:
    """Tells callbacks the mean over the epoch after each training batch."""
    original = CallbackList.end_batch

    def end_batch(  # noqa: PLR0913, PLR0917  as the method
        self: Any, stage: str, index: int, size: int, names: Any, results: Any
    ) -> None:
        if stage == "train":
            averages, before = self.__dict__.get("so_far", ({}, 0)) if index else ({}, 0)
            named = {**dict(zip(names, results, strict=True)), "size": size}
            means = progress.so_far(averages, named, before)
            self.so_far = means, before + size
            names, results = list(means), list(means.values())
        original(self, stage, index, size, names, results)

    plant(CallbackList, "end_batch", end_batch)


@saboteur("fit.callbacks.batch-logs-size")
def keeps_the_size_of_a_batch_to_itself(plant: Plant) -> None:
    """Leaves the number and size of a batch out of the logs that callbacks get."""

    def notify(self: Any, hook: str, *args: Any) -> None:
        for callback in self.callbacks:
            logs = dict(args[-1])
            if not isinstance(callback, (TrainingBar, RoundBar)):
                logs = {name: logs[name] for name in logs if name not in ("batch", "size")}
            # The history's own logs have to stay the same object: callbacks add to them.
            same = logs == args[-1]
            getattr(callback, hook)(*args[:-1], args[-1] if same else logs)

    plant(CallbackList, "notify", notify)


def put_stops_off(plant: Plant, step: str, owner: Any) -> None:
    """Hide a stop that is asked for in one step of an epoch until the epoch ends."""
    original, end_epoch = getattr(owner, step), CallbackList.end_epoch

    def hiding(*args: Any) -> Any:
        listeners = args[0] if owner is CallbackList else args[2]
        result = original(*args)
        listeners.hidden_stop = model_of(listeners).stop_training
        model_of(listeners).stop_training = False
        return result

    def showing(self: Any, epoch: int, logs: Any) -> None:
        end_epoch(self, epoch, logs)
        model_of(self).stop_training |= self.hidden_stop

    plant(owner, step, hiding)
    plant(CallbackList, "end_epoch", showing)


@saboteur("fit.callbacks.stop-in-batch")
def validates_although_it_is_to_stop(plant: Plant) -> None:
    """Validates after an epoch that was cut short."""
    put_stops_off(plant, "train_epoch", loop)


@saboteur("fit.callbacks.stop-in-epoch")
def trains_the_epoch_that_a_stop_began(plant: Plant) -> None:
    """Trains the whole epoch at whose beginning a stop was asked for."""
    put_stops_off(plant, "begin_epoch", CallbackList)


@saboteur("fit.callbacks.exception")
def tells_of_the_end_when_a_callback_raises(plant: Plant) -> None:
    """Tells callbacks of the end of training when one of them raises."""
    original = loop.train

    def train(*args: Any) -> None:
        try:
            original(*args)
        except ArithmeticError:
            args[-1].end("train")
            raise

    plant(loop, "train", train)


@saboteur(
    "fit.callbacks.interrupt",
    also=[
        "fit_generator.callbacks.interrupt",
    ],
)
def ends_in_order_when_interrupted(plant: Plant) -> None:
    """Takes an interrupt for a wish to end training."""
    original = loop.train

    def train(*args: Any) -> None:
        try:
            original(*args)
        except KeyboardInterrupt:
            args[-1].end("train")

    plant(loop, "train", train)


# --- fit: losses and results ------------------------------------------------------------------


@saboteur("fit.sample_weight.zero-weight-divisor")
def counts_samples_with_weight_only(plant: Plant) -> None:
    """Divides a weighted training loss by the number of samples whose weight is not 0."""
    fits = plant.during(calls, "fit")
    original = losses.batch_mean

    def batch_mean(values: Any, weights: Any) -> Any:
        if fits and weights is not None and weights.any():
            weights = weights * (weights.size / np.count_nonzero(weights))
        return original(values, weights)

    plant(losses, "batch_mean", batch_mean)


@saboteur("fit.sample_weight.all-zero")
def divides_by_no_weight(plant: Plant) -> None:
    """Makes the training loss of a batch without weight NaN."""
    fits = plant.during(calls, "fit")
    original = losses.batch_mean

    def batch_mean(values: Any, weights: Any) -> Any:
        if fits and weights is not None and not weights.any():
            weights = weights * math.nan
        return original(values, weights)

    plant(losses, "batch_mean", batch_mean)


@saboteur("fit.returns.metrics-over-epoch")
def goes_on_with_metrics_from_epoch_to_epoch(plant: Plant) -> None:
    """Resets training metrics before no epoch."""
    epochs = plant.during(loop, "train_epoch")
    original = loop.reset_metrics

    def reset_metrics(plan: Any) -> None:
        if not epochs:
            original(plan)

    plant(loop, "reset_metrics", reset_metrics)


@saboteur("fit.returns.history-key-order")
def puts_validation_first_in_history(plant: Plant) -> None:
    """Records the results of validation before those of training."""
    original = History.on_epoch_end

    def on_epoch_end(self: Any, epoch: int, logs: Any) -> None:
        names = sorted(logs, key=lambda name: not name.startswith("val_"))
        original(self, epoch, {name: logs[name] for name in names})

    plant(History, "on_epoch_end", on_epoch_end)


@saboteur("fit.returns.history-value-types")
def records_numpy_floats(plant: Plant) -> None:
    """Records NumPy's 64 bit floats in History."""
    original = History.on_epoch_end

    def on_epoch_end(self: Any, epoch: int, logs: Any) -> None:
        original(self, epoch, {name: np.float64(value) for name, value in logs.items()})

    plant(History, "on_epoch_end", on_epoch_end)


@saboteur("fit.returns.nan-loss")
def stops_when_the_loss_is_not_a_number(plant: Plant) -> None:
    """Ends training after an epoch whose loss is NaN."""
    original = CallbackList.end_epoch

    def end_epoch(self: Any, epoch: int, logs: Any) -> None:
        original(self, epoch, logs)
        model_of(self).stop_training |= math.isnan(logs["loss"])

    plant(CallbackList, "end_epoch", end_epoch)


# --- fit again --------------------------------------------------------------------------------


@saboteur(
    "fit.again.continues",
    also=["compile.recompile.optimizer-state", "fit.initial_epoch.resume-equivalence"],
)
def begins_with_a_new_state_of_the_optimizer(plant: Plant) -> None:
    """Has the optimizer forget its momentum at the beginning of `fit`."""
    original = calls.fit

    def fit(model: Model, request: Any) -> Any:
        forget_momentum(model.optimizer)
        return original(model, request)

    plant(calls, "fit", fit)


@saboteur("fit.again.epoch-numbers", also=["fit.callbacks.none-or-empty"])
def goes_on_counting_epochs(plant: Plant) -> None:
    """Numbers the epochs of a second `fit` from where the first one ended."""

    def go_on(model: Any, request: Any) -> dict[str, Any]:
        if request.initial_epoch:
            return {}
        # Only a call like an earlier one: the law about final epochs makes many different ones.
        counts = vars(model).setdefault("epochs_done", Counter())
        done = counts[request.epochs]
        counts[request.epochs] += request.epochs
        return {"initial_epoch": done, "epochs": request.epochs + done}

    change_request(plant, "fit", go_on)


@saboteur("fit.again.history")
def returns_the_history_of_the_first_call(plant: Plant) -> None:
    """Returns the History of the first call, started anew."""

    def first(model: Any, history: Any) -> Any:
        kept = vars(model).setdefault("first_history", history)
        kept.epoch, kept.history = history.epoch, history.history
        return kept

    after(plant, "fit", first)


# --- what evaluate and predict return ---------------------------------------------------------


@saboteur("evaluate.returns.number-type")
def evaluates_to_numpy_floats(plant: Plant) -> None:
    """Returns NumPy's 64 bit floats from `evaluate`."""

    def converted(_: Any, value: Any) -> Any:
        return [np.float64(one) for one in value] if isinstance(value, list) else np.float64(value)

    after(plant, "evaluate", converted)


@saboteur("predict.returns.dtype")
def predicts_in_64_bit(plant: Plant) -> None:
    """Returns predictions as 64 bit floats."""

    def converted(_: Any, value: Any) -> Any:
        if isinstance(value, list):
            return [one.astype("float64") for one in value]
        return value.astype("float64")

    after(plant, "predict", converted)
