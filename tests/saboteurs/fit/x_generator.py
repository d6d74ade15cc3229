"""Saboteurs of `fit`: generators, and how they end."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from fitspec.reference.data import feeding
from fitspec.reference.data.sources import IteratorBatches
from fitspec.reference.training import loop

from ..fit_on_streams import Fitting, change_epochs, change_in_fit
from ..planting import saboteur

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from fitspec.reference.data.batches import Batch

    from ..planting import Plant


def next_of(source: Any) -> object:
    """Return the next item of a generator.

    Raises:
        ValueError: it has ended.
    """
    for item in source._items:  # noqa: SLF001  the place of the defect
        return item
    raise ValueError("it ended")


@saboteur("fit.x.generator")
def leaves_items_out_that_are_longer_than_the_first(plant: Plant) -> None:
    """Trains on the next item in place of one with more rows than the first."""

    def change(self: Any, _: Any) -> Generator[Batch]:
        first = None
        for _ in range(self.steps):
            batch = self.convert(next_of(self))
            first = first or batch.size
            while batch.size > first:
                batch = self.convert(next_of(self))
            yield batch

    change_epochs(plant, change)


@saboteur("fit.x.generator-ends-early")
def warns_of_a_generator_that_ends_early(plant: Plant) -> None:
    """Warns and ends training where a generator ends in the middle of an epoch."""
    now = Fitting(plant)

    def change(self: Any, original: Callable[[Any], Any]) -> Generator[Batch]:
        given = 0
        try:
            for batch in original(self):
                given += 1
                yield batch
        except ValueError as error:
            if not given or "it ended" not in str(error):
                raise
            warnings.warn(str(error), UserWarning, stacklevel=2)
            now.stop()

    change_epochs(plant, change)


@saboteur("fit.x.generator-ends-on-time")
def warns_of_a_generator_that_ends_on_time(plant: Plant) -> None:
    """Warns where a generator that was drawn in the background ends after the last step."""
    original = IteratorBatches.close
    now = Fitting(plant)

    def close(self: Any) -> None:
        if now and self.workers.count and next(self._items, None) is None:
            warnings.warn("the generator has ended", UserWarning, stacklevel=2)
        original(self)

    plant(IteratorBatches, "close", close)


@saboteur("fit.x.generator-ends-at-once")
def makes_an_epoch_of_nothing(plant: Plant) -> None:
    """Warns and ends training where a generator gives nothing."""
    now = Fitting(plant)
    original_means = loop.means

    def change(self: Any, original: Callable[[Any], Any]) -> Generator[Batch]:
        given = 0
        try:
            for batch in original(self):
                given += 1
                yield batch
        except ValueError as error:
            if given or "it ended" not in str(error):
                raise
            warnings.warn(str(error), UserWarning, stacklevel=2)
            now.stop()

    def means(losses: Any, sizes: Any) -> list[float]:
        return original_means(losses, sizes) or [float("nan")]

    change_epochs(plant, change)
    plant(loop, "means", means)


@saboteur("fit.x.generator-without-steps")
def makes_an_epoch_of_all_that_a_generator_gives(plant: Plant) -> None:
    """Draws all items of a generator without a number of steps before it trains on them."""

    def drawn(request: Any) -> dict[str, Any]:
        if request.steps_per_epoch is not None or not hasattr(request.x, "__next__"):
            return {}
        items = list(request.x)
        return {"x": iter(items), "steps_per_epoch": len(items)}

    change_in_fit(plant, "training_source", drawn)


@saboteur("fit.x.generator-of-lists")
def refuses_a_list_for_a_batch(plant: Plant) -> None:
    """Takes items of a generator or Sequence apart that are tuples, and refuses lists."""
    original = feeding.parts_of

    def parts_of(item: object) -> object:
        if isinstance(item, list):
            raise ValueError("generator: each item must be a tuple")  # noqa: TRY004  as Keras 3
        return original(item)

    plant(feeding, "parts_of", parts_of)


@saboteur("fit.x.generator", also=["fit.x.generator-ends-on-time", "fit.x.generator-ends-early"])
def passes_over_an_item_between_epochs(plant: Plant) -> None:
    """Passes over an item before the second epoch of three steps, in `fit`."""

    def change(self: Any, original: Callable[[Any], Any]) -> Generator[Batch]:
        later = self.__dict__.setdefault("epochs", 0)
        self.__dict__["epochs"] = 1
        if later and self.steps == 3:
            next(vars(self)["_items"])
        yield from original(self)

    change_epochs(plant, change)
