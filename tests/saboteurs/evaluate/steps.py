"""Saboteurs of `evaluate`: numbers of steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.data import prefetch, sources

from ..changed_requests import change_request, round_steps_down
from ..changed_streams import change_indices
from ..direct_calls import change_calls
from ..planting import saboteur

if TYPE_CHECKING:
    from fitspec.reference.models.model import Model

    from ..planting import Plant


@saboteur("evaluate.steps.number-of-batches", also=["evaluate.callbacks.applied"])
def evaluates_all_of_a_sequence(plant: Plant) -> None:
    """Ignores the `steps` that `evaluate` gets with a Sequence."""

    def all_of_it(request: Any) -> dict[str, Any]:
        return {"steps": None} if sources.is_sequence(request.x) else {}

    change_calls(plant, "evaluate", all_of_it)


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


@saboteur("evaluate.steps.number-of-batches")
def evaluates_no_more_than_a_sequence_has(plant: Plant) -> None:
    """Tests no more batches than a Sequence has, whatever `steps` of `evaluate` says."""

    def cut(request: Any) -> dict[str, Any]:
        given = sources.is_sequence(request.x) and request.steps
        return {"steps": min(request.steps, len(request.x))} if given else {}

    change_calls(plant, "evaluate", cut)


@saboteur("evaluate.steps.number-of-batches")
def leaves_the_last_of_several_threads_out(plant: Plant) -> None:
    """Does not test the last batch of a Sequence that several threads read."""
    change_indices(plant, "evaluate", lambda indices: indices[:-1], prefetch)


@saboteur("evaluate.steps.fractional")
def rounds_steps_of_evaluate_down(plant: Plant) -> None:
    """Makes the whole number of steps below a fractional one."""
    round_steps_down(plant, "evaluate")
