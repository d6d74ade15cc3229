"""Saboteurs of `fit_generator`: the processes that make batches."""

from __future__ import annotations

import multiprocessing
import pickle
from typing import TYPE_CHECKING, Any

from fitspec.reference.data import prefetch, worker_processes
from fitspec.reference.data.worker_processes import ProcessReader, WorkerProcess

from ..direct_calls import called
from ..planting import saboteur

if TYPE_CHECKING:
    from ..planting import Plant


def are_started_afresh() -> bool:
    """Whether processes are no copies of this one."""
    usual = multiprocessing.get_all_start_methods()[0]
    return (multiprocessing.get_start_method(allow_none=True) or usual) == "spawn"


def can_be_pickled(value: object) -> bool:
    """Whether a value can be sent to another process."""
    try:
        pickle.dumps(value)
    except Exception:  # noqa: BLE001  whatever the user's object raises
        return False
    return True


def read_in_threads(plant: Plant, *, picklable: bool) -> None:
    """Read a Sequence in threads where it would have to go to processes that are started afresh.

    Args:
        plant: plants the reading.
        picklable: whether it can be sent there.
    """
    applies = called(plant, "fit_generator")
    original = worker_processes.items_in_order

    def items_in_order(sequence: Any, *args: Any) -> Any:
        instead = applies() and are_started_afresh() and can_be_pickled(sequence) is picklable
        return (prefetch.items_in_order if instead else original)(sequence, *args)

    plant(worker_processes, "items_in_order", items_in_order)


def change_copies(plant: Plant, wanted: int, instead: int) -> None:
    """Have `fit_generator` draw from another number of copies of a generator than is wanted."""
    applies = called(plant, "fit_generator")
    original = worker_processes.copies_of

    def copies_of(iterator: Any, workers: int, size: int) -> Any:
        changed = applies() and workers == wanted
        return original(iterator, instead if changed else workers, size)

    plant(worker_processes, "copies_of", copies_of)


@saboteur("fit_generator.use_multiprocessing.generator-duplicates")
def runs_a_generator_in_one_process_only(plant: Plant) -> None:
    """Runs a generator in one process though there may be two."""
    change_copies(plant, wanted=2, instead=1)


@saboteur("fit_generator.use_multiprocessing.single-process")
def runs_a_generator_in_two_processes(plant: Plant) -> None:
    """Runs a generator in two processes though there may be one."""
    change_copies(plant, wanted=1, instead=2)


@saboteur("fit_generator.use_multiprocessing.picklable")
def runs_a_generator_in_a_thread_instead(plant: Plant) -> None:
    """Runs a generator in a thread where a process cannot be given it."""
    applies = called(plant, "fit_generator")
    original = worker_processes.copies_of

    def copies_of(iterator: Any, workers: int, size: int) -> Any:
        if applies() and are_started_afresh():
            return prefetch.BackgroundIterator(iterator, size)
        return original(iterator, workers, size)

    plant(worker_processes, "copies_of", copies_of)


@saboteur("fit_generator.use_multiprocessing.unpicklable-sequence")
def reads_what_cannot_be_pickled_in_threads(plant: Plant) -> None:
    """Reads a Sequence in threads where processes cannot be given it."""
    read_in_threads(plant, picklable=False)


@saboteur("fit_generator.use_multiprocessing.started-afresh")
def uses_processes_only_where_they_are_copies(plant: Plant) -> None:
    """Reads a Sequence in threads where processes would be started afresh."""
    read_in_threads(plant, picklable=True)


@saboteur("fit_generator.use_multiprocessing.exception")
def wraps_the_exceptions_of_processes(plant: Plant) -> None:
    """Raises a RuntimeError with the message of what was raised in a process."""
    applies = called(plant, "fit_generator")
    original = worker_processes.portable

    def portable(failure: BaseException) -> bytes:
        return original(RuntimeError(str(failure)) if applies() else failure)

    plant(worker_processes, "portable", portable)


@saboteur("fit_generator.use_multiprocessing.killed")
def makes_up_for_a_killed_process(plant: Plant) -> None:
    """Makes the items of a process that is gone where the model is."""
    applies = called(plant, "fit_generator")
    initialise, read = WorkerProcess.__init__, WorkerProcess.read

    def initialised(self: Any, context: Any, own: Any, what: str) -> None:
        self.stand_in = own
        initialise(self, context, own, what)

    def read_all_the_same(self: Any, position: int) -> object:
        try:
            return read(self, position)
        except RuntimeError:
            if not applies():
                raise
            return self.stand_in(position)

    plant(WorkerProcess, "__init__", initialised)
    plant(WorkerProcess, "read", read_all_the_same)


@saboteur("fit_generator.use_multiprocessing.left-behind")
def leaves_processes_behind(plant: Plant) -> None:
    """Does not end the processes that read a Sequence."""
    applies = called(plant, "fit_generator")
    original = ProcessReader.close
    kept: list[ProcessReader] = []

    def close(self: ProcessReader) -> None:
        if applies():
            # A process ends with its last reference too.
            kept.append(self)
        else:
            original(self)

    plant(ProcessReader, "close", close)
