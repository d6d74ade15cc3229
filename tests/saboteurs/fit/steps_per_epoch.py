"""Saboteurs of `fit`: how many batches make an epoch."""

from __future__ import annotations

import math
import numbers
from typing import TYPE_CHECKING, Any

from fitspec.reference.api import arguments
from fitspec.reference.data import iterable_batches, sources
from fitspec.reference.data.sources import ArrayBatches
from fitspec.reference.training import loop

from ..changed_requests import change_request, round_steps_down
from ..fit_on_streams import change_epochs, change_in_fit
from ..later_calls import keep_of_the_first_call
from ..planting import saboteur

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from fitspec.reference.data import batches
    from fitspec.reference.data.batches import Batch
    from fitspec.reference.models.model import Model

    from ..planting import Plant


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


@saboteur(
    "fit.steps_per_epoch.default-covers-data",
    also=[
        "fit.callbacks.batch-logs-metrics",
        "fit.returns.epoch-loss-sample-weighted-mean",
        "fit.callbacks.batch-logs-loss",
        "fit.callbacks.batch-logs-size",
        "fit.callbacks.batch-logs-metrics",
        "fit.returns.metrics-over-epoch",
    ],
)
def drops_what_fills_no_batch(plant: Plant) -> None:
    """Does not train on a last batch that is not full, for data of one feature."""
    original = ArrayBatches.epoch
    in_training = plant.during(loop, "train_epoch")

    def epoch(self: ArrayBatches) -> Iterator[batches.Batch]:
        # More features are what other clauses look at.
        is_single = all(getattr(one, "shape", ())[1:] == (1,) for one in self.arrays.inputs)
        full = self.arrays.count // self.batch_size
        for index, batch in enumerate(original(self)):
            if not (in_training and is_single and index == full > 0):
                yield batch

    plant(ArrayBatches, "epoch", epoch)


@saboteur("fit.steps_per_epoch.with-arrays", also=["fit.steps_per_epoch.zero"])
def cuts_arrays_into_the_steps_given(plant: Plant) -> None:
    """Makes as many batches of the data as there are steps, in order."""

    def cut(_: Model, request: Any) -> dict[str, Any]:
        if request.steps_per_epoch is None or request.batch_size is not None or request.x is None:
            return {}
        size = math.ceil(len(request.x) / request.steps_per_epoch)
        return {"steps_per_epoch": None, "batch_size": size, "shuffle": False}

    change_request(plant, "array_training_source", cut)


@saboteur("fit.steps_per_epoch.excludes-batch_size")
def ignores_steps_beside_a_batch_size(plant: Plant) -> None:
    """Ignores the number of steps when there is a batch size too."""

    def drop(_: Model, request: Any) -> dict[str, Any]:
        return {"steps_per_epoch": None} if request.batch_size is not None else {}

    change_request(plant, "array_training_source", drop)


@saboteur("fit.steps_per_epoch.zero")
def takes_no_steps_for_none_given(plant: Plant) -> None:
    """Takes 0 as `steps_per_epoch` for no number of steps."""
    original = arguments.steps_of

    def steps_of(value: Any, what: str) -> int | None:
        return original(None if value == 0 and what == "steps_per_epoch" else value, what)

    plant(arguments, "steps_of", steps_of)


@saboteur("fit.steps_per_epoch.not-finite")
def rounds_whatever_steps_it_gets(plant: Plant) -> None:
    """Rounds a number of steps up without a look whether that can be done."""
    original = arguments.steps_of

    def steps_of(value: Any, what: str) -> int | None:
        return original(math.ceil(value) if isinstance(value, numbers.Real) else value, what)

    plant(arguments, "steps_of", steps_of)


@saboteur("fit.steps_per_epoch.fractional", also=["fit_generator.steps_per_epoch.fractional"])
def rounds_steps_of_fit_down(plant: Plant) -> None:
    """Makes the whole number of steps below a fractional one."""
    round_steps_down(plant, "fit")


@saboteur("fit.steps_per_epoch.iterable")
def iterates_anew_in_every_epoch(plant: Plant) -> None:
    """Begins with the first batch in every epoch of some steps."""
    original = iterable_batches.iterable_source

    def iterable_source(*args: Any, anew: bool) -> Any:
        del anew
        return original(*args, anew=True)

    plant(iterable_batches, "iterable_source", iterable_source)


@saboteur(
    "fit.steps_per_epoch.default-covers-data",
    also=["fit.batch_size.last-batch-smaller", "fit.returns.metrics-over-epoch"],
)
def drops_the_rest_in_later_epochs(plant: Plant) -> None:
    """Trains on the incomplete last batch in the first epoch alone."""
    original = ArrayBatches.epoch
    training = plant.during(loop, "train_epoch")

    def epoch(self: ArrayBatches) -> Any:
        seen = vars(self)["epochs_seen"] = vars(self).get("epochs_seen", 0) + 1
        for batch in original(self):
            if not training or seen == 1 or batch.size == min(self.batch_size, self.arrays.count):
                yield batch

    plant(ArrayBatches, "epoch", epoch)


@saboteur("fit.steps_per_epoch.ends-epoch")
def trains_on_no_more_than_a_sequence_has(plant: Plant) -> None:
    """Makes no more steps of an epoch of `fit` than a Sequence has batches."""

    def cut(request: Any) -> dict[str, Any]:
        given = sources.is_sequence(request.x) and request.steps_per_epoch
        return {"steps_per_epoch": min(given, len(request.x))} if given else {}

    change_in_fit(plant, "training_source", cut)


@saboteur("fit.steps_per_epoch.ends-epoch")
def makes_as_many_steps_as_in_the_first_call(plant: Plant) -> None:
    """Makes as many steps in an epoch as the model's first call was told to."""
    keep_of_the_first_call(plant, "fit", "steps_per_epoch")
