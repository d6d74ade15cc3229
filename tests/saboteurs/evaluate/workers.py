"""Saboteurs of `evaluate`: the threads that make batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.data import sources

from ..direct_calls import change_calls, leave_thread
from ..planting import saboteur

if TYPE_CHECKING:
    from ..planting import Plant


@saboteur("evaluate.workers.zero-main-thread")
def evaluates_with_a_worker_at_least(plant: Plant) -> None:
    """Starts one thread in `evaluate` when no workers are wanted."""

    def one_at_least(request: Any) -> dict[str, Any]:
        return {} if request.workers.count else {"workers": sources.Workers(1, 10, processes=False)}

    change_calls(plant, "evaluate", one_at_least)


@saboteur("evaluate.workers.left-behind")
def leaves_a_thread_behind_in_evaluate(plant: Plant) -> None:
    """Leaves a thread behind in `evaluate`."""
    leave_thread(plant, "evaluate")


@saboteur("evaluate.workers.zero-main-thread")
def evaluates_a_sequence_in_the_background(plant: Plant) -> None:
    """Starts one thread for a Sequence when no workers are wanted."""

    def one_for_sequences(request: Any) -> dict[str, Any]:
        wanted = sources.is_sequence(request.x) and not request.workers.count
        return {"workers": sources.Workers(1, 10, processes=False)} if wanted else {}

    change_calls(plant, "evaluate", one_for_sequences)
