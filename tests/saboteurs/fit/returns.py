"""Saboteurs of `fit`: what is returned."""

from __future__ import annotations

import copy
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.api import calls
from fitspec.reference.callbacks import CallbackList, History
from fitspec.reference.models.model import Model
from fitspec.reference.training import loop

from ..changed_requests import change_request
from ..changed_steps import after
from ..listeners import model_of
from ..on_sequences import OnSequence
from ..planting import saboteur
from ..third_epochs import ThirdEpoch

if TYPE_CHECKING:
    from ..planting import Plant


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
        "fit.validation_data.dataset-or-iterator",
        "fit.validation_steps.sequence",
        "fit.returns.history-equals-logs",
        "fit.returns.history-successive-epochs",
        "fit.returns.history-val-keys",
        "fit.returns.metrics-over-epoch",
        "fit.validation_split.each-epoch",
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


@saboteur("fit.returns.history-accuracy-key")
def records_the_accuracy_by_its_short_name(plant: Plant) -> None:
    """Records what "accuracy" measures as "acc"."""
    original = History.on_epoch_end

    def on_epoch_end(self: History, epoch: int, logs: Any) -> None:
        original(self, epoch, {name.replace("accuracy", "acc"): logs[name] for name in logs})

    plant(History, "on_epoch_end", on_epoch_end)


@saboteur(
    "fit.returns.history-val-keys",
    also=[
        "fit.validation_steps.sequence",
        "compile.metrics.train-and-test",
        "compile.weighted_metrics.by-class-weight",
        "fit.verbose.metrics-shown",
        "fit.returns.history-key-order",
        "fit.returns.history-successive-epochs",
        "fit.validation_data.dataset-or-iterator",
        "fit.validation_split.each-epoch",
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
        "fit.validation_split.each-epoch",
        "fit.validation_freq.history-has-only-run-epochs",
        "fit.returns.history-equals-logs",
        "fit.returns.metrics-over-epoch",
        "fit_generator.validation_data.generator",
        "fit.x.triple-with-weights",
        "fit.validation_data.dataset-or-iterator",
    ],
)
def puts_the_latest_epoch_first(plant: Plant) -> None:
    """Puts the values of each epoch before those of the epochs before it."""

    def on_epoch_end(self: History, epoch: int, logs: Any) -> None:
        self.epoch.append(epoch)
        for name, value in logs.items():
            self.history.setdefault(name, []).insert(0, value)

    plant(History, "on_epoch_end", on_epoch_end)


@saboteur("fit.returns.history-equals-logs", also=["fit.verbose.metrics-shown"])
def tells_the_validation_of_the_epoch_before(plant: Plant) -> None:
    """Records the validation of every epoch, and tells callbacks the one of the epoch before."""
    original = CallbackList.end_epoch

    def end_epoch(self: Any, epoch: int, logs: Any) -> None:
        current = {name: value for name, value in logs.items() if name.startswith("val_")}
        recorded = History.on_epoch_end

        def on_epoch_end(history: History, number: int, told: Any) -> None:
            recorded(history, number, {**told, **current})

        # While this is told.
        History.on_epoch_end = on_epoch_end  # type: ignore[method-assign, assignment]
        try:
            original(
                self, epoch, {**logs, **vars(self).get("before", current)} if current else logs
            )
        finally:
            History.on_epoch_end = recorded  # type: ignore[method-assign]
        vars(self)["before"] = current

    plant(CallbackList, "end_epoch", end_epoch)


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
        "fit.batch_size.stateful-remainder",
        "compile.metrics.none-in-dict",
        "fit.returns.metrics-over-epoch",
        "fit.sample_weight.temporal-2d",
        "fit.x.foreign-tensors",
        "fit.again.after-refusal",
        "fit.verbose.metrics-shown",
        "fit.x.triple-with-weights",
        "fit.returns.history-loss-and-metrics",
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


@saboteur("fit.returns.metrics-over-epoch", also=["fit.returns.history-loss-and-metrics"])
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


@saboteur(
    "fit.returns.history-loss-and-metrics",
    also=["compile.loss_weights.components-reported-unweighted"],
)
def records_the_first_metric(plant: Plant) -> None:
    """Records of several metrics the first alone."""
    original = History.on_epoch_end

    def on_epoch_end(self: History, epoch: int, logs: Any) -> None:
        model: Any = self.model
        if len(model.metrics_names) == 3:
            last = model.metrics_names[-1]
            logs = {name: value for name, value in logs.items() if not name.endswith(last)}
        original(self, epoch, logs)

    plant(History, "on_epoch_end", on_epoch_end)


@saboteur("fit.returns.history-val-keys")
def keeps_no_validation_of_a_sequence(plant: Plant) -> None:
    """Leaves validation out of the results of epochs of a Sequence."""
    original, on_sequence = loop.validate, OnSequence(plant, "fit")

    def validate(*args: Any) -> dict[str, float]:
        found = original(*args)
        return {} if on_sequence else found

    plant(loop, "validate", validate)


@saboteur("fit.returns.history-object")
def keeps_another_history_of_a_sequence(plant: Plant) -> None:
    """Keeps another History in the model than `fit` returns, after training on a Sequence."""
    original, on_sequence = loop.train, OnSequence(plant, "fit")

    def train(model: Any, *args: Any) -> None:
        original(model, *args)
        if on_sequence:
            model.history = History()

    plant(loop, "train", train)


@saboteur(
    "fit.returns.history-successive-epochs",
    also=["fit.returns.history-equals-logs", "fit_generator.validation_data.generator"],
)
def puts_later_metrics_of_validation_first(plant: Plant) -> None:
    """Puts the metrics of the latest validation before the others in History."""

    def change(_: Any, history: Any) -> Any:
        for name, values in history.history.items():
            if name.startswith("val_") and "loss" not in name and len(values) == 3:
                values.reverse()
        return history

    after(plant, "fit", change)


@saboteur("fit.returns.history-equals-logs")
def records_the_last_epoch_of_a_sequence_as_the_one_before(plant: Plant) -> None:
    """Has in History the results of the second epoch on a Sequence for the third as well."""
    original, on_sequence = loop.train, OnSequence(plant, "fit")

    def train(model: Any, *args: Any) -> None:
        original(model, *args)
        for values in model.history.history.values():
            if on_sequence and len(values) == 3:
                values[2] = values[1]

    plant(loop, "train", train)


@saboteur("fit.returns.history-loss-and-metrics")
def goes_on_with_metrics_from_the_third_epoch(plant: Plant) -> None:
    """Resets training metrics before the first two epochs alone."""
    original, third = loop.reset_metrics, ThirdEpoch(plant)
    validating = plant.during(loop, "validate")

    def reset_metrics(plan: Any) -> None:
        if validating or not third:
            original(plan)

    plant(loop, "reset_metrics", reset_metrics)


@saboteur(
    "fit.returns.history-loss-and-metrics",
    also=["fit.returns.history-equals-logs", "fit.returns.history-successive-epochs"],
)
def records_the_second_epoch_again(plant: Plant) -> None:
    """Has the results of the second epoch for those of each later one."""
    third = ThirdEpoch(plant)
    original = loop.train_epoch
    kept: dict[str, float] = {}

    def train_epoch(*args: Any) -> dict[str, float]:
        logs = original(*args)
        if third:
            return {**kept}
        kept.clear()
        kept.update(logs)
        return logs

    plant(loop, "train_epoch", train_epoch)


@saboteur("fit.returns.history-val-keys")
def keeps_the_loss_alone_of_validations_that_are_rare(plant: Plant) -> None:
    """Has no metrics of validations that do not follow every epoch."""
    original = loop.validate

    def validate(model: Model, validation: Any, epoch: int, listeners: Any) -> dict[str, float]:
        results = original(model, validation, epoch, listeners)
        rare = validation.frequency != 1
        return {name: results[name] for name in results if name == "val_loss" or not rare}

    plant(loop, "validate", validate)


@saboteur("fit.returns.history-loss-and-metrics")
def goes_on_with_metrics_of_batches_before(plant: Plant) -> None:
    """Has the metrics of the first epoch go on from what was trained on batch by batch before."""
    original, train = loop.reset_metrics, Model.train_on_batch
    begins, in_epoch = plant.during(loop, "train"), plant.during(loop, "results_of")

    def train_on_batch(self: Model, *args: Any, **kwargs: Any) -> Any:
        vars(self)["trained_a_batch"] = True
        return train(self, *args, **kwargs)

    def reset_metrics(plan: Any) -> None:
        if begins and in_epoch and in_epoch.calls[-1][0][2] == "train":
            model = begins.calls[-1][0][0]
            if vars(model).pop("trained_a_batch", False):
                return
        original(plan)

    plant(Model, "train_on_batch", train_on_batch)
    plant(loop, "reset_metrics", reset_metrics)


@saboteur("fit.returns.history-val-keys")
def validates_on_the_data_of_an_earlier_fit(plant: Plant) -> None:
    """Validates on the arrays of an earlier `fit` where there are none."""

    def change(model: Any, request: Any) -> dict[str, Any]:
        given = request.validation_data
        if isinstance(given, tuple):
            vars(model)["validated_on"] = given
        kept = given is None and not request.validation_split and request.steps_per_epoch is None
        return {"validation_data": vars(model).get("validated_on")} if kept else {}

    change_request(plant, "fit", change)
