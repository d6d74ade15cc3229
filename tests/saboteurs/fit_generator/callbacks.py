"""Saboteurs of `fit_generator`: callbacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.reference.callbacks import History

from ..changed_readings import change_end
from ..changed_requests import change_in_fit_generator
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
