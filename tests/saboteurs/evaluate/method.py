"""Saboteurs of `evaluate`: the call itself, and arguments with a single clause."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.api import calls
from fitspec.reference.data import batch_order, batches, sources
from fitspec.reference.models.model import Model
from fitspec.reference.training import loop

from ..changed_requests import change_request
from ..direct_calls import change_calls
from ..planting import saboteur

if TYPE_CHECKING:
    from fitspec.reference.data.batches import Batch

    from ..planting import Plant


@saboteur("evaluate.signature.defaults")
def shares_a_list_of_callbacks_in_evaluate(plant: Plant) -> None:
    """Has a list in the place of None for the callbacks of `evaluate`."""
    plant.default(Model, "evaluate", "callbacks", [])


@saboteur("evaluate.test-mode")
def evaluates_in_training_mode(plant: Plant) -> None:
    """Drops inputs while evaluating as while training."""
    original = loop.test_step

    def test_step(model: Model, batch: Batch) -> list[float]:
        if not evaluating:
            return original(model, batch)
        outcome = model.engine.forward(batch, model.plan.outputs, training=True)
        return loop.batch_results(model.plan, outcome)

    evaluating = plant.during(calls, "evaluate")
    plant(loop, "test_step", test_step)


@saboteur("evaluate.no-weight-update")
def counts_an_evaluation_as_an_update(plant: Plant) -> None:
    """Adds an evaluation to the count of updates."""
    original = calls.evaluate

    def evaluate(model: Model, request: Any) -> Any:
        model.optimizer.iterations += 1
        return original(model, request)

    plant(calls, "evaluate", evaluate)


@saboteur(
    "evaluate.no-weight-update",
    also=[
        "compile.loss.dict-per-output",
        "compile.loss.function",
        "compile.loss.instance",
        "compile.loss.list-per-output",
        "compile.loss.single-for-all-outputs",
        "compile.loss.string",
        "compile.loss.total-is-sum",
        "evaluate.batch_size.stateful-remainder",
        "evaluate.test-mode",
    ],
)
def trains_on_what_it_evaluates(plant: Plant) -> None:
    """Makes an update with every batch that is evaluated."""
    original = loop.test_step

    def test_step(model: Model, batch: Batch) -> list[Any]:
        results = original(model, batch)
        if evaluating:
            outcome = model.engine.forward(batch, model.plan.outputs, training=True)
            model.engine.update(outcome, model.optimizer)
        return results

    evaluating = plant.during(calls, "evaluate")
    plant(loop, "test_step", test_step)


@saboteur("evaluate.batched", also=["evaluate.batch_size.default-32"])
def evaluates_batches_of_samples_far_apart(plant: Plant) -> None:
    """Has the first batch of k hold the samples 0, k, 2k and so on."""
    original = batch_order.rows_of_batches

    def rows_of_batches(count: int, batch_size: int, *args: Any) -> Any:
        rows = original(count, batch_size, *args)
        return [np.arange(at, count, len(rows)) for at in range(len(rows))] if evaluating else rows

    evaluating = plant.during(calls, "evaluate")
    plant(batch_order, "rows_of_batches", rows_of_batches)


@saboteur("evaluate.callbacks.applied")
def evaluates_arrays_without_callbacks(plant: Plant) -> None:
    """Calls no callback when `evaluate` is given arrays."""

    def alone(_model: Model, request: Any) -> dict[str, Any]:
        return {} if sources.yields_batches(request.x) else {"callbacks": None}

    change_request(plant, "evaluate", alone)


@saboteur(
    "evaluate.callbacks.applied",
    also=[
        "evaluate.workers.zero-main-thread",
        "evaluate_generator.queue-and-workers",
        "evaluate.max_queue_size.default-10",
        "evaluate_generator.callbacks",
    ],
)
def evaluates_with_steps_without_callbacks(plant: Plant) -> None:
    """Calls no callback when `evaluate` is given `steps`."""

    def alone(_model: Model, request: Any) -> dict[str, Any]:
        return {} if request.steps is None else {"callbacks": None}

    change_request(plant, "evaluate", alone)


@saboteur("evaluate.max_queue_size.default-10")
def evaluates_with_twice_the_queue(plant: Plant) -> None:
    """Lets twice as many items wait in `evaluate` as there is room for."""

    def widen(request: Any) -> dict[str, Any]:
        size = request.workers.max_queue_size
        return {"workers": replace(request.workers, max_queue_size=2 * size)}

    change_calls(plant, "evaluate", widen)


@saboteur("evaluate.use_multiprocessing")
def evaluates_with_threads_for_processes(plant: Plant) -> None:
    """Starts threads in `evaluate` when processes are wanted."""
    change_calls(
        plant, "evaluate", lambda request: {"workers": replace(request.workers, processes=False)}
    )


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
