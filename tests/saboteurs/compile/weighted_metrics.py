"""Saboteurs of `compile`: metrics that are weighted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fitspec.reference import metrics
from fitspec.reference.api import calls
from fitspec.reference.models.model import Model
from fitspec.reference.training import loop
from fitspec.reference.training.plan import TrainingPlan

from ..planting import saboteur

if TYPE_CHECKING:
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


@saboteur("compile.weighted_metrics.by-sample-weight")
def trains_a_batch_without_weighting_its_metrics(plant: Plant) -> None:
    """Ignores the weights of samples in the weighted metrics of `train_on_batch`."""
    ignore_weights(plant, plant.during(Model, "train_on_batch").__bool__)


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


@saboteur("compile.weighted_metrics.same-metric")
def calls_a_second_metric_weighted(plant: Plant) -> None:
    """Labels the weighted one of two metrics `weighted_mae`, where there would be a number."""
    original = TrainingPlan.metrics_names

    def metrics_names(self: TrainingPlan) -> list[str]:
        names = original.func(self)  # type: ignore[attr-defined]  # a property that keeps its value
        both = any(output.metrics and output.weighted_metrics for output in self.outputs)
        return ["weighted_mae" if both and name == "mae_1" else name for name in names]

    plant(TrainingPlan, "metrics_names", metrics_names)
