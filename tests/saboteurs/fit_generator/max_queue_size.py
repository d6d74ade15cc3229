"""Saboteurs of `fit_generator`: how far ahead batches are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.api import arguments
from fitspec.reference.data import prefetch, worker_processes

from ..changed_readings import change_defaults
from ..changed_streams import read_otherwise
from ..direct_calls import called
from ..planting import saboteur

if TYPE_CHECKING:
    from ..planting import Plant

#: Of a queue that is never full.
ENDLESS = 10**9


@saboteur("fit_generator.max_queue_size.default-10")
def queues_more_than_ten_in_fit_generator(plant: Plant) -> None:
    """Has a queue of 13 in `fit_generator` when no size is given."""
    change_defaults(plant, "fit_generator", max_queue_size=13)


@saboteur(
    "fit_generator.max_queue_size.bounds-prefetch",
    also=["fit_generator.max_queue_size.default-10"],
)
def queues_a_sequence_without_bound(plant: Plant) -> None:
    """Reads a Sequence ahead as far as it goes, whatever the size of the queue."""
    applies = called(plant, "fit_generator")
    original = prefetch.items_in_order

    def items_in_order(sequence: Any, indices: Any, workers: int, size: int) -> Any:
        return original(sequence, indices, workers, ENDLESS if applies() else size)

    plant(prefetch, "items_in_order", items_in_order)


@saboteur("fit_generator.max_queue_size.bounds-prefetch")
def queues_without_bound_what_processes_make(plant: Plant) -> None:
    """Has processes make all items of a Sequence ahead, whatever the size of the queue."""
    applies = called(plant, "fit_generator")
    original = worker_processes.items_in_order

    def items_in_order(sequence: Any, indices: Any, workers: int, size: int) -> Any:
        return original(sequence, indices, workers, ENDLESS if applies() else size)

    plant(worker_processes, "items_in_order", items_in_order)


@saboteur("fit_generator.max_queue_size.zero")
def takes_no_queue_for_an_endless_one(plant: Plant) -> None:
    """Prefetches without limit when the size of the queue is 0."""
    applies = called(plant, "fit_generator")
    original = arguments.workers_of

    def workers_of(workers: Any, size: Any, *args: Any) -> Any:
        return original(workers, ENDLESS if applies() and size == 0 else size, *args)

    plant(arguments, "workers_of", workers_of)


@saboteur("fit_generator.max_queue_size.default-10")
def fit_generator_reads_what_it_validates_on_far_ahead(plant: Plant) -> None:
    """Draws up to 100 items ahead of the validation in `fit_generator`."""
    read_otherwise(plant, "fit_generator", validating=True, max_queue_size=100)
