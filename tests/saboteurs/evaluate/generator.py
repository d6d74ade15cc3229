"""Saboteurs of `evaluate`: how the reading of a generator goes on and ends."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from ..direct_calls import change_calls, change_exception, end_silently
from ..planting import saboteur

if TYPE_CHECKING:
    from ..planting import Plant


@saboteur("evaluate.generator.ends-early")
def evaluates_what_a_generator_gave_before_it_ended(plant: Plant) -> None:
    """Uses what there is in `evaluate` when a generator ends early, without a word."""
    end_silently(plant, "evaluate")


@saboteur("evaluate.generator.exception")
def raises_another_exception_in_evaluate(plant: Plant) -> None:
    """Has `evaluate` raise RuntimeError with the message of what a generator raised."""
    change_exception(plant, "evaluate")


@saboteur("evaluate.generator.second-call")
def evaluates_no_more_items_than_it_uses(plant: Plant) -> None:
    """Draws no more items of a generator than `evaluate` uses."""

    def limited(request: Any) -> dict[str, Any]:
        if request.steps is None or not hasattr(request.x, "__next__"):
            return {}
        return {"x": itertools.islice(request.x, request.steps)}

    change_calls(plant, "evaluate", limited)
