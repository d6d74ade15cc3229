"""Saboteurs of `evaluate`: the call itself, and arguments with a single clause."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.api import calls
from fitspec.reference.data import batch_order, batches, sources, worker_processes
from fitspec.reference.models.model import Model
from fitspec.reference.training import loop

from ..changed_requests import change_request
from ..changed_streams import change_indices, given_a, read_otherwise
from ..direct_calls import called, change_calls
from ..later_calls import keep_the_first_weights
from ..on_batch_calls import update_with_two_outputs
from ..planting import saboteur
from ..training_modes import stay_in_it_after_a_break, stay_in_training_mode

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
        "compile.loss.function",
        "compile.loss.instance",
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
        "evaluate.use_multiprocessing",
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


@saboteur("evaluate.callbacks.applied", also=["evaluate_generator.callbacks"])
def tells_the_first_callback_of_evaluation(plant: Plant) -> None:
    """Tells only the first of several callbacks what happens in `evaluate`."""

    def first(_model: Model, request: Any) -> dict[str, Any]:
        return {"callbacks": request.callbacks[:1]} if request.callbacks else {}

    change_request(plant, "evaluate", first)


@saboteur("evaluate.signature.defaults")
def takes_arguments_of_evaluate_by_name_alone(plant: Plant) -> None:
    """Refuses arguments of `evaluate` after the targets that come by position."""
    original = Model.evaluate

    def evaluate(self: Model, x: Any = None, y: Any = None, *others: Any, **named: Any) -> Any:
        if others:
            raise TypeError("evaluate() takes the other arguments by name")
        return original(self, x, y, **named)

    plant(Model, "evaluate", evaluate)


@saboteur("evaluate.test-mode")
def evaluates_sequences_in_training_mode(plant: Plant) -> None:
    """Drops inputs of a Sequence while evaluating as while training."""
    original, evaluating = loop.test_step, plant.during(calls, "evaluate")

    def test_step(model: Model, batch: Batch) -> list[float]:
        if not (evaluating and sources.is_sequence(evaluating.calls[-1][0][1].x)):
            return original(model, batch)
        outcome = model.engine.forward(batch, model.plan.outputs, training=True)
        return loop.batch_results(model.plan, outcome)

    plant(loop, "test_step", test_step)


@saboteur("evaluate.no-weight-update", also=["evaluate.test-mode"])
def trains_on_a_sequence_that_it_evaluates(plant: Plant) -> None:
    """Makes an update on every batch of a Sequence that is evaluated."""
    original, applies = loop.test_step, called(plant, "evaluate")
    evaluating = plant.during(calls, "evaluate")

    def test_step(model: Model, batch: Batch) -> list[float]:
        trains = applies() and sources.is_sequence(evaluating.calls[-1][0][1].x)
        return loop.train_step(model, batch) if trains else original(model, batch)

    plant(loop, "test_step", test_step)


@saboteur("evaluate.max_queue_size.default-10")
def bounds_no_queue_of_a_sequence_in_evaluate(plant: Plant) -> None:
    """Has no bound for what of a Sequence waits, where none but the default is given."""

    def unbound(request: Any) -> dict[str, Any]:
        default = sources.is_sequence(request.x) and request.workers.max_queue_size == 10
        return {"workers": replace(request.workers, max_queue_size=10**6)} if default else {}

    change_calls(plant, "evaluate", unbound)


@saboteur("evaluate.metrics.dataset-level", also=["evaluate_generator.equals-evaluate"])
def averages_the_metrics_of_a_sequence_over_batches(plant: Plant) -> None:
    """Returns the mean of what the metrics of each batch of a Sequence are."""
    original = loop.results_of

    def results_of(model: Any, source: Any, stage: str, step: Any, callbacks: Any) -> list[float]:
        if not isinstance(source, sources.SequenceBatches):
            return original(model, source, stage, step, callbacks)
        metrics, each = model.plan.all_metrics, []

        def alone(model: Any, batch: Batch) -> Any:
            loop.reset_metrics(model.plan)
            results = step(model, batch)
            each.append([metric.result() for metric in metrics])
            return results

        results = original(model, source, stage, alone, callbacks)
        return [*results[: len(results) - len(metrics)], *np.mean(each, axis=0).tolist()]

    plant(loop, "results_of", results_of)


@saboteur("evaluate.callbacks.applied", also=["evaluate_generator.callbacks"])
def applies_callbacks_in_the_first_evaluation_alone(plant: Plant) -> None:
    """Applies callbacks in the first `evaluate` of a model that is given any."""

    def once(model: Model, request: Any) -> dict[str, Any]:
        told = vars(model).get("told", False)
        vars(model)["told"] = told or bool(request.callbacks)
        return {"callbacks": None} if told else {}

    change_request(plant, "evaluate", once)


@saboteur("evaluate.use_multiprocessing")
def runs_a_generator_of_evaluate_without_processes(plant: Plant) -> None:
    """Runs a generator in a thread of `evaluate` though processes were asked for."""

    def is_none(source: Any) -> bool:
        return not sources.is_sequence(source)

    read_otherwise(plant, "evaluate", validating=False, applies=is_none, processes=False)


@saboteur("evaluate.no-weight-update", also=["compile.loss.total-is-sum"])
def trains_two_outputs_that_are_evaluated(plant: Plant) -> None:
    """Makes an update for each batch that `evaluate` tests of a model with two outputs."""
    update_with_two_outputs(plant, "results_of")


@saboteur("evaluate.repeatable")
def keeps_what_a_second_metric_has_seen(plant: Plant) -> None:
    """Forgets what the first metric has seen when `evaluate` begins, and not the second."""
    original, now = loop.reset_metrics, called(plant, "evaluate")

    def reset_metrics(plan: Any) -> None:
        if not now():
            original(plan)
            return
        for metric in plan.all_metrics[:1]:
            metric.reset_states()

    plant(loop, "reset_metrics", reset_metrics)


@saboteur("evaluate.no-weight-update")
def forgets_the_momentum_in_an_evaluation(plant: Plant) -> None:
    """Has the optimizer forget its momentum whenever a model is evaluated."""
    original = calls.evaluate

    def evaluate(model: Model, request: Any) -> Any:
        for memory in vars(model.optimizer)["_memory"].values():
            for array in memory:
                array[...] = 0
        return original(model, request)

    plant(calls, "evaluate", evaluate)


@saboteur("evaluate.no-weight-update")
def evaluates_with_the_first_weights(plant: Plant) -> None:
    """Evaluates with the weights that the model had when it was first evaluated."""
    keep_the_first_weights(plant, "evaluate")


@saboteur("evaluate.use_multiprocessing")
def leaves_the_last_of_several_processes_out(plant: Plant) -> None:
    """Does not test the last batch of a Sequence that several processes read."""
    change_indices(plant, "evaluate", lambda indices: indices[:-1] or indices, worker_processes)


@saboteur("evaluate.repeatable")
def evaluates_on_with_the_metrics_of_a_batch(plant: Plant) -> None:
    """Adds a batch of before, whose metrics were to go on, to those of `evaluate`."""
    single, original = loop.single_step, loop.reset_metrics
    now, kept = plant.during(calls, "evaluate"), list[object]()

    def single_step(model: Model, *args: Any, reset: bool) -> list[float]:
        if not reset:
            kept.append(model.plan)
        return single(model, *args, reset=reset)

    def reset_metrics(plan: Any) -> None:
        if not (now and plan in kept):
            original(plan)
        kept.clear()

    plant(loop, "single_step", single_step)
    plant(loop, "reset_metrics", reset_metrics)


@saboteur("evaluate.callbacks.applied")
def tells_callbacks_nothing_beside_weights(plant: Plant) -> None:
    """Leaves callbacks out of an evaluation with sample weights."""
    change_request(
        plant,
        "evaluate",
        lambda _, request: {} if request.sample_weight is None else {"callbacks": None},
    )


@saboteur("evaluate.test-mode")
def evaluates_generators_in_training_mode(plant: Plant) -> None:
    """Computes as in training where `evaluate` is given a generator."""
    stay_in_training_mode(plant, given_a(plant, "evaluate", "generator"), predicts=False)


@saboteur("evaluate.test-mode")
def evaluates_as_a_training_that_broke_off_left_it(plant: Plant) -> None:
    """Stays in training mode, in `evaluate`, once a training broke off."""
    stay_in_it_after_a_break(plant, "evaluate")
