"""Dicts of data whose entries are taken by position, in the order of the alphabet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from fitspec.reference.data import columns

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fitspec.reference.data.batches import Port

    from .planting import Plant


def take_dicts_by_alphabet(plant: Plant, applies: Callable[[], object]) -> None:
    """Have the alphabet decide which entry of a dict belongs to which port, where `applies()`."""
    original = columns.columns

    def taken(value: Any, ports: Sequence[Port], what: str) -> list[Any]:
        if isinstance(value, Mapping) and len(value) == len(ports) and applies():
            given = (value[name] for name in sorted(value))
            value = {port.name: one for port, one in zip(ports, given, strict=True)}
        return original(value, ports, what)

    plant(columns, "columns", taken)
