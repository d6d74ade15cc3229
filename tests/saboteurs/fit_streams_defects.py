"""Saboteurs of `fit` on generators and Sequences."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from fitspec.reference.api import calls
from fitspec.reference.data import feeding, sources
from fitspec.reference.data.sources import IteratorBatches
from fitspec.reference.models.model import Model
from fitspec.reference.training import loop

from .changed_requests import change_request
from .planting import saboteur

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from fitspec.reference.data.batches import Batch

    from .planting import Plant


class Fitting:
    """Whether `fit` is at work by itself, not for `fit_generator`."""

    def __init__(self, plant: Plant) -> None:
        self._fit = plant.during(calls, "fit")
        self._for_generator = plant.during(Model, "fit_generator")

    def __bool__(self) -> bool:
        return bool(self._fit) and not self._for_generator

    def stop(self) -> None:
        """Ask for the end of the training."""
        ((model, _), _) = self._fit.calls[-1]
        model.stop_training = True


def change_in_fit(plant: Plant, step: str, change: Callable[[Any], dict[str, Any]]) -> None:
    """Have one step of `fit` see other arguments than the user gave, where x is no arrays."""
    now = Fitting(plant)

    def changed(_: Model, request: Any) -> dict[str, Any]:
        return change(request) if now and sources.yields_batches(request.x) else {}

    change_request(plant, step, changed)


def change_epochs(
    plant: Plant, change: Callable[[Any, Callable[[Any], Any]], Generator[Batch]]
) -> None:
    """Have an epoch of `fit` on a generator give other batches.

    Args:
        plant: plants the epochs.
        change: gives them, told the source and what they would be.
    """
    original = IteratorBatches.epoch
    now, in_training = Fitting(plant), plant.during(loop, "train_epoch")

    def epoch(self: Any) -> Generator[Batch]:
        return change(self, original) if now and in_training else original(self)

    plant(IteratorBatches, "epoch", epoch)


@saboteur("fit.x.generator")
def leaves_items_out_that_are_longer_than_the_first(plant: Plant) -> None:
    """Trains on the next item in place of one with more rows than the first."""

    def change(self: Any, _: Any) -> Generator[Batch]:
        first = None
        for _ in range(self.steps):
            batch = self._convert(next_of(self))
            first = first or batch.size
            while batch.size > first:
                batch = self._convert(next_of(self))
            yield batch

    change_epochs(plant, change)


def next_of(source: Any) -> object:
    """Return the next item of a generator.

    Raises:
        ValueError: it has ended.
    """
    for item in source._items:  # noqa: SLF001  the place of the defect
        return item
    raise ValueError("it ended")


@saboteur("fit.x.sequence")
def uses_one_batch_of_a_sequence_twice(plant: Plant) -> None:
    """Trains on the first batch of a shuffled Sequence again in place of the last one."""
    original = sources.order_of_batches
    now = Fitting(plant)

    def order_of_batches(length: int, *, shuffle: bool) -> list[int]:
        order = original(length, shuffle=shuffle)
        return order[:-1] + order[:1] if now and shuffle else order

    plant(sources, "order_of_batches", order_of_batches)


@saboteur("fit.x.triple-with-weights")
def fits_without_the_weights_of_an_item(plant: Plant) -> None:
    """Trains without the weights in the items of a generator or Sequence."""
    original = feeding.parts_of
    now = Fitting(plant)

    def parts_of(item: object) -> Any:
        x, y, weights = original(item)
        return x, y, None if now else weights

    plant(feeding, "parts_of", parts_of)


@saboteur("fit.y.forbidden-with-generator")
def ignores_targets_beside_a_generator(plant: Plant) -> None:
    """Ignores `y` where the batches bring targets."""
    change_in_fit(plant, "streamed_training_source", lambda _: {"y": None})


@saboteur("fit.batch_size.not-with-generator")
def ignores_a_batch_size_beside_a_generator(plant: Plant) -> None:
    """Ignores `batch_size` where the batches are made already."""
    change_in_fit(plant, "streamed_training_source", lambda _: {"batch_size": None})


@saboteur("fit.validation_split.not-with-generator")
def ignores_a_split_beside_a_generator(plant: Plant) -> None:
    """Ignores `validation_split` where there is nothing to split."""
    change_in_fit(plant, "streamed_training_source", lambda _: {"validation_split": 0.0})


@saboteur("fit.sample_weight.not-with-generator")
def ignores_sample_weights_beside_a_generator(plant: Plant) -> None:
    """Ignores `sample_weight` where the batches may bring weights."""
    change_in_fit(plant, "streamed_training_source", lambda _: {"sample_weight": None})


@saboteur(
    "fit.validation_data.dataset-or-iterator",
    also=("fit.validation_steps.iterable",),
)
def validates_on_arrays_beside_arrays(plant: Plant) -> None:
    """Wants arrays to validate on where arrays are trained on."""
    original = calls.validation_source

    def validation_source(model: Model, request: Any, tail: Any) -> Any:
        streamed = sources.yields_batches(request.validation_data)
        if streamed and not sources.yields_batches(request.x):
            calls.validation_arrays(request.validation_data)
        return original(model, request, tail)

    plant(calls, "validation_source", validation_source)


@saboteur(
    "fit.steps_per_epoch.ends-epoch",
    also=("fit.steps_per_epoch.iterable",),
)
def shortens_epochs_of_a_generator_after_the_first(plant: Plant) -> None:
    """Ends each epoch of two steps but the first one step early."""

    def change(self: Any, original: Callable[[Any], Any]) -> Generator[Batch]:
        later = self.__dict__.setdefault("epochs", 0)
        self.__dict__["epochs"] = 1
        for index, batch in enumerate(original(self)):
            if later and self.steps == 2 and index == 1:
                return
            yield batch

    change_epochs(plant, change)


@saboteur("fit.validation_steps.number-of-batches")
def validates_one_step_more(plant: Plant) -> None:
    """Draws one batch more from a validation generator than `validation_steps` says."""

    def more(request: Any) -> dict[str, Any]:
        counted = request.validation_steps and hasattr(request.validation_data, "__next__")
        return {"validation_steps": request.validation_steps + 1} if counted else {}

    change_in_fit(plant, "validation_source", more)


@saboteur("fit.shuffle.sequence")
def keeps_the_order_of_a_sequence(plant: Plant) -> None:
    """Shuffles no Sequence given to `fit`."""
    change_in_fit(plant, "streamed_training_source", lambda _: {"shuffle": False})


# --- generators that end ------------------------------------------------------------------------


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
        if now and self._items._workers.count and next(self._items, None) is None:  # noqa: SLF001  the place of the defect
            warnings.warn("the generator has ended", UserWarning, stacklevel=2)
        original(self)

    plant(IteratorBatches, "close", close)


@saboteur("fit.x.generator-ends-at-once")
def makes_an_epoch_of_nothing(plant: Plant) -> None:
    """Warns and ends training where a generator gives nothing."""
    now = Fitting(plant)
    original_means = loop.Tally.means

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

    def means(self: Any) -> list[float]:
        return original_means(self) or [float("nan")]

    change_epochs(plant, change)
    plant(loop.Tally, "means", means)


@saboteur("fit.x.generator-without-steps")
def makes_an_epoch_of_all_that_a_generator_gives(plant: Plant) -> None:
    """Draws all items of a generator without a number of steps before it trains on them."""

    def drawn(request: Any) -> dict[str, Any]:
        if request.steps_per_epoch is not None or not hasattr(request.x, "__next__"):
            return {}
        items = list(request.x)
        return {"x": iter(items), "steps_per_epoch": len(items)}

    change_in_fit(plant, "streamed_training_source", drawn)
