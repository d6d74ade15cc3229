"""Saboteurs of `fit`: generators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.api import arguments
from fitspec.reference.models.model import Model

from .planting import saboteur

if TYPE_CHECKING:
    from .planting import Plant


@saboteur(
    "fit.workers.zero-main-thread",
    also=[
        "fit_generator.validation_freq",
        "fit_generator.workers.zero-main-thread",
    ],
)
def takes_no_workers_for_one(plant: Plant) -> None:
    """Starts one thread in `fit` when no workers are wanted."""
    original = arguments.workers_of

    def workers_of(workers: Any, *args: Any) -> Any:
        return original(workers or int(bool(fitting)), *args)

    fitting = plant.during(Model, "fit")
    plant(arguments, "workers_of", workers_of)
