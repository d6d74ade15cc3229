"""Saboteurs of `fit_generator`: callbacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.callbacks import History, dispatch

from ..changed_readings import change_end
from ..changed_requests import change_in_fit_generator
from ..on_sequences import OnSequence
from ..planting import saboteur

if TYPE_CHECKING:
    from ..planting import Plant


@saboteur("fit_generator.callbacks")
def hears_only_the_first_callback(plant: Plant) -> None:
    """Calls the first callback of the list alone."""
    change_in_fit_generator(
        plant,
        "fit",
        lambda request: {"callbacks": request.callbacks[:1]} if request.callbacks else {},
    )


@saboteur("fit_generator.callbacks.interrupt")
def holds_back_an_interrupt(plant: Plant) -> None:
    """Returns a History when the user interrupts `fit_generator`."""
    change_end(plant, KeyboardInterrupt, lambda _generator, _error: History())


@saboteur("fit_generator.callbacks")
def calls_one_callback_for_a_sequence(plant: Plant) -> None:
    """Calls only the first callback of a list where it reads a Sequence."""
    original, on_sequence = dispatch.listed, OnSequence(plant, "fit_generator")

    def listed(callbacks: object) -> Any:
        return original(callbacks)[:1] if on_sequence else original(callbacks)

    plant(dispatch, "listed", listed)
