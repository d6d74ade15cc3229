"""Saboteurs of `fit`: the threads that make batches."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from fitspec.reference.api import arguments
from fitspec.reference.data import prefetch, sources
from fitspec.reference.models.model import Model

from ..changed_streams import read_otherwise
from ..direct_calls import called
from ..on_sequences import OnSequence
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


@saboteur("fit.workers.zero-main-thread")
def reads_a_sequence_in_the_background_all_the_same(plant: Plant) -> None:
    """Starts a thread for a Sequence though no workers are wanted."""
    original = vars(sources.SequenceBatches)["_items"]
    on_sequence = OnSequence(plant, "fit")

    def items(self: Any, indices: list[int]) -> Any:
        if on_sequence and not self.workers.count:
            return prefetch.items_in_order(self.data, indices, 1, 10)
        return original(self, indices)

    plant(sources.SequenceBatches, "_items", items)


@saboteur("fit.workers.default-1-background")
def validates_on_the_main_thread(plant: Plant) -> None:
    """Reads what `fit` validates on on the main thread, whatever it is told."""
    read_otherwise(plant, "fit", validating=True, count=0)


@saboteur("fit.workers.zero-main-thread")
def validates_in_the_background_all_the_same(plant: Plant) -> None:
    """Starts a thread for what `fit` validates on though no workers are wanted."""
    read_otherwise(plant, "fit", validating=True, count=1, max_queue_size=10)


@saboteur("fit.workers.zero-main-thread")
def starts_a_process_beside_no_workers(plant: Plant) -> None:
    """Starts one process in `fit` where processes are wanted and no workers."""
    original, fitting = arguments.workers_of, plant.during(Model, "fit")

    def workers_of(workers: Any, size: Any, processes: Any) -> Any:
        one = fitting and workers == 0 and processes
        return original(1 if one else workers, size, processes)

    plant(arguments, "workers_of", workers_of)


@saboteur("fit.workers.zero-main-thread")
def draws_beyond_the_queue_on_the_main_thread(plant: Plant) -> None:
    """Draws 11 items ahead of `fit` without workers, where the queue may hold 10."""
    original, now = sources.drawn, called(plant, "fit")

    def ahead(items: Any) -> Any:
        waiting = list(itertools.islice(items, 11))
        for item in items:
            waiting.append(item)
            yield waiting.pop(0)
        yield from waiting

    def drawn(iterator: Any, workers: Any) -> Any:
        main = now() and not workers.count
        return ahead(iterator) if main else original(iterator, workers)

    plant(sources, "drawn", drawn)
