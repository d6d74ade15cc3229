"""Defects in what becomes of the arguments of `fit`, `evaluate` and `predict`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.api import arguments, calls
from fitspec.reference.models.model import Model

if TYPE_CHECKING:
    from collections.abc import Callable

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
        return original(model, request.but(**change(model, request)), *args)

    plant(calls, step, changed)


def round_steps_down(plant: Plant, method: str) -> None:
    """Have a method, as ``"fit"``, make the whole number of steps below a fractional one."""
    original = arguments.steps_of
    now = plant.during(Model, method)

    def steps_of(value: Any, what: str) -> int | None:
        fraction = now and isinstance(value, float) and math.isfinite(value)
        return original(math.floor(value) if fraction else value, what)

    plant(arguments, "steps_of", steps_of)


def ignore_weights_of_kind(plant: Plant, step: str, kinds: str) -> None:
    """Have a step, as ``"fit"``, ignore sample weights in an array of one of the kinds of NumPy.

    Args:
        plant: plants the step.
        step: that takes a model and a request.
        kinds: characters of types, such as ``"d"`` for double precision.
    """

    def change(_: Model, request: Any) -> dict[str, Any]:
        weights = request.sample_weight
        ignored = isinstance(weights, np.ndarray) and weights.dtype.char in kinds
        return {"sample_weight": None} if ignored else {}

    change_request(plant, step, change)


def change_in_fit_generator(
    plant: Plant, step: str, change: Callable[[Any], dict[str, Any]]
) -> None:
    """Have one step of `fit_generator` see other arguments than the user gave.

    Args:
        plant: plants the step.
        step: function of `fitting` that takes a model and a request.
        change: returns the arguments that are to be others.
    """
    now = plant.during(Model, "fit_generator")
    change_request(plant, step, lambda _, request: change(request) if now else {})


def read_bytes_with_a_sign(plant: Plant, step: str) -> None:
    """Have a step take bytes above 127 among its inputs for numbers below 0."""

    def change(_: Model, request: Any) -> dict[str, Any]:
        bytes_ = isinstance(request.x, np.ndarray) and request.x.dtype == np.uint8
        return {"x": request.x.view(np.int8)} if bytes_ else {}

    change_request(plant, step, change)
