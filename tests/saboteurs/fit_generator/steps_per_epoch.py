"""Saboteurs of `fit_generator`: how many batches make an epoch."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from fitspec.reference.data import sources
from fitspec.reference.data.sources import SequenceBatches
from fitspec.reference.models.model import Model

from ..changed_requests import change_in_fit_generator, round_steps_down
from ..planting import saboteur

if TYPE_CHECKING:
    from ..planting import Plant


@saboteur("fit_generator.steps_per_epoch.required-for-generator")
def makes_one_step_where_none_is_given(plant: Plant) -> None:
    """Takes a generator without a number of steps for one step an epoch."""

    def one(request: Any) -> dict[str, Any]:
        needed = request.steps_per_epoch is None and hasattr(request.x, "__next__")
        return {"steps_per_epoch": 1} if needed else {}

    change_in_fit_generator(plant, "training_source", one)


@saboteur(
    "fit_generator.steps_per_epoch.sequence-len", also=["fit_generator.sequence.each-index-once"]
)
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

    change_in_fit_generator(plant, "training_source", fewer)


@saboteur("fit_generator.steps_per_epoch.fractional")
def rounds_a_number_of_steps_down(plant: Plant) -> None:
    """Makes the whole number of steps below a fractional one."""
    round_steps_down(plant, "fit_generator")


@saboteur("fit_generator.steps_per_epoch.fractional")
def rounds_steps_of_a_sequence_down(plant: Plant) -> None:
    """Makes the whole number of steps below a fractional one, with a Sequence."""

    def down(request: Any) -> dict[str, Any]:
        steps = request.steps_per_epoch if sources.is_sequence(request.x) else None
        return {"steps_per_epoch": math.floor(steps)} if steps else {}

    change_in_fit_generator(plant, "training_source", down)


@saboteur("fit_generator.steps_per_epoch.fractional")
def rounds_steps_to_the_nearest(plant: Plant) -> None:
    """Takes a fractional number of steps for the nearest whole one, and a half for the next."""

    def nearest(request: Any) -> dict[str, Any]:
        steps = request.steps_per_epoch
        return {"steps_per_epoch": math.floor(steps + 0.5)} if steps else {}

    change_in_fit_generator(plant, "training_source", nearest)


@saboteur("fit_generator.steps_per_epoch.explicit-beats-len")
def stops_at_the_length_on_the_main_thread(plant: Plant) -> None:
    """Has no more steps than a Sequence has batches, without workers."""
    original, now = SequenceBatches.__post_init__, plant.during(Model, "fit_generator")

    def post_init(self: SequenceBatches) -> None:
        if now and self.steps and not self.workers.count:
            self.steps = min(self.steps, len(self.data))
        original(self)

    plant(SequenceBatches, "__post_init__", post_init)
