"""Saboteurs of `evaluate` on generators and Sequences."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fitspec.reference.data import feeding, sources

from .direct_calls import called, change_calls, change_exception, end_silently, leave_thread
from .planting import saboteur

if TYPE_CHECKING:
    from .planting import Plant


@saboteur("evaluate.batch_size.not-with-generator")
def ignores_a_batch_size_beside_batches(plant: Plant) -> None:
    """Ignores the `batch_size` that `evaluate` gets with a generator or Sequence."""

    def ignore(request: Any) -> dict[str, Any]:
        return {"batch_size": None} if sources.yields_batches(request.x) else {}

    change_calls(plant, "evaluate", ignore)


@saboteur("evaluate.x.generator-or-sequence")
def evaluates_items_without_their_weights(plant: Plant) -> None:
    """Ignores the sample weights in the items that `evaluate` reads."""
    original, evaluating = feeding.parts_of, called(plant, "evaluate")

    def parts_of(item: object) -> Any:
        x, y, weights = original(item)
        return x, y, None if evaluating() else weights

    plant(feeding, "parts_of", parts_of)


@saboteur("evaluate.steps.number-of-batches")
def evaluates_all_of_a_sequence(plant: Plant) -> None:
    """Ignores the `steps` that `evaluate` gets with a Sequence."""

    def all_of_it(request: Any) -> dict[str, Any]:
        return {"steps": None} if sources.is_sequence(request.x) else {}

    change_calls(plant, "evaluate", all_of_it)


@saboteur("evaluate.max_queue_size.default-10")
def evaluates_with_twice_the_queue(plant: Plant) -> None:
    """Lets twice as many items wait in `evaluate` as there is room for."""

    def widen(request: Any) -> dict[str, Any]:
        size = request.workers.max_queue_size
        return {"workers": replace(request.workers, max_queue_size=2 * size)}

    change_calls(plant, "evaluate", widen)


@saboteur("evaluate.workers.zero-main-thread")
def evaluates_with_a_worker_at_least(plant: Plant) -> None:
    """Starts one thread in `evaluate` when no workers are wanted."""

    def one_at_least(request: Any) -> dict[str, Any]:
        return {} if request.workers.count else {"workers": sources.Workers(1, 10)}

    change_calls(plant, "evaluate", one_at_least)


@saboteur("evaluate.use_multiprocessing")
def evaluates_with_threads_for_processes(plant: Plant) -> None:
    """Starts threads in `evaluate` when processes are wanted."""
    change_calls(
        plant, "evaluate", lambda request: {"workers": replace(request.workers, processes=False)}
    )


@saboteur("evaluate.generator.ends-early")
def evaluates_what_a_generator_gave_before_it_ended(plant: Plant) -> None:
    """Uses what there is in `evaluate` when a generator ends early, without a word."""
    end_silently(plant, "evaluate")


@saboteur("evaluate.generator.exception")
def raises_another_exception_in_evaluate(plant: Plant) -> None:
    """Has `evaluate` raise RuntimeError with the message of what a generator raised."""
    change_exception(plant, "evaluate")


@saboteur("evaluate.workers.left-behind")
def leaves_a_thread_behind_in_evaluate(plant: Plant) -> None:
    """Leaves a thread behind in `evaluate`."""
    leave_thread(plant, "evaluate")


@saboteur("evaluate.generator.second-call")
def evaluates_no_more_items_than_it_uses(plant: Plant) -> None:
    """Draws no more items of a generator than `evaluate` uses."""

    def limited(request: Any) -> dict[str, Any]:
        if request.steps is None or not hasattr(request.x, "__next__"):
            return {}
        return {"x": itertools.islice(request.x, request.steps)}

    change_calls(plant, "evaluate", limited)
