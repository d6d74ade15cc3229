"""Defects of methods that refuse the flat vectors that `fit` takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .changed_requests import change_request
from .on_batch_calls import change_call

if TYPE_CHECKING:
    from .planting import Plant


def refuse_vectors(plant: Plant, method: str, *arguments: str) -> None:
    """Have `evaluate` or `predict` refuse a flat vector of inputs or targets.

    Args:
        plant: plants the method.
        method: its name.
        arguments: that may be no vector.
    """

    def change(_model: Any, request: Any) -> dict[str, Any]:
        _require_columns(*(getattr(request, name) for name in arguments))
        return {}

    change_request(plant, method, change)


def refuse_vectors_in_a_batch(plant: Plant, method: str, place: int) -> None:
    """Have a method of a batch refuse a flat vector as its argument at a place."""

    def change(*data: Any, **named: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
        _require_columns(data[place])
        return data, named

    change_call(plant, method, change)


def _require_columns(*data: Any) -> None:
    if any(isinstance(one, np.ndarray) and one.ndim == 1 for one in data):
        raise ValueError("expected an array of two axes")
