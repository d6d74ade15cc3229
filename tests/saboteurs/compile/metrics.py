"""Saboteurs of `compile`: metrics, of one output and of several."""

from __future__ import annotations

import contextlib
import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fitspec.reference import metrics
from fitspec.reference.api import calls, compiling
from fitspec.reference.data import sources
from fitspec.reference.metrics import base
from fitspec.reference.tensor.autodiff import as_tensor
from fitspec.reference.training import loop
from fitspec.reference.training.plan import TrainingPlan

from ..compile_arguments import (
    change_argument,
    without_its_end,
    without_unknown_names_unless_more,
)
from ..planting import saboteur
from ..unrecorded_steps import compute_every_step

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.reference.data.batches import Batch
    from fitspec.reference.models.model import Model
    from fitspec.reference.training.engine import Outcome

    from ..planting import Plant


def _weight_plain_metrics(plant: Plant, step: str) -> None:
    """Weight all metrics by the sample weights during a step, ``fit`` or ``evaluate``."""
    now = plant.during(calls, step)
    original = loop.batch_results

    def batch_results(plan: TrainingPlan, outcome: Outcome) -> list[float]:
        if now:
            outputs = tuple(
                replace(
                    output, metrics=(), weighted_metrics=output.metrics + output.weighted_metrics
                )
                for output in plan.outputs
            )
            plan = replace(plan, outputs=outputs)
        return original(plan, outcome)

    plant(loop, "batch_results", batch_results)


@saboteur("compile.metrics.list")
def sorts_metrics_by_name(plant: Plant) -> None:
    """Reports the metrics of a list in alphabetical order."""
    original = compiling.resolve_metrics

    def resolve_metrics(*args: Any) -> Any:
        return tuple(sorted(original(*args), key=lambda metric: metric.name))

    plant(compiling, "resolve_metrics", resolve_metrics)


@saboteur(
    "compile.metrics.train-and-test",
    also=[
        "fit.verbose.metrics-shown",
        "fit.validation_data.dataset-or-iterator",
        "fit.validation_steps.sequence",
        "fit_generator.validation_data.generator",
        "fit_generator.validation_data.sequence",
    ],
)
def copies_the_metrics_of_training(plant: Plant) -> None:
    """Reports the metrics of the training data, unless weighted, of the validation data too."""
    original, original_epoch = loop.validate, loop.train_epoch
    latest: dict[str, float] = {}

    def train_epoch(*args: Any) -> dict[str, float]:
        logs = original_epoch(*args)
        latest.update(logs)
        return logs

    def validate(model: Model, *args: Any) -> dict[str, float]:
        logs = original(model, *args)
        plain = {metric.name for plan in model.plan.outputs for metric in plan.metrics}
        return logs | {f"val_{name}": latest[name] for name in plain if f"val_{name}" in logs}

    plant(loop, "train_epoch", train_epoch)
    plant(loop, "validate", validate)


@saboteur("compile.metrics.not-sample-weighted")
def weights_plain_metrics_in_training(plant: Plant) -> None:
    """Weights in `fit` all metrics by the sample weights."""
    _weight_plain_metrics(plant, "fit")


@saboteur("compile.metrics.one-object")
def shares_a_metric_object_among_outputs(plant: Plant) -> None:
    """Uses the metric object of a list for all outputs, where others than the first get copies."""
    original = compiling.resolve_metrics

    def resolve_metrics(
        identifiers: Any, loss: Any, position: int, what: str, vocabulary: Any
    ) -> Any:
        del position
        return original(identifiers, loss, 0, what, vocabulary)

    plant(compiling, "resolve_metrics", resolve_metrics)


@saboteur("compile.metrics.not-sample-weighted", also=["evaluate_generator.equals-evaluate"])
def weights_plain_metrics_in_evaluation(plant: Plant) -> None:
    """Weights in `evaluate` all metrics by the sample weights."""
    _weight_plain_metrics(plant, "evaluate")


@saboteur(
    "compile.metrics.no-gradient-effect",
    also=[
        "fit.returns.metrics-over-epoch",
        "fit.validation_split.each-epoch",
    ],
)
def minimises_metrics_with_the_loss(plant: Plant) -> None:
    """Minimises the sum of the loss and the metrics."""
    compute_every_step(plant)

    def train_step(model: Model, batch: Batch) -> list[float]:
        outcome = model.engine.forward(batch, model.plan.outputs, training=True)
        results = loop.batch_results(model.plan, outcome)
        total = outcome.total
        for plan, target, prediction in zip(
            model.plan.outputs, outcome.targets, outcome.predictions, strict=True
        ):
            for metric in plan.metrics:
                if target is not None and type(metric) is metrics.FunctionMetric:
                    total = total + as_tensor(metric.function(target, prediction)).mean()
        model.engine.update(replace(outcome, total=total), model.optimizer)
        return results

    plant(loop, "train_step", train_step)


@saboteur("compile.metrics.invalid-ValueError")
def leaves_unknown_metrics_out(plant: Plant) -> None:
    """Leaves out the metrics that it does not know."""
    original = compiling.resolve_metrics

    def resolve_metrics(identifiers: list[Any], *args: Any) -> Any:
        found: list[Any] = []
        for identifier in identifiers:
            with contextlib.suppress(ValueError):
                found += original([identifier], *args)
        return tuple(found)

    plant(compiling, "resolve_metrics", resolve_metrics)


@saboteur("compile.metrics.output-label", also=["compile.weighted_metrics.on-several-outputs"])
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


@saboteur("compile.metrics.duplicates")
def reports_a_metric_once(plant: Plant) -> None:
    """Reports a metric once that is asked for twice."""
    original = compiling.metrics_per_output

    def metrics_per_output(*args: Any) -> list[list[object]]:
        return [list(dict.fromkeys(metrics)) for metrics in original(*args)]

    plant(compiling, "metrics_per_output", metrics_per_output)


@saboteur("compile.metrics.masked-steps")
def measures_hidden_steps_as_any_other(plant: Plant) -> None:
    """Counts in metrics the steps that a mask hides."""
    plant(base, "masked", lambda weights, _: weights)


@saboteur("compile.metrics.not-sample-weighted", also=["evaluate_generator.equals-evaluate"])
def weights_the_metrics_of_evaluated_items(plant: Plant) -> None:
    """Weights metrics by the weights in items that `evaluate` reads."""
    original, evaluating = loop.updated, plant.during(calls, "evaluate")

    def updated(metric: Any, outcome: Any, *batch: Any) -> Any:
        if evaluating and sources.yields_batches(evaluating.calls[-1][0][1].x):
            batch = (*batch[:2], outcome.weights[0])
        return original(metric, outcome, *batch)

    plant(loop, "updated", updated)


@saboteur("compile.metrics.invalid-ValueError")
def passes_over_metrics_in_the_place_of_others(plant: Plant) -> None:
    """Ignores unknown names in a dict of metrics that has no more than there are outputs."""
    change_argument(plant, "metrics_per_output", without_unknown_names_unless_more)


@saboteur("compile.metrics.no-gradient-effect")
def updates_again_for_metrics_of_a_second_output(plant: Plant) -> None:
    """Makes another update where two outputs have metrics."""
    original = loop.train_step

    def train_step(model: Any, batch: Any) -> Any:
        results, outputs = original(model, batch), model.plan.outputs
        if len(outputs) == 2 and all(output.metrics for output in outputs):
            outcome = model.engine.forward(batch, outputs, training=True)
            model.engine.update(outcome, model.plan.optimizer)
        return results

    plant(loop, "train_step", train_step)


@saboteur("compile.metrics.list")
def computes_the_second_of_three_metrics_twice(plant: Plant) -> None:
    """Computes the second of three metrics under the label of the third as well."""
    original = compiling.resolve_metrics

    def resolve_metrics(*args: Any) -> Any:
        found = original(*args)
        if len(found) != 3:
            return found
        again = copy.deepcopy(found[1])
        again.name = found[2].name
        return (*found[:2], again)

    plant(compiling, "resolve_metrics", resolve_metrics)


def _change_metrics(plant: Plant, change: Callable[[list[Any]], list[Any]]) -> None:
    """Have the metrics of an output be others; `change` takes what identifies them."""
    original = compiling.resolve_metrics

    def resolve_metrics(identifiers: list[Any], *args: Any) -> Any:
        return original(change(identifiers), *args)

    plant(compiling, "resolve_metrics", resolve_metrics)


def _known(identifiers: list[Any]) -> list[Any]:
    return [identifier for identifier in identifiers if identifier != "nope"]


@saboteur("compile.metrics.invalid-ValueError")
def leaves_an_unknown_metric_out_beside_others(plant: Plant) -> None:
    """Leaves out an unknown metric that stands in a list with others."""
    _change_metrics(plant, lambda given: _known(given) or given)


@saboteur("compile.metrics.invalid-ValueError")
def leaves_unknown_metrics_of_outputs_out(plant: Plant) -> None:
    """Leaves out unknown metrics in a dict by output."""

    def change(argument: Any, _: list[str]) -> Any:
        if not isinstance(argument, dict):
            return argument
        return {
            name: _known(given) if isinstance(given, list) else given
            for name, given in argument.items()
        }

    change_argument(plant, "metrics_per_output", change)


@saboteur("compile.metrics.invalid-ValueError")
def leaves_unknown_metrics_in_lists_out(plant: Plant) -> None:
    """Leaves out unknown metrics in a list of lists."""

    def change(argument: Any, _: list[str]) -> Any:
        nested = isinstance(argument, list) and any(isinstance(each, list) for each in argument)
        return [_known(each) for each in argument] if nested else argument

    change_argument(plant, "metrics_per_output", change)


@saboteur("compile.metrics.invalid-ValueError")
def knows_a_metric_by_its_beginning(plant: Plant) -> None:
    """Takes any metric whose name begins with `mse` for it."""
    _change_metrics(plant, lambda given: [without_its_end(each, "mse") for each in given])
