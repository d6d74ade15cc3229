"""Saboteurs of `predict`: numbers of steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.data import sources

from ..changed_requests import change_request, round_steps_down
from ..direct_calls import change_calls
from ..planting import saboteur

if TYPE_CHECKING:
    from fitspec.reference.models.model import Model

    from ..planting import Plant


@saboteur("predict.steps.number-of-batches", also=["predict.callbacks.applied"])
def predicts_all_of_a_sequence(plant: Plant) -> None:
    """Ignores the `steps` that `predict` gets with a Sequence."""

    def all_of_it(request: Any) -> dict[str, Any]:
        return {"steps": None} if sources.is_sequence(request.x) else {}

    change_calls(plant, "predict", all_of_it)


@saboteur("predict.steps.with-arrays")
def cuts_predicted_arrays_into_steps(plant: Plant) -> None:
    """Cuts arrays into as many batches as there are steps, of the given size if there is one."""

    def cut(_model: Model, request: Any) -> dict[str, Any]:
        if request.steps is None or request.x is None or sources.yields_batches(request.x):
            return {}
        size = request.batch_size or -(-len(request.x) // request.steps)
        return {"steps": None, "batch_size": size, "x": request.x[: request.steps * size]}

    change_request(plant, "predict", cut)


@saboteur("predict.steps.number-of-batches")
def predicts_no_more_than_a_sequence_has(plant: Plant) -> None:
    """Predicts no more batches than a Sequence has, whatever `steps` of `predict` says."""

    def cut(request: Any) -> dict[str, Any]:
        given = sources.is_sequence(request.x) and request.steps
        return {"steps": min(request.steps, len(request.x))} if given else {}

    change_calls(plant, "predict", cut)


@saboteur("predict.steps.fractional")
def rounds_steps_of_predict_down(plant: Plant) -> None:
    """Makes the whole number of steps below a fractional one."""
    round_steps_down(plant, "predict")
