"""Saboteurs of `evaluate`: what is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.reference.models.model import Model

from ..changed_requests import change_request
from ..planting import saboteur

if TYPE_CHECKING:
    from ..planting import Plant


@saboteur("evaluate.verbose.levels", also=["evaluate_generator.verbose"])
def draws_a_bar_for_every_evaluation(plant: Plant) -> None:
    """Draws a progress bar though `evaluate` shall be silent."""
    change_request(plant, "evaluate", lambda *_: {"verbose": 1})


@saboteur("evaluate.verbose.default-1", also=["evaluate.signature.defaults"])
def evaluates_silently_by_default(plant: Plant) -> None:
    """Prints nothing in `evaluate` when nothing else is said."""
    plant.default(Model, "evaluate", "verbose", 0)
