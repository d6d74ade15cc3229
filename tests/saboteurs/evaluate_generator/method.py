"""Saboteurs of `evaluate_generator`: the call itself, and arguments with a single clause."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fitspec.reference.data import columns, prefetch, sources
from fitspec.reference.models.model import Model
from fitspec.reference.training import loop

from ..changed_readings import change_items, without_weights
from ..changed_streams import change_indices
from ..direct_calls import (
    called,
    change_calls,
    drop_last_hook,
    leave_process,
    leave_thread,
    skip_nothing,
)
from ..on_batch_calls import losses_of_two_alone
from ..planting import saboteur

if TYPE_CHECKING:
    from fitspec.reference.data.batches import Batch

    from ..planting import Plant


@saboteur("evaluate_generator.signature.defaults")
def shares_a_list_of_callbacks_in_evaluate_generator(plant: Plant) -> None:
    """Has a list in the place of None for the callbacks of `evaluate_generator`."""
    plant.default(Model, "evaluate_generator", "callbacks", [])


@saboteur("evaluate_generator.items", also=["evaluate_generator.equals-evaluate"])
def tests_items_without_their_weights(plant: Plant) -> None:
    """Ignores the sample weights in the items that `evaluate_generator` reads."""
    change_items(plant, called(plant, "evaluate_generator"), without_weights)


@saboteur("evaluate_generator.items")
def tests_dicts_in_items_by_the_alphabet(plant: Plant) -> None:
    """Takes what a dict holds in the order of its sorted names, in `evaluate_generator`."""
    original, evaluating = columns.columns, called(plant, "evaluate_generator")

    def changed_columns(value: object, *args: Any) -> Any:
        in_order = isinstance(value, dict) and [value[name] for name in sorted(value)]
        return original(in_order if evaluating() and in_order else value, *args)

    plant(columns, "columns", changed_columns)


@saboteur("evaluate_generator.steps")
def tests_one_batch_of_a_generator_by_default(plant: Plant) -> None:
    """Tests one batch of a generator when no number is given."""

    def one(request: Any) -> dict[str, Any]:
        missing = request.steps is None and not sources.is_sequence(request.x)
        return {"steps": 1} if missing else {}

    change_calls(plant, "evaluate_generator", one)


@saboteur("evaluate_generator.loss-mean-over-samples", also=["evaluate_generator.equals-evaluate"])
def returns_the_loss_of_the_last_item(plant: Plant) -> None:
    """Returns the loss of the last batch alone from `evaluate_generator`."""
    original, evaluating = loop.mean_over_samples, called(plant, "evaluate_generator")

    def mean_over_samples(losses: Any, sizes: Any) -> float:
        return losses[-1] if evaluating() else original(losses, sizes)

    plant(loop, "mean_over_samples", mean_over_samples)


@saboteur("evaluate_generator.callbacks")
def does_not_tell_of_the_end_of_evaluate_generator(plant: Plant) -> None:
    """Calls no hook at the end of `evaluate_generator`."""
    drop_last_hook(plant, "evaluate_generator")


@saboteur("evaluate_generator.queue-and-workers")
def tests_items_with_twice_the_queue(plant: Plant) -> None:
    """Lets twice as many items wait in `evaluate_generator` as there is room for."""

    def widen(request: Any) -> dict[str, Any]:
        size = request.workers.max_queue_size
        return {"workers": replace(request.workers, max_queue_size=2 * size)}

    change_calls(plant, "evaluate_generator", widen)


@saboteur("evaluate_generator.queue-and-workers")
def reads_a_sequence_without_bound_in_evaluate_generator(plant: Plant) -> None:
    """Reads a Sequence ahead as far as it goes in `evaluate_generator`."""
    original, evaluating = prefetch.items_in_order, called(plant, "evaluate_generator")

    def items_in_order(sequence: Any, indices: Any, workers: int, size: int) -> Any:
        return original(sequence, indices, workers, 10**9 if evaluating() else size)

    plant(prefetch, "items_in_order", items_in_order)


@saboteur("evaluate_generator.workers.left-behind")
def leaves_a_thread_behind_in_evaluate_generator(plant: Plant) -> None:
    """Leaves a thread behind in `evaluate_generator`."""
    leave_thread(plant, "evaluate_generator")


@saboteur("evaluate_generator.use_multiprocessing.left-behind")
def leaves_a_process_behind_in_evaluate_generator(plant: Plant) -> None:
    """Leaves a process behind in `evaluate_generator`."""
    leave_process(plant, "evaluate_generator")


@saboteur("evaluate_generator.verbose")
def draws_a_bar_for_every_evaluated_generator(plant: Plant) -> None:
    """Draws a progress bar though `evaluate_generator` shall be silent."""
    change_calls(plant, "evaluate_generator", lambda _: {"verbose": 1})


@saboteur("evaluate_generator.returns")
def returns_a_list_of_one_from_evaluate_generator(plant: Plant) -> None:
    """Returns a lonely loss from `evaluate_generator` in a list."""
    original, evaluating = loop.scalar_or_list, called(plant, "evaluate_generator")

    def scalar_or_list(results: list[float]) -> Any:
        return results if evaluating() else original(results)

    plant(loop, "scalar_or_list", scalar_or_list)


@saboteur("evaluate_generator.raises.bad-format")
def leaves_out_items_that_are_nothing(plant: Plant) -> None:
    """Leaves out what is None among the items that `evaluate_generator` reads."""
    skip_nothing(plant, "evaluate_generator")


@saboteur("evaluate_generator.equals-evaluate")
def tests_the_metrics_of_the_last_item(plant: Plant) -> None:
    """Forgets the metrics before every item of `evaluate_generator`."""
    original, evaluating = loop.test_step, called(plant, "evaluate_generator")

    def test_step(model: Model, batch: Batch) -> Any:
        if evaluating():
            loop.reset_metrics(model.plan)
        return original(model, batch)

    plant(loop, "test_step", test_step)


@saboteur("evaluate_generator.verbose")
def is_silent_about_sequences(plant: Plant) -> None:
    """Draws no progress bar for Sequences in `evaluate_generator`."""
    change_calls(
        plant,
        "evaluate_generator",
        lambda request: {"verbose": 0} if sources.is_sequence(request.x) else {},
    )


@saboteur("evaluate_generator.returns")
def evaluates_items_of_two_outputs_to_a_number(plant: Plant) -> None:
    """Returns the total alone of two outputs that have no metrics."""
    original = Model.evaluate_generator

    def evaluate_generator(self: Model, *args: Any, **named: Any) -> Any:
        return losses_of_two_alone(self, original(self, *args, **named))

    plant(Model, "evaluate_generator", evaluate_generator)


@saboteur("evaluate_generator.loss-mean-over-samples")
def counts_the_batches_of_a_sequence_the_same(plant: Plant) -> None:
    """Averages the losses of the three items of a Sequence, whatever their sizes."""
    original, now = loop.mean_over_samples, called(plant, "evaluate_generator")
    running = plant.during(loop, "results_of")

    def mean_over_samples(losses: Any, sizes: Any) -> float:
        of_sequence = now() and isinstance(running.calls[-1][0][1], sources.SequenceBatches)
        return original(losses, [1] * len(sizes) if of_sequence and len(sizes) == 3 else sizes)

    plant(loop, "mean_over_samples", mean_over_samples)


@saboteur("evaluate_generator.steps")
def leaves_the_last_of_several_threads_out_in_evaluate_generator(plant: Plant) -> None:
    """Does not test the last batch of a Sequence that several threads read."""
    method = "evaluate_generator"
    change_indices(plant, method, lambda indices: indices[:-1] or indices, prefetch)
