"""Weights of 0, and of time steps, that are mistaken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.data import sample_weights
from fitspec.reference.models.model import Model

if TYPE_CHECKING:
    from collections.abc import Callable

    from .planting import Plant


def take_zero_for_a_missing_weight(plant: Plant, method: str) -> None:
    """Have a method count samples of weight 0 once."""
    now = plant.during(Model, method)

    def counted(weights: Any) -> Any:
        return np.where(weights == 0, np.float32(1), weights)

    _change_weights(plant, counted, lambda: now)


def average_weights_of_steps(plant: Plant, applies: Callable[[], object]) -> None:
    """Have time steps weighted by the mean of their sample's weights, where `applies()`."""

    def averaged(weights: Any) -> Any:
        return 0 * weights + weights.mean(axis=1, keepdims=True) if weights.ndim == 2 else weights

    _change_weights(plant, averaged, applies)


def _change_weights(
    plant: Plant, change: Callable[[Any], Any], applies: Callable[[], object]
) -> None:
    original = sample_weights.checked

    def checked(*args: Any, **named: Any) -> Any:
        weights = original(*args, **named)
        return change(weights) if weights is not None and applies() else weights

    plant(sample_weights, "checked", checked)
