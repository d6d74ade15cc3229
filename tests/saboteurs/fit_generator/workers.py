"""Saboteurs of `fit_generator`: the threads that make batches."""

from __future__ import annotations

import inspect
import itertools
import threading
from typing import TYPE_CHECKING, Any

from fitspec.reference.data import prefetch, sources
from fitspec.reference.data.worker_processes import ProcessReader

from ..changed_readings import change_reading, several_processes
from ..changed_streams import change_pairs, read_otherwise
from ..direct_calls import called
from ..planting import saboteur

if TYPE_CHECKING:
    from ..planting import Plant


@saboteur("fit_generator.workers.default-1")
def starts_two_workers_unasked(plant: Plant) -> None:
    """Has two workers in `fit_generator` when no number is given."""

    def change(_generator: Any, named: dict[str, Any]) -> dict[str, Any]:
        threads = "workers" not in named and not named.get("use_multiprocessing")
        # Two that read a validation Sequence ask for its batches in no order.
        return {"workers": 2} if threads and "validation_data" not in named else {}

    change_reading(plant, change)


@saboteur("fit_generator.workers.zero-main-thread")
def reads_a_sequence_in_the_background_without_workers(plant: Plant) -> None:
    """Starts a thread for a Sequence though no workers are wanted."""

    def change(generator: Any, named: dict[str, Any]) -> dict[str, Any]:
        main = named.get("workers") == 0 and sources.is_sequence(generator)
        return {"workers": 1} if main else {}

    change_reading(plant, change)


@saboteur("fit_generator.workers.upper-bound")
def starts_one_process_too_many(plant: Plant) -> None:
    """Starts one process more than there may be workers, for a Sequence."""

    def change(generator: Any, named: dict[str, Any]) -> dict[str, Any]:
        processes = several_processes(named) and sources.is_sequence(generator)
        return {"workers": named["workers"] + 1} if processes else {}

    change_reading(plant, change)


@saboteur("fit_generator.workers.upper-bound")
def starts_a_fourth_thread_for_three(plant: Plant) -> None:
    """Starts four threads for a Sequence where there may be three."""

    def change(generator: Any, named: dict[str, Any]) -> dict[str, Any]:
        threads = named.get("workers") == 3 and not named.get("use_multiprocessing")
        return {"workers": 4} if threads and sources.is_sequence(generator) else {}

    change_reading(plant, change)


@saboteur("fit_generator.workers.order-preserved", also=["fit_generator.sequence.order-guarantee"])
def trains_in_the_order_of_completion(plant: Plant) -> None:
    """Trains on the items of several threads as they are finished."""
    applies = called(plant, "fit_generator")
    original = prefetch.OrderedReader._deliver  # noqa: SLF001  where the defect belongs

    def deliver(self: Any, position: int, outcome: Any) -> bool:
        if applies() and not isinstance(self, ProcessReader):
            # The same number is never handed out twice: it is one call in the interpreter.
            position = next(vars(self).setdefault("finished", itertools.count()))
        return original(self, position, outcome)

    plant(prefetch.OrderedReader, "_deliver", deliver)


@saboteur("fit_generator.workers.plain-generator-thread-safety")
def refuses_a_generator_for_several_threads(plant: Plant) -> None:
    """Raises when several threads are to run a generator."""

    def change(generator: Any, named: dict[str, Any]) -> dict[str, Any]:
        threads = named.get("workers", 1) > 1 and not named.get("use_multiprocessing")
        if threads and inspect.isgenerator(generator):
            raise RuntimeError("several threads cannot run a generator")
        return {}

    change_reading(plant, change)


@saboteur("fit_generator.workers.in-parallel")
def makes_items_in_threads_one_after_the_other(plant: Plant) -> None:
    """Lets only one thread at a time make an item of a Sequence."""
    applies = called(plant, "fit_generator")
    original = prefetch.ItemsAt.__call__
    lock = threading.Lock()

    def read(self: prefetch.ItemsAt, position: int) -> object:
        if not applies():
            return original(self, position)
        with lock:
            return original(self, position)

    plant(prefetch.ItemsAt, "__call__", read)


@saboteur("fit_generator.workers.left-behind", also=["fit_generator.callbacks.interrupt"])
def leaves_threads_behind(plant: Plant) -> None:
    """Does not end the thread that draws from a generator."""
    applies = called(plant, "fit_generator")
    original = prefetch.OrderedReader.close

    def close(self: prefetch.OrderedReader) -> None:
        if not applies():
            original(self)

    plant(prefetch.OrderedReader, "close", close)


@saboteur("fit_generator.workers.zero-main-thread")
def fit_generator_validates_in_the_background_all_the_same(plant: Plant) -> None:
    """Starts a thread for what `fit_generator` validates on though no workers are wanted."""
    read_otherwise(plant, "fit_generator", validating=True, count=1, max_queue_size=10)


@saboteur("fit_generator.workers.order-preserved")
def gives_items_of_four_processes_in_pairs_the_wrong_way_round(plant: Plant) -> None:
    """Has items that four processes make change places two by two."""
    change_pairs(plant, "fit_generator", 4)


@saboteur("fit_generator.workers.upper-bound")
def has_four_workers_where_two_are_allowed(plant: Plant) -> None:
    """Reads in four threads where there may be two."""
    change_reading(
        plant,
        lambda _, named: (
            {"workers": 4} if named.get("workers") == 2 and not several_processes(named) else {}
        ),
    )
