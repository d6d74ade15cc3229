"""Defects in how a source of batches is read, for training or for validation."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fitspec.reference.api import calls
from fitspec.reference.data import sources, worker_processes
from fitspec.reference.training import loop

from .direct_calls import called

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from .planting import Plant


def read_otherwise(
    plant: Plant,
    method: str,
    *,
    validating: bool,
    applies: Callable[[Any], bool] = lambda _: True,
    **workers: Any,
) -> None:
    """Have a method read sources by other workers than it was told to.

    Args:
        plant: plants the reading.
        method: that the user calls.
        validating: whether this happens to what is validated on, or to the other.
        applies: whether it happens to a source.
        workers: what is other of the `Workers`.
    """
    original, now = calls.stream, called(plant, method)
    validation = plant.during(calls, "validation_source")

    def stream(x: Any, request: Any, *args: Any, **named: Any) -> Any:
        if now() and bool(validation) is validating and applies(x):
            request = request.but(workers=replace(request.workers, **workers))
        return original(x, request, *args, **named)

    plant(calls, "stream", stream)


def change_pairs(
    plant: Plant, method: str, workers: int, readers: ModuleType = worker_processes
) -> None:
    """Have the items of a Sequence that so many workers make change places two by two.

    Args:
        plant: plants the reading.
        method: that the user calls.
        workers: how many read.
        readers: of processes or, `prefetch`, of threads.
    """
    original, now = readers.items_in_order, called(plant, method)

    def items_in_order(sequence: Any, indices: list[int], count: int, size: int) -> Any:
        items = original(sequence, indices, count, size)
        if not now() or count != workers:
            return items
        found = [*items]
        pairs = zip(found[1::2], found[::2], strict=False)
        turned = [item for pair in pairs for item in pair]
        return (item for item in [*turned, *found[len(turned) :]])

    plant(readers, "items_in_order", items_in_order)


def change_indices(
    plant: Plant, method: str, change: Callable[[list[int]], list[int]], readers: ModuleType
) -> None:
    """Have several workers read other items of a Sequence than they are told to.

    Args:
        plant: plants the reading.
        method: that the user calls.
        change: takes the indices that they are told, and returns others.
        readers: `prefetch`, of threads, or `worker_processes`.
    """
    original, now = readers.items_in_order, called(plant, method)

    def items_in_order(sequence: Any, indices: list[int], count: int, size: int) -> Any:
        changed = change(indices) if now() and count > 1 else indices
        return original(sequence, changed, count, size)

    plant(readers, "items_in_order", items_in_order)


def given_a(plant: Plant, method: str, kind: str) -> Callable[[], bool]:
    """Return whether a method that the user calls is at work on a ``generator`` or a ``Sequence``.

    Args:
        plant: watches it.
        method: ``fit``, ``evaluate`` or ``predict``.
        kind: which of the two.
    """
    now, at_work = called(plant, method), plant.during(calls, method)

    def applies() -> bool:
        if not (now() and at_work):
            return False
        x = at_work.calls[-1][0][1].x
        return sources.yields_batches(x) and sources.is_sequence(x) is (kind == "Sequence")

    return applies


def validates_on_a_stream(plant: Plant) -> Callable[[], bool]:
    """Return whether `fit` is validating on a generator or a Sequence."""
    validating = plant.during(loop, "validate")

    def applies() -> bool:
        if not validating:
            return False
        source = validating.calls[-1][0][1].source
        return isinstance(source, sources.StreamBatches)

    return applies
