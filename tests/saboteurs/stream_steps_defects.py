"""Saboteurs of `fit_generator`: steps, epochs, what is printed, callbacks and History."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

from fitspec.reference.api import arguments
from fitspec.reference.callbacks import History
from fitspec.reference.data import sources
from fitspec.reference.data.sources import IteratorBatches, SequenceBatches
from fitspec.reference.models.model import Model
from fitspec.reference.training import loop

from .changed_requests import change_request
from .planting import saboteur

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from fitspec.reference.data.batches import Batch

    from .planting import Plant


def change_in_fit_generator(
    plant: Plant, step: str, change: Callable[[Any], dict[str, Any]]
) -> None:
    """Have one step of `fit_generator` see other arguments than the user gave.

    Args:
        plant: plants the step.
        step: function of `fitting` that takes a model and a request.
        change: returns the arguments that are to be others.
    """
    now = plant.during(Model, "fit_generator")
    change_request(plant, step, lambda _, request: change(request) if now else {})


@saboteur("fit_generator.signature.defaults")
def prints_a_line_an_epoch_by_default(plant: Plant) -> None:
    """Has 2 for the default of `verbose`."""
    plant.default(Model, "fit_generator", "verbose", 2)


@saboteur(
    "fit_generator.generator.loops-forever",
    also=[
        "fit.steps_per_epoch.iterable",
        "fit.steps_per_epoch.ends-epoch",
    ],
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


@saboteur(
    "fit_generator.epoch-ends-after-steps",
    also=[
        "fit_generator.generator.continues-across-epochs",
        "fit_generator.steps_per_epoch.fractional",
        "fit_generator.example.file-reader",
    ],
)
def counts_what_was_drawn_ahead_into_the_next_epoch(plant: Plant) -> None:
    """Ends each epoch but the first of three or more steps one step early."""
    original = IteratorBatches.epoch
    now, in_training = plant.during(Model, "fit_generator"), plant.during(loop, "train_epoch")

    def epoch(self: Any) -> Generator[Batch]:
        steps = self.steps
        if now and in_training and steps > 2 and self.__dict__.setdefault("epochs", 0):
            steps -= 1
        self.__dict__["epochs"] = 1
        for index, batch in enumerate(original(self)):
            if index == steps:
                return
            yield batch

    plant(IteratorBatches, "epoch", epoch)


@saboteur(
    "fit_generator.generator.continues-across-epochs",
    also=["fit_generator.example.file-reader"],
)
def loses_an_item_between_two_epochs(plant: Plant) -> None:
    """Drops the item that was drawn ahead when an epoch ends, unless on the main thread."""
    original = IteratorBatches.epoch
    now, in_training = plant.during(Model, "fit_generator"), plant.during(loop, "train_epoch")

    def epoch(self: Any) -> Generator[Batch]:
        later = self.__dict__.setdefault("epochs", 0)
        self.__dict__["epochs"] = 1
        if now and in_training and later and self._items._workers.count:  # noqa: SLF001  the place of the defect
            next(self._items)
        yield from original(self)

    plant(IteratorBatches, "epoch", epoch)


@saboteur("fit_generator.steps_per_epoch.required-for-generator")
def makes_one_step_where_none_is_given(plant: Plant) -> None:
    """Takes a generator without a number of steps for one step an epoch."""

    def one(request: Any) -> dict[str, Any]:
        needed = request.steps_per_epoch is None and hasattr(request.x, "__next__")
        return {"steps_per_epoch": 1} if needed else {}

    change_in_fit_generator(plant, "streamed_training_source", one)


@saboteur("fit_generator.steps_per_epoch.sequence-len")
def fills_an_epoch_up_to_an_even_number(plant: Plant) -> None:
    """Uses the first batch of a shuffled Sequence again where its length is odd."""
    original = sources.order_of_batches
    now = plant.during(Model, "fit_generator")

    def order_of_batches(length: int, *, shuffle: bool) -> list[int]:
        order = original(length, shuffle=shuffle)
        return order + order[:1] if now and shuffle and length > 3 and length % 2 else order

    plant(sources, "order_of_batches", order_of_batches)


@saboteur("fit_generator.steps_per_epoch.explicit-beats-len")
def ends_an_epoch_with_the_sequence(plant: Plant) -> None:
    """Makes no more steps than a Sequence has batches, whatever was given."""

    def fewer(request: Any) -> dict[str, Any]:
        if request.steps_per_epoch is None or not sources.is_sequence(request.x):
            return {}
        return {"steps_per_epoch": min(request.steps_per_epoch, len(request.x))}

    change_in_fit_generator(plant, "streamed_training_source", fewer)


@saboteur("fit_generator.sequence.short-epoch-continuation")
def starts_every_epoch_at_the_first_batch(plant: Plant) -> None:
    """Starts a Sequence again in each epoch, however many steps the last one had."""
    original = sources.continued_indices
    now = plant.during(Model, "fit_generator")

    def continued_indices(position: int, steps: int, length: int) -> list[int]:
        return original(0 if now else position, steps, length)

    plant(sources, "continued_indices", continued_indices)


@saboteur("fit_generator.steps_per_epoch.fractional")
def rounds_a_number_of_steps_down(plant: Plant) -> None:
    """Makes the whole number of steps below a fractional one."""
    original = arguments.steps_of
    now = plant.during(Model, "fit_generator")

    def steps_of(value: Any, what: str) -> int | None:
        fraction = now and isinstance(value, float)
        return original(math.floor(value) if fraction else value, what)

    plant(arguments, "steps_of", steps_of)


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


# --- epochs, what is printed, callbacks, History ------------------------------------------------


@saboteur("fit_generator.epochs.final-epoch", also=["fit_generator.initial_epoch"])
def runs_epochs_more_epochs_of_a_generator(plant: Plant) -> None:
    """Trains `epochs` more epochs instead of up to the epoch of that index."""

    def more(request: Any) -> dict[str, Any]:
        return {"epochs": request.initial_epoch + request.epochs}

    change_in_fit_generator(plant, "fit", more)


@saboteur("fit_generator.initial_epoch", also=["fit_generator.epochs.final-epoch"])
def counts_the_epochs_of_a_generator_anew(plant: Plant) -> None:
    """Runs the epochs from `initial_epoch` on as if they were the first ones."""

    def anew(request: Any) -> dict[str, Any]:
        return {"epochs": request.epochs - request.initial_epoch, "initial_epoch": 0}

    change_in_fit_generator(plant, "fit", anew)


@saboteur("fit_generator.verbose.levels")
def draws_a_bar_at_every_level(plant: Plant) -> None:
    """Draws a progress bar where a line for each epoch is asked for."""
    change_in_fit_generator(
        plant, "fit", lambda request: {"verbose": 1} if request.verbose == 2 else {}
    )


@saboteur("fit_generator.callbacks")
def hears_only_the_first_callback(plant: Plant) -> None:
    """Calls the first callback of the list alone."""
    change_in_fit_generator(
        plant,
        "fit",
        lambda request: {"callbacks": request.callbacks[:1]} if request.callbacks else {},
    )


@saboteur("fit_generator.returns.history")
def keeps_only_losses_of_training(plant: Plant) -> None:
    """Leaves the training values of metrics out of the History."""
    original = History.on_epoch_end
    now = plant.during(Model, "fit_generator")

    def on_epoch_end(self: History, epoch: int, logs: Any) -> None:
        kept = {key: logs[key] for key in logs if "loss" in key or key.startswith("val_")}
        original(self, epoch, kept if now else logs)

    plant(History, "on_epoch_end", on_epoch_end)
