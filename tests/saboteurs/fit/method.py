"""Saboteurs of `fit`: its signature, and how far ahead batches are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.reference.models.model import Model

from ..changed_readings import change_defaults
from ..changed_streams import read_otherwise
from ..planting import saboteur

if TYPE_CHECKING:
    from ..planting import Plant


@saboteur(
    "fit.signature.defaults",
    also=[
        "fit.max_queue_size.default-10",
    ],
)
def prepares_a_hundred_batches_by_default(plant: Plant) -> None:
    """Lets 100 batches wait in the queue by default."""
    plant.default(Model, "fit", "max_queue_size", 100)


@saboteur("fit.max_queue_size.default-10")
def queues_fewer_than_ten_in_fit(plant: Plant) -> None:
    """Has a queue of 8 in `fit` when no size is given."""
    change_defaults(plant, "fit", max_queue_size=8)


@saboteur("fit.max_queue_size.default-10")
def reads_what_it_validates_on_far_ahead(plant: Plant) -> None:
    """Draws up to 100 batches ahead of the validation in `fit`."""
    read_otherwise(plant, "fit", validating=True, max_queue_size=100)


@saboteur("fit.max_queue_size.default-10")
def has_a_queue_of_10_whatever_size_is_given(plant: Plant) -> None:
    """Ignores the size of the queue that `fit` is given."""
    read_otherwise(plant, "fit", validating=False, max_queue_size=10)
