"""Saboteurs of `evaluate`: its batches, its data and what is heard of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.api import calls
from fitspec.reference.data import batch_order, batches, columns, sources
from fitspec.reference.models.model import Model
from fitspec.reference.training import loop

from .changed_requests import change_request
from .planting import saboteur

if TYPE_CHECKING:
    from .planting import Plant


@saboteur("evaluate.signature.defaults")
def shares_a_list_of_callbacks_in_evaluate(plant: Plant) -> None:
    """Has a list in the place of None for the callbacks of `evaluate`."""
    plant.default(Model, "evaluate", "callbacks", [])


@saboteur("evaluate.batched", also=["evaluate.batch_size.default-32"])
def evaluates_batches_of_samples_far_apart(plant: Plant) -> None:
    """Has the first batch of k hold the samples 0, k, 2k and so on."""
    original = batch_order.rows_of_batches

    def rows_of_batches(count: int, batch_size: int, *args: Any) -> Any:
        rows = original(count, batch_size, *args)
        return [np.arange(at, count, len(rows)) for at in range(len(rows))] if evaluating else rows

    evaluating = plant.during(calls, "evaluate")
    plant(batch_order, "rows_of_batches", rows_of_batches)


@saboteur("evaluate.batch_size.default-32")
def evaluates_64_samples_at_a_time(plant: Plant) -> None:
    """Takes 64 samples for a batch of `evaluate` when nothing else is said."""

    def widen(_model: Model, request: Any) -> dict[str, Any]:
        if sources.yields_batches(request.x):
            return {}
        return {"batch_size": 64} if request.batch_size is None and request.steps is None else {}

    change_request(plant, "evaluate", widen)


@saboteur("evaluate.x.array-list-dict")
def evaluates_the_inputs_of_a_dict_by_position(plant: Plant) -> None:
    """Takes the inputs of a dict in its own order."""

    def listed(_model: Model, request: Any) -> dict[str, Any]:
        return {"x": list(request.x.values())} if isinstance(request.x, dict) else {}

    change_request(plant, "evaluate", listed)


@saboteur("evaluate.x.none-with-tensors")
def divides_the_loss_of_tensors_by_the_steps(plant: Plant) -> None:
    """Divides the mean loss over tensors by the number of steps once more."""
    original = calls.evaluate

    def evaluate(model: Model, request: Any) -> Any:
        value = original(model, request)
        return value / request.steps if request.x is None else value

    plant(calls, "evaluate", evaluate)


@saboteur("evaluate.verbose.levels", also=["evaluate_generator.verbose"])
def draws_a_bar_for_every_evaluation(plant: Plant) -> None:
    """Draws a progress bar though `evaluate` shall be silent."""
    change_request(plant, "evaluate", lambda *_: {"verbose": 1})


@saboteur("evaluate.verbose.default-1", also=["evaluate.signature.defaults"])
def evaluates_silently_by_default(plant: Plant) -> None:
    """Prints nothing in `evaluate` when nothing else is said."""
    plant.default(Model, "evaluate", "verbose", 0)


@saboteur("evaluate.sample_weight.temporal")
def weights_every_batch_as_the_first(plant: Plant) -> None:
    """Uses the weights of the first samples' time steps for every batch of `evaluate`."""
    original = batches.Samples.batch

    def batch(self: batches.Samples, rows: Any) -> batches.Batch:
        made = original(self, rows)
        if not evaluating:
            return made
        weights = [
            weight if all_weights is None or all_weights.ndim == 1 else all_weights[: made.size]
            for weight, all_weights in zip(made.weights, self.weights, strict=True)
        ]
        return replace(made, weights=weights)

    evaluating = plant.during(calls, "evaluate")
    plant(batches.Samples, "batch", batch)


@saboteur("evaluate.steps.with-arrays")
def cuts_evaluated_arrays_into_steps(plant: Plant) -> None:
    """Cuts arrays into as many batches as there are steps, of the given size if there is one."""

    def cut(_model: Model, request: Any) -> dict[str, Any]:
        if request.steps is None or request.x is None or sources.yields_batches(request.x):
            return {}
        size = request.batch_size or -(-len(request.x) // request.steps)
        rows = slice(request.steps * size)
        data = {"x": request.x[rows], "y": request.y[rows]}
        return {"steps": None, "batch_size": size, **data}

    change_request(plant, "evaluate", cut)


@saboteur("evaluate.callbacks.applied", also=["evaluate.steps.number-of-batches"])
def evaluates_arrays_without_callbacks(plant: Plant) -> None:
    """Calls no callback when `evaluate` is given arrays."""

    def alone(_model: Model, request: Any) -> dict[str, Any]:
        return {} if sources.yields_batches(request.x) else {"callbacks": None}

    change_request(plant, "evaluate", alone)


@saboteur("evaluate.metrics.dataset-level", also=["evaluate_generator.equals-evaluate"])
def evaluates_the_metrics_of_the_last_batch(plant: Plant) -> None:
    """Forgets the metrics before every batch of `evaluate`."""
    original = loop.test_step

    def test_step(model: Model, batch: batches.Batch) -> list[float]:
        if evaluating:
            for metric in (one for output in model.plan.outputs for one in output.metrics):
                metric.reset_states()
        return original(model, batch)

    evaluating = plant.during(calls, "evaluate")
    plant(loop, "test_step", test_step)


@saboteur("evaluate.repeatable")
def goes_on_with_the_metrics_of_the_evaluation_before(plant: Plant) -> None:
    """Does not forget the metrics of earlier calls when `evaluate` begins."""
    original = loop.reset_metrics

    def reset_metrics(plan: Any) -> None:
        if not evaluating:
            original(plan)

    evaluating = plant.during(calls, "evaluate")
    plant(loop, "reset_metrics", reset_metrics)


@saboteur("evaluate.raises.invalid-arguments-ValueError")
def broadcasts_targets_in_evaluation(plant: Plant) -> None:
    """Takes targets of any shape in `evaluate`."""
    original = columns.check_shape

    def check_shape(column: Any, port: Any, what: str) -> None:
        if not (evaluating and what == "y"):
            original(column, port, what)

    evaluating = plant.during(calls, "evaluate")
    plant(columns, "check_shape", check_shape)
