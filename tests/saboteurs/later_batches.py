"""Defects that the first batch of an epoch does not show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.api import calls
from fitspec.reference.training import loop

from .direct_calls import called

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .planting import Plant


def reverse_three(plant: Plant, method: str, part: str, form: type, given: str) -> None:
    """Have a method use three inputs or targets in reverse from the second batch on.

    Args:
        plant: plants the reading of batches.
        method: that the user calls.
        part: of a batch: ``inputs`` or ``targets``.
        form: what the user gives them in.
        given: the argument that they are given in.
    """
    original, now = loop.each_batch, called(plant, method)
    at_work = plant.during(calls, method)

    def each_batch(source: Any) -> Iterator[tuple[int, Any]]:
        for index, batch in original(source):
            if index and now() and isinstance(getattr(at_work.calls[-1][0][1], given), form):
                values = getattr(batch, part)
                setattr(batch, part, values[::-1] if len(values) == 3 else values)
            yield index, batch

    plant(loop, "each_batch", each_batch)
