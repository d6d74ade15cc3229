"""Saboteurs of `fit`: the threads that make batches."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from fitspec.reference.api import arguments
from fitspec.reference.data import prefetch
from fitspec.reference.models.model import Model

from ..direct_calls import called
from ..planting import saboteur

if TYPE_CHECKING:
    from ..planting import Plant


@saboteur("fit.workers.default-1-background")
def draws_the_first_batch_on_the_main_thread(plant: Plant) -> None:
    """Draws the first item of a generator in `fit` before it starts the worker."""
    applies = called(plant, "fit")
    original = prefetch.BackgroundIterator

    def background(iterator: Any, size: int) -> Any:
        first = [next(iterator)] if applies() else []
        return original(itertools.chain(first, iterator), size)

    plant(prefetch, "BackgroundIterator", background)


@saboteur(
    "fit.workers.zero-main-thread",
    also=["fit_generator.workers.zero-main-thread"],
)
def takes_no_workers_for_one(plant: Plant) -> None:
    """Starts one thread in `fit` when no workers are wanted."""
    original = arguments.workers_of

    def workers_of(workers: Any, *args: Any) -> Any:
        return original(workers or int(bool(fitting)), *args)

    fitting = plant.during(Model, "fit")
    plant(arguments, "workers_of", workers_of)
