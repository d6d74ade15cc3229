"""Defects in what the steps behind `fit`, `evaluate` and `predict` return, or refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.api import calls

if TYPE_CHECKING:
    from fitspec.reference.models.model import Model

    from .planting import Plant


def after(plant: Plant, step: str, change: Any) -> None:
    """Have a step of `fitting` return something else: `change` of the model and its result."""
    original = getattr(calls, step)

    def changed(model: Model, request: Any) -> Any:
        return change(model, original(model, request))

    plant(calls, step, changed)


def break_when_refusing(plant: Plant, step: str) -> None:
    """Have a step of `fitting` work no more on a model, once it refused data of that model."""
    original = getattr(calls, step)

    def breaking(model: Model, request: Any) -> Any:
        if vars(model).get(f"{step}_broke"):
            raise TypeError("the model is broken")
        try:
            return original(model, request)
        except ValueError:
            vars(model)[f"{step}_broke"] = True
            raise

    plant(calls, step, breaking)
