"""Saboteurs of `fit_generator`: how the reading of a generator goes on and ends."""

from __future__ import annotations

import inspect
import time
from typing import TYPE_CHECKING, Any

from fitspec.reference.api import arguments
from fitspec.reference.data import prefetch, sources
from fitspec.reference.data.sources import IteratorBatches
from fitspec.reference.models.model import Model
from fitspec.reference.training import loop

from ..changed_readings import change_end
from ..direct_calls import called
from ..planting import saboteur
from ..third_epochs import ThirdEpoch

if TYPE_CHECKING:
    from collections.abc import Generator

    from fitspec.reference.data.batches import Batch

    from ..planting import Plant


@saboteur(
    "fit_generator.generator.loops-forever",
    also=[
        "fit.steps_per_epoch.iterable",
        "fit.steps_per_epoch.ends-epoch",
    ],
    hangs=True,
)
def waits_for_a_generator_to_end(plant: Plant) -> None:
    """Draws what is left of a generator after three epochs of two steps."""
    original = loop.train

    def train(model: Model, source: Any, validation: Any, epochs: range, callbacks: Any) -> None:
        original(model, source, validation, epochs, callbacks)
        if isinstance(source, IteratorBatches) and (source.steps, len(epochs)) == (2, 3):
            items: Any = vars(source)["_items"]
            while next(items, None) is not None:
                time.sleep(0.01)

    plant(loop, "train", train)


@saboteur("fit_generator.generator.exception")
def wraps_the_exceptions_of_generators(plant: Plant) -> None:
    """Raises a RuntimeError with the message of what a generator raises."""

    def end(generator: Any, error: Exception) -> None:
        if inspect.isgenerator(generator):
            raise RuntimeError(str(error)) from error
        raise error

    change_end(plant, ArithmeticError, end)


@saboteur("fit_generator.generator.exception-after-items")
def raises_before_the_items_that_came_before(plant: Plant) -> None:
    """Raises what went wrong in a worker at once, before the items drawn before are used."""
    applies = called(plant, "fit_generator")
    original = prefetch.OrderedReader.__next__

    def draw(self: prefetch.OrderedReader) -> object:
        waiting = list(self._waiting.values())
        failures = [item.failure for item in waiting if item.failure is not None]
        if failures and applies():
            raise failures[0]
        return original(self)

    plant(prefetch.OrderedReader, "__next__", draw)


@saboteur(
    "fit_generator.generator.continues-across-epochs",
    also=["fit_generator.example.file-reader", "fit_generator.shuffle.ignored-for-generators"],
)
def loses_an_item_between_two_epochs(plant: Plant) -> None:
    """Drops the item that was drawn ahead when an epoch ends, unless on the main thread."""
    original = IteratorBatches.epoch
    now, in_training = plant.during(Model, "fit_generator"), plant.during(loop, "train_epoch")

    def epoch(self: Any) -> Generator[Batch]:
        later = self.__dict__.setdefault("epochs", 0)
        self.__dict__["epochs"] = 1
        if now and in_training and later and self.workers.count:
            next(self._items)
        yield from original(self)

    plant(IteratorBatches, "epoch", epoch)


@saboteur("fit_generator.generator.arrays")
def draws_from_arrays(plant: Plant) -> None:
    """Finds only as it draws from it that an array is no generator."""

    def require_stream(generator: Any) -> None:
        if not sources.yields_batches(generator):
            next(generator)

    plant(arguments, "require_stream", require_stream)


@saboteur("fit_generator.generator.continues-across-epochs")
def loses_an_item_in_a_validation(plant: Plant) -> None:
    """Draws an item of a generator of three steps when a validation on arrays has ended."""
    original, validated = IteratorBatches.epoch, []
    now, training = plant.during(Model, "fit_generator"), plant.during(loop, "train_epoch")
    validate = loop.validate

    def validating(*args: Any) -> Any:
        validated.append(args)
        return validate(*args)

    def epoch(self: Any) -> Generator[Batch]:
        if now and training and validated and self.steps == 3:
            validated.clear()
            next(self._items)
        yield from original(self)

    plant(IteratorBatches, "epoch", epoch)
    plant(loop, "validate", validating)


@saboteur("fit_generator.generator.continues-across-epochs")
def skips_an_item_before_a_third_epoch(plant: Plant) -> None:
    """Passes over an item of a generator before each epoch from the third on."""
    third = ThirdEpoch(plant)
    original, training = sources.IteratorBatches.epoch, plant.during(loop, "train_epoch")

    def epoch(self: sources.IteratorBatches) -> Any:
        if training and third:
            next(vars(self)["_items"])
        return original(self)

    plant(sources.IteratorBatches, "epoch", epoch)
