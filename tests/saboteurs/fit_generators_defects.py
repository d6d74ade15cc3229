"""Saboteurs of `fit`: generators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference import arguments

from .planting import saboteur

if TYPE_CHECKING:
    from .planting import Plant


@saboteur("fit.workers.zero-main-thread")
def takes_no_workers_for_one(plant: Plant) -> None:
    """Starts one thread when no workers are wanted."""
    original = arguments.workers_of

    def workers_of(workers: Any, *args: Any) -> Any:
        return original(workers or 1, *args)

    plant(arguments, "workers_of", workers_of)
