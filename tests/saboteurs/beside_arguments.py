"""Defects of `fit` on arrays that show where one argument is beside another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.api import calls
from fitspec.reference.data import batch_order
from fitspec.reference.training import loop

from .changed_requests import change_request

if TYPE_CHECKING:
    from collections.abc import Callable

    from .planting import Plant

    Beside = Callable[[Any], object]


def is_beside(argument: str) -> Beside:
    """Return what says whether a request has an argument that means something."""

    def has(request: Any) -> bool:
        value = getattr(request, argument)
        return value is not None and (not isinstance(value, (int, float)) or value != 0)

    return has


def shuffle_otherwise(plant: Plant, shuffle: object, beside: Beside) -> None:
    """Have `fit` shuffle in another way than it is told to, where `beside` holds of the request."""

    def change(_: Any, request: Any) -> dict[str, object]:
        return {"shuffle": shuffle} if beside(request) else {}

    change_request(plant, "array_training_source", change)


def change_batches(plant: Plant, beside: Beside, change: Callable[[list[Any]], list[Any]]) -> None:
    """Have `fit` train on other batches, where the last is not full and `beside` holds.

    Args:
        plant: plants the order of batches.
        beside: takes the request.
        change: takes the rows of the batches of an epoch, and returns others.
    """
    original = batch_order.rows_of_batches
    fits, validates = plant.during(calls, "fit"), plant.during(loop, "test")

    def rows_of_batches(count: int, batch_size: int, shuffle: bool | str) -> list[Any]:
        rows: list[Any] = original(count, batch_size, shuffle)
        trains = fits and not validates and count > batch_size and count % batch_size
        return change(rows) if trains and beside(fits.calls[-1][0][1]) else rows

    plant(batch_order, "rows_of_batches", rows_of_batches)
