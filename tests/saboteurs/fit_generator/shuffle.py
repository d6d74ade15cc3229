"""Saboteurs of `fit_generator`: shuffling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.data import sources
from fitspec.reference.data.sources import SequenceBatches
from fitspec.reference.models.model import Model

from ..changed_requests import change_in_fit_generator
from ..planting import saboteur

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..planting import Plant

#: Fewer items would be in order by accident at times.
MANY = 12


@saboteur(
    "fit_generator.shuffle.batch-order",
    also=["fit_generator.shuffle.default-true", "fit_generator.shuffle.with-workers-zero"],
)
def shuffles_a_sequence_once(plant: Plant) -> None:
    """Uses the shuffled order of the first epoch of `fit_generator` for all."""
    original = sources.order_of_batches
    now = plant.during(Model, "fit_generator")
    orders: dict[int, list[int]] = {}

    def order_of_batches(length: int, *, shuffle: bool) -> list[int]:
        order = original(length, shuffle=shuffle)
        return orders.setdefault(length, order) if now and shuffle else order

    plant(sources, "order_of_batches", order_of_batches)


@saboteur("fit_generator.shuffle.batch-order")
def shuffles_no_first_epoch(plant: Plant) -> None:
    """Shuffles a Sequence after each epoch, and so not for the first, where it is told to."""
    original = SequenceBatches._indices  # noqa: SLF001  the place of the defect
    now = plant.during(Model, "fit_generator")

    def indices(self: Any) -> list[int]:
        first = not self.__dict__.setdefault("epochs", 0)
        self.__dict__["epochs"] = 1
        explicit = bool(now) and "shuffle" in now.calls[-1][1]
        if explicit and first and self._steps is None and self.workers.count:
            return list(range(len(self.data)))
        return original(self)

    plant(SequenceBatches, "_indices", indices)


@saboteur("fit_generator.shuffle.default-true")
def shuffles_a_sequence_only_when_asked(plant: Plant) -> None:
    """Keeps the order of a Sequence unless `shuffle` is given."""
    original = Model.fit_generator

    def fit_generator(self: Model, *args: Any, **kwargs: Any) -> Any:
        return original(self, *args, **{"shuffle": False, **kwargs})

    plant(Model, "fit_generator", fit_generator)


@saboteur(
    "fit_generator.shuffle.default-true",
    also=[
        "fit_generator.sequence.each-index-once",
        "fit_generator.shuffle.batch-order",
        "fit_generator.shuffle.with-workers-zero",
    ],
)
def uses_a_batch_of_a_shuffled_sequence_twice(plant: Plant) -> None:
    """Uses the first batch of a shuffled Sequence again in place of the last."""
    original = sources.order_of_batches
    now = plant.during(Model, "fit_generator")

    def order_of_batches(length: int, *, shuffle: bool) -> list[int]:
        order = original(length, shuffle=shuffle)
        return [order[0], *order[:-1]] if now and shuffle and length > 1 else order

    plant(sources, "order_of_batches", order_of_batches)


@saboteur("fit_generator.shuffle.ignored-for-generators")
def exchanges_items_of_a_generator(plant: Plant) -> None:
    """Takes the items of a generator two by two, the second one first, if told to shuffle."""
    original = Model.fit_generator

    def exchanged(items: Iterator[object]) -> Iterator[object]:
        for first in items:
            yield from (next(items), first)

    def fit_generator(self: Model, generator: Any, *args: Any, **kwargs: Any) -> Any:
        if kwargs.get("shuffle") and hasattr(generator, "__next__"):
            generator = exchanged(generator)
        return original(self, generator, *args, **kwargs)

    plant(Model, "fit_generator", fit_generator)


@saboteur("fit_generator.shuffle.no-effect-with-steps")
def shuffles_a_sequence_in_spite_of_steps(plant: Plant) -> None:
    """Shuffles a Sequence although a number of steps is given."""
    original = sources.continued_indices
    now = plant.during(Model, "fit_generator")

    def continued_indices(position: int, steps: int, length: int) -> list[int]:
        if now and now.calls[-1][1].get("shuffle"):
            order = sources.order_of_batches(length, shuffle=True)
            return [order[index] for index in original(position, steps, length)]
        return original(position, steps, length)

    plant(sources, "continued_indices", continued_indices)


@saboteur("fit_generator.shuffle.with-workers-zero")
def shuffles_nothing_on_the_main_thread(plant: Plant) -> None:
    """Keeps the order of a Sequence without workers."""
    original = SequenceBatches._indices  # noqa: SLF001  the place of the defect
    now = plant.during(Model, "fit_generator")

    def indices(self: Any) -> list[int]:
        if now and self._steps is None and not self.workers.count:
            return list(range(len(self.data)))
        return original(self)

    plant(SequenceBatches, "_indices", indices)


@saboteur("fit_generator.shuffle.batch-order")
def leaves_the_first_batch_in_its_place(plant: Plant) -> None:
    """Moves all batches of a Sequence but the first."""
    original, now = sources.order_of_batches, plant.during(Model, "fit_generator")

    def order_of_batches(length: int, *, shuffle: bool) -> list[int]:
        order = original(length, shuffle=shuffle)
        return [0, *(index for index in order if index)] if now else order

    plant(sources, "order_of_batches", order_of_batches)


@saboteur("fit_generator.shuffle.with-workers-zero")
def keeps_the_order_of_the_first_epoch_without_workers(plant: Plant) -> None:
    """Shuffles a Sequence that the main thread reads once for all epochs."""
    original = vars(sources.SequenceBatches)["_indices"]
    now = plant.during(Model, "fit_generator")

    def indices(self: Any) -> list[int]:
        order: list[int] = original(self)
        if now and not self.workers.count:
            order = self.__dict__.setdefault("kept_order", order)
        return order

    plant(sources.SequenceBatches, "_indices", indices)


@saboteur("fit_generator.shuffle.ignored-for-generators")
def mixes_items_that_the_main_thread_draws(plant: Plant) -> None:
    """Draws all items of a long epoch and trains on them in another order, without workers."""
    original = sources.IteratorBatches.epoch
    now = plant.during(Model, "fit_generator")

    def epoch(self: Any) -> Any:
        drawn = original(self)
        if not now or self.workers.count or self.steps < MANY:
            return drawn
        items = [*drawn]
        return (items[index] for index in sources.order_of_batches(len(items), shuffle=True))

    plant(sources.IteratorBatches, "epoch", epoch)


@saboteur("fit_generator.shuffle.batch-order")
def shuffles_nothing_for_several_threads(plant: Plant) -> None:
    """Keeps the order of a Sequence that several threads read."""
    change_in_fit_generator(
        plant,
        "training_source",
        lambda request: (
            {"shuffle": False}
            if request.workers.count > 1 and not request.workers.processes
            else {}
        ),
    )


@saboteur("fit_generator.shuffle.batch-order")
def shuffles_nothing_for_processes(plant: Plant) -> None:
    """Keeps the order of a Sequence that processes read."""
    change_in_fit_generator(
        plant,
        "training_source",
        lambda request: {"shuffle": False} if request.workers.processes else {},
    )


@saboteur("fit_generator.shuffle.batch-order")
def shuffles_no_epoch_of_a_later_beginning(plant: Plant) -> None:
    """Takes the batches of a Sequence in order where `initial_epoch` is not 0."""
    change_in_fit_generator(
        plant, "fit", lambda request: {"shuffle": False} if request.initial_epoch else {}
    )
