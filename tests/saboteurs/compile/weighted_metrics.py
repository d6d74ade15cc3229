"""Saboteurs of `compile`: metrics that are weighted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference import metrics
from fitspec.reference.api import calls
from fitspec.reference.callbacks import History
from fitspec.reference.metrics import averages
from fitspec.reference.metrics.confusion import Confusion
from fitspec.reference.models.model import Model
from fitspec.reference.training import loop
from fitspec.reference.training.plan import TrainingPlan

from ..on_sequences import OnSequence
from ..planting import saboteur
from ..unrecorded_steps import compute_every_step

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.reference.tensor.autodiff import Tensor
    from fitspec.reference.training.engine import Outcome

    from ..planting import Plant


def ignore_weights(plant: Plant, applies: Any) -> None:
    """Have weighted metrics see no weights where `applies()`."""
    original = loop.batch_results

    def batch_results(plan: TrainingPlan, outcome: Outcome) -> list[float]:
        if applies():
            outcome = replace(outcome, weights=[None] * len(outcome.weights))
        return original(plan, outcome)

    plant(loop, "batch_results", batch_results)


@saboteur(
    "compile.weighted_metrics.by-sample-weight",
    also=["compile.weighted_metrics.by-class-weight"],
)
def trains_a_batch_without_weighting_its_metrics(plant: Plant) -> None:
    """Ignores the weights of samples in the weighted metrics of `train_on_batch`."""
    ignore_weights(plant, plant.during(Model, "train_on_batch").__bool__)


@saboteur("compile.weighted_metrics.by-sample-weight")
def counts_positives_without_weights(plant: Plant) -> None:
    """Ignores the weights of samples in metrics that count what is positive."""
    original = Confusion.measure

    def measure(self: Confusion, y_true: Tensor, y_pred: Tensor, weights: Any) -> Any:
        del weights
        return original(self, y_true, y_pred, None)

    plant(Confusion, "measure", measure)


@saboteur("compile.weighted_metrics.by-class-weight")
def weights_by_class_the_loss_alone(plant: Plant) -> None:
    """Ignores in weighted metrics all weights of a `fit` with class weights."""
    fits = plant.during(calls, "fit")
    ignore_weights(plant, lambda: fits and fits.calls[-1][0][1].class_weight is not None)


@saboteur("compile.weighted_metrics.in-test")
def averages_the_weighted_means_of_batches(plant: Plant) -> None:
    """Averages in `evaluate` the weighted means of the batches, each as much as any other."""
    evaluating = plant.during(calls, "evaluate")
    original = metrics.FunctionMetric.measure

    def measure(self: metrics.FunctionMetric, y_true: Tensor, y_pred: Tensor, weights: Any) -> Any:
        counts = original(self, y_true, y_pred, weights)
        return counts / counts[1] if evaluating and weights is not None else counts

    plant(metrics.FunctionMetric, "measure", measure)


@saboteur("compile.weighted_metrics.time-steps")
def divides_the_sum_over_steps_by_the_weights_of_samples(plant: Plant) -> None:
    """Counts the weight of a sample once among the weights, and with each step in the sum."""
    original = averages.weighted_sum_and_count

    def weighted_sum_and_count(values: Any, weights: Any, samples: int) -> Any:
        counts = original(values, weights, samples)
        if weights is not None and weights.ndim == 1 and np.ndim(values) == 2:
            counts[0] *= np.shape(values)[1]
        return counts

    plant(averages, "weighted_sum_and_count", weighted_sum_and_count)


@saboteur("compile.weighted_metrics.temporal")
def weights_metrics_by_the_mean_of_a_samples_steps(plant: Plant) -> None:
    """Weights, in a metric, all steps of a sample by the mean of their weights."""
    original = averages.weighted_sum_and_count

    def weighted_sum_and_count(values: Any, weights: Any, samples: int) -> Any:
        if weights is not None and weights.ndim == 2:
            weights = weights.mean(axis=1)
        return original(values, weights, samples)

    plant(averages, "weighted_sum_and_count", weighted_sum_and_count)


@saboteur("compile.weighted_metrics.same-metric")
def calls_a_second_metric_weighted(plant: Plant) -> None:
    """Labels the weighted one of two metrics `weighted_mae`, where there would be a number."""
    original = TrainingPlan.metrics_names

    def metrics_names(self: TrainingPlan) -> list[str]:
        names = original.func(self)  # type: ignore[attr-defined]  # a property that keeps its value
        both = any(output.metrics and output.weighted_metrics for output in self.outputs)
        return ["weighted_mae" if both and name == "mae_1" else name for name in names]

    plant(TrainingPlan, "metrics_names", metrics_names)


@saboteur("compile.weighted_metrics.divisor", also=["compile.weighted_metrics.same-metric"])
def divides_weighted_metrics_by_the_samples(plant: Plant) -> None:
    """Divides the weighted sum of a metric by the number of samples, or of their steps."""
    original = averages.weighted_sum_and_count

    def weighted_sum_and_count(values: Any, weights: Any, samples: int) -> Any:
        counts = original(values, weights, samples)
        if weights is not None:
            counts[1] = weights.size
        return counts

    plant(averages, "weighted_sum_and_count", weighted_sum_and_count)


@saboteur("compile.weighted_metrics.on-several-outputs")
def records_weighted_metrics_last(plant: Plant) -> None:
    """Records the results of weighted metrics, which are called mae, after all others."""
    original = History.on_epoch_end

    def on_epoch_end(self: Any, epoch: int, logs: Any) -> None:
        weighted = [name for name in logs if name.endswith("_mae")]
        others = [name for name in logs if name not in weighted]
        original(self, epoch, {name: logs[name] for name in (*others, *weighted)})

    plant(History, "on_epoch_end", on_epoch_end)


@saboteur(
    "compile.weighted_metrics.by-sample-weight",
    also=["compile.weighted_metrics.in-test", "compile.weighted_metrics.same-metric"],
)
def weights_no_metric_in_fit_by_sample(plant: Plant) -> None:
    """Takes no notice of sample weights in the weighted metrics of `fit`."""
    original, fitting = loop.updated, plant.during(calls, "fit")

    def updated(metric: Any, outcome: Any, *batch: Any) -> Any:
        weighted = fitting and fitting.calls[-1][0][1].sample_weight is not None
        return original(metric, outcome, *(batch[:2] if weighted else batch))

    plant(loop, "updated", updated)


@saboteur("compile.weighted_metrics.by-class-weight")
def weights_metrics_by_class_in_the_first_batch_alone(plant: Plant) -> None:
    """Ignores in weighted metrics the class weights of every batch but the first."""
    fits, batches = plant.during(calls, "fit"), plant.during(loop, "train_step")
    original = loop.updated

    def updated(metric: Any, outcome: Any, *batch: Any) -> Any:
        if batches and fits and fits.calls[-1][0][1].class_weight and len(batch) == 3:
            before = vars(metric).get("batches", 0)
            vars(metric)["batches"] = before + 1
            batch = batch[:2] if before else batch
        return original(metric, outcome, *batch)

    compute_every_step(plant)
    plant(loop, "updated", updated)


@saboteur(
    "compile.weighted_metrics.by-sample-weight",
    also=["compile.weighted_metrics.by-class-weight"],
)
def weights_no_metric_of_a_sequence(plant: Plant) -> None:
    """Ignores the weights in the items of a Sequence in weighted metrics of `fit`."""
    compute_every_step(plant)
    ignore_weights(plant, OnSequence(plant, "fit").__bool__)


@saboteur("compile.weighted_metrics.in-test")
def weights_no_metric_of_validation(plant: Plant) -> None:
    """Ignores the weights of validation data in weighted metrics."""
    compute_every_step(plant)
    ignore_weights(plant, plant.during(loop, "validate").__bool__)


@saboteur("compile.weighted_metrics.by-sample-weight")
def weights_no_metric_of_a_second_output(plant: Plant) -> None:
    """Ignores sample weights in the weighted metrics of a second output."""
    original, results = loop.updated, plant.during(loop, "batch_results")

    def updated(metric: Any, outcome: Any, *batch: Any) -> Any:
        outputs = results.calls[-1][0][0].outputs
        of_second = len(outputs) > 1 and metric in outputs[1].weighted_metrics
        return original(metric, outcome, *(batch[:2] if of_second else batch))

    compute_every_step(plant)
    plant(loop, "updated", updated)


@saboteur("compile.weighted_metrics.in-test")
def weights_no_metric_of_a_part_set_apart(plant: Plant) -> None:
    """Ignores the weights of samples set apart in weighted metrics of validation."""
    fits, validates = plant.during(calls, "fit"), plant.during(loop, "validate")
    compute_every_step(plant)
    ignore_weights(plant, lambda: validates and fits.calls[-1][0][1].validation_split)


def _change_weights(plant: Plant, change: Callable[[Any], Any]) -> None:
    """Have weighted metrics be updated with other weights than those of a batch."""
    original = loop.updated

    def updated(metric: Any, outcome: Any, target: Any, prediction: Any, *weights: Any) -> Any:
        others = [change(each) for each in weights]
        return original(metric, outcome, target, prediction, *others)

    plant(loop, "updated", updated)


@saboteur("compile.weighted_metrics.by-sample-weight")
def multiplies_weighted_metrics_by_loss_weights(plant: Plant) -> None:
    """Weights the metrics of an output by its loss weight as well, where there are several."""
    original, now = loop.results_of, plant.during(loop, "train_epoch")

    def results_of(model: Any, *args: Any) -> list[float]:
        values = original(model, *args)
        outputs, first = model.plan.outputs, len(values) - len(model.plan.all_metrics)
        factors = [
            one.loss_weight if metric in one.weighted_metrics else 1.0
            for one in outputs
            for metric in one.all_metrics
        ]
        if not now or len(outputs) < 2:
            return values
        weighted = zip(values[first:], factors, strict=True)
        return [*values[:first], *(value * factor for value, factor in weighted)]

    plant(loop, "results_of", results_of)


@saboteur("compile.weighted_metrics.by-class-weight")
def weights_metrics_of_a_batch_by_no_class(plant: Plant) -> None:
    """Updates weighted metrics without weights in `train_on_batch` where there are classes'."""
    now = plant.during(Model, "train_on_batch")

    def change(weights: Any) -> Any:
        return None if now and now.calls[-1][1].get("class_weight") else weights

    _change_weights(plant, change)


@saboteur("compile.weighted_metrics.by-class-weight")
def weights_metrics_of_a_sequence_by_no_class(plant: Plant) -> None:
    """Updates weighted metrics without weights for a Sequence beside class weights."""
    on_sequence, fits = OnSequence(plant, "fit"), plant.during(calls, "fit")

    def change(weights: Any) -> Any:
        return None if on_sequence and fits.calls[-1][0][1].class_weight else weights

    _change_weights(plant, change)


@saboteur("compile.weighted_metrics.in-test")
def tests_a_batch_by_metrics_without_weights(plant: Plant) -> None:
    """Updates weighted metrics without weights in `test_on_batch`."""
    now = plant.during(Model, "test_on_batch")
    _change_weights(plant, lambda weights: None if now else weights)
