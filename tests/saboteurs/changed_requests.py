"""Defects in what becomes of the arguments of `fit`, `evaluate` and `predict`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fitspec.reference.api import calls

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.reference.models.model import Model

    from .planting import Plant


def change_request(plant: Plant, step: str, change: Callable[[Model, Any], dict[str, Any]]) -> None:
    """Have one step of the reference see other arguments than the user gave.

    Args:
        plant: plants the step.
        step: function of `fitting` that takes a model and a request, such as ``"evaluate"``.
        change: returns the arguments that are to be others.
    """
    original = getattr(calls, step)

    def changed(model: Model, request: Any, *args: Any) -> Any:
        return original(model, replace(request, **change(model, request)), *args)

    plant(calls, step, changed)
