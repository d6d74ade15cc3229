"""Saboteurs of `evaluate`: what is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.data import sources
from fitspec.reference.models.model import Model

from ..changed_requests import change_request
from ..direct_calls import change_calls
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


@saboteur("evaluate.verbose.default-1")
def is_silent_about_streams_by_default(plant: Plant) -> None:
    """Draws no bar for a stream in `evaluate` unless told to."""
    original = Model.evaluate

    def evaluate(self: Model, x: Any = None, *args: Any, **kwargs: Any) -> Any:
        if sources.yields_batches(x):
            kwargs = {"verbose": 0, **kwargs}
        return original(self, x, *args, **kwargs)

    plant(Model, "evaluate", evaluate)


@saboteur("evaluate.verbose.levels")
def draws_a_bar_for_streams_whatever_the_level(plant: Plant) -> None:
    """Draws a progress bar for Sequences though `evaluate` shall be silent."""
    change_calls(
        plant, "evaluate", lambda request: {"verbose": 1} if sources.is_sequence(request.x) else {}
    )


@saboteur("evaluate.verbose.levels", also=["evaluate.verbose.default-1"])
def is_silent_about_streams_whatever_the_level(plant: Plant) -> None:
    """Draws no progress bar for Sequences in `evaluate`."""
    change_calls(
        plant, "evaluate", lambda request: {"verbose": 0} if sources.is_sequence(request.x) else {}
    )


@saboteur("evaluate.verbose.levels", also=["evaluate.verbose.default-1"])
def draws_no_bar_of_a_generator_in_evaluate(plant: Plant) -> None:
    """Prints nothing while `evaluate` reads a generator."""
    change_calls(
        plant,
        "evaluate",
        lambda request: {"verbose": 0} if hasattr(request.x, "__next__") else {},
    )


@saboteur("evaluate.verbose.levels", also=["evaluate.verbose.default-1"])
def draws_no_bar_beside_callbacks_in_evaluate(plant: Plant) -> None:
    """Prints nothing in `evaluate` where there are callbacks."""
    change_calls(plant, "evaluate", lambda request: {"verbose": 0} if request.callbacks else {})
