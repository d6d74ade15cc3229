"""Saboteurs of `fit_generator`: how many batches make a validation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.data import sources

from ..changed_requests import change_in_fit_generator
from ..planting import saboteur

if TYPE_CHECKING:
    from ..planting import Plant


@saboteur("fit_generator.validation_steps.required-for-generator")
def validates_on_one_item_where_no_steps_are_given(plant: Plant) -> None:
    """Takes a validation generator without a number of steps for one step."""

    def one(request: Any) -> dict[str, Any]:
        needed = request.validation_steps is None and hasattr(request.validation_data, "__next__")
        return {"validation_steps": 1} if needed else {}

    change_in_fit_generator(plant, "validation_source", one)


@saboteur("fit_generator.validation_steps.sequence-explicit")
def runs_through_all_of_a_validation_sequence(plant: Plant) -> None:
    """Validates on all of a Sequence, whatever number of steps is given."""

    def none(request: Any) -> dict[str, Any]:
        return {"validation_steps": None} if sources.is_sequence(request.validation_data) else {}

    change_in_fit_generator(plant, "validation_source", none)


@saboteur("fit_generator.validation_steps.sequence-explicit")
def validates_on_no_more_than_a_sequence_has(plant: Plant) -> None:
    """Validates on no more batches than a Sequence has, whatever `validation_steps` says."""

    def cut(request: Any) -> dict[str, Any]:
        data, steps = request.validation_data, request.validation_steps
        given = sources.is_sequence(data) and steps
        return {"validation_steps": min(steps, len(data))} if given else {}

    change_in_fit_generator(plant, "validation_source", cut)
