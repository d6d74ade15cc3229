"""Saboteurs of `fit_generator`: how a Sequence is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.data import prefetch, sources, worker_processes
from fitspec.reference.data.sources import SequenceBatches
from fitspec.reference.models.model import Model

from ..changed_readings import change_end
from ..changed_streams import change_pairs
from ..direct_calls import called
from ..planting import saboteur

if TYPE_CHECKING:
    from ..planting import Plant


@saboteur("fit_generator.sequence.short-epoch-continuation")
def starts_every_epoch_at_the_first_batch(plant: Plant) -> None:
    """Starts a Sequence again in each epoch, however many steps the last one had."""
    original = sources.continued_indices
    now = plant.during(Model, "fit_generator")

    def continued_indices(position: int, steps: int, length: int) -> list[int]:
        return original(0 if now else position, steps, length)

    plant(sources, "continued_indices", continued_indices)


@saboteur(
    "fit_generator.sequence.order-guarantee",
    also=["fit_generator.use_multiprocessing.started-afresh"],
)
def exchanges_the_batches_of_two_processes(plant: Plant) -> None:
    """Takes what the second of several processes makes before what the first makes."""
    applies = called(plant, "fit_generator")
    original = worker_processes.items_in_order

    def items_in_order(sequence: Any, indices: list[int], *args: Any) -> Any:
        if applies() and len(indices) > 1:
            indices = [indices[1], indices[0], *indices[2:]]
        return original(sequence, indices, *args)

    plant(worker_processes, "items_in_order", items_in_order)


@saboteur("fit_generator.sequence.each-index-once", also=["fit_generator.shuffle.batch-order"])
def uses_a_batch_twice_with_processes(plant: Plant) -> None:
    """Has processes make the first batch of a shuffled epoch again in place of the last."""
    applies = called(plant, "fit_generator")
    original = SequenceBatches._indices  # noqa: SLF001  where the defect belongs

    def indices(self: SequenceBatches) -> list[int]:
        order = original(self)
        shuffled = self.shuffle and self.workers.processes
        return [*order[:-1], order[0]] if shuffled and applies() else order

    plant(SequenceBatches, "_indices", indices)


@saboteur("fit_generator.sequence.exception")
def loses_the_message_of_what_a_sequence_raises(plant: Plant) -> None:
    """Raises the exception of a Sequence without its message."""

    def end(generator: Any, error: Exception) -> None:
        if sources.is_sequence(generator):
            raise type(error) from error
        raise error

    change_end(plant, ArithmeticError, end)


@saboteur("fit_generator.sequence.on_epoch_end", also=["fit_generator.sequence.length-may-change"])
def tells_a_sequence_nothing(plant: Plant) -> None:
    """Never calls `on_epoch_end` of a Sequence given to `fit_generator`."""
    original = SequenceBatches.end_epoch
    now = plant.during(Model, "fit_generator")

    def end_epoch(self: SequenceBatches) -> None:
        if not now:
            original(self)

    plant(SequenceBatches, "end_epoch", end_epoch)


@saboteur("fit_generator.sequence.length-may-change")
def keeps_the_first_length_of_a_sequence(plant: Plant) -> None:
    """Asks a Sequence given to `fit_generator` for its length once."""
    original = sources.number_of_batches
    now = plant.during(Model, "fit_generator")
    known: dict[Any, int] = {}

    def number_of_batches(sequence: Any) -> int:
        length = original(sequence)
        return known.setdefault(sequence, length) if now else length

    plant(sources, "number_of_batches", number_of_batches)


@saboteur("fit_generator.sequence.each-index-once", also=["fit_generator.sequence.order-guarantee"])
def reads_the_first_item_in_place_of_a_rest(plant: Plant) -> None:
    """Has two processes of an odd number of items read the first again, and not the last."""
    original, now = worker_processes.items_in_order, plant.during(Model, "fit_generator")

    def items_in_order(sequence: Any, indices: list[int], workers: int, size: int) -> Any:
        if now and workers == 2 and len(indices) % workers:
            indices = [*indices[:-1], indices[0]]
        return original(sequence, indices, workers, size)

    plant(worker_processes, "items_in_order", items_in_order)


@saboteur("fit_generator.sequence.order-guarantee")
def turns_the_pairs_of_three_threads(plant: Plant) -> None:
    """Has items that three threads make change places two by two."""
    change_pairs(plant, "fit_generator", 3, prefetch)
