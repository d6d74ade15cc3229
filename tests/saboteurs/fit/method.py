"""Saboteurs of `fit`: its signature, and how far ahead batches are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.reference.models.model import Model

from ..changed_readings import change_defaults
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
