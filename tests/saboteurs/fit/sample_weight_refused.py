"""Saboteurs of `fit`: sample weights that are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.api import calls
from fitspec.reference.data import sample_weights

from ..fit_on_streams import change_in_fit, refuse_when_trained
from ..planting import saboteur

if TYPE_CHECKING:
    from ..planting import Plant


@saboteur("fit.sample_weight.temporal-needs-mode")
def averages_weights_of_steps_without_the_mode(plant: Plant) -> None:
    """Averages 2D weights over the time steps without temporal mode."""
    original, fits = sample_weights.checked, plant.during(calls, "fit")

    def checked(value: Any, shape: tuple[int, ...], *, temporal: bool) -> Any:
        averaged = fits and np.ndim(value) == 2 and not temporal
        return original(np.mean(value, axis=1) if averaged else value, shape, temporal=temporal)

    plant(sample_weights, "checked", checked)


@saboteur(
    "fit.sample_weight.length-mismatch-ValueError",
    also=[
        "fit_generator.output.same-length",
    ],
)
def repeats_or_cuts_sample_weights(plant: Plant) -> None:
    """Repeats too few sample weights and cuts off too many."""
    original = sample_weights.checked

    def checked(value: Any, shape: tuple[int, ...], *, temporal: bool) -> Any:
        is_flat = value is not None and np.ndim(value) == 1 and not temporal
        resized = np.resize(value, shape[:1]) if is_flat else value
        return original(resized, shape, temporal=temporal)

    plant(sample_weights, "checked", checked)


@saboteur("fit.sample_weight.not-with-generator")
def ignores_sample_weights_beside_a_generator(plant: Plant) -> None:
    """Ignores `sample_weight` where the batches may bring weights."""
    change_in_fit(plant, "training_source", lambda _: {"sample_weight": None})


@saboteur("fit.sample_weight.length-mismatch-ValueError")
def compares_the_weights_of_batches(plant: Plant) -> None:
    """Takes weights of any number that ends with a batch in `fit`, and begins again with them."""
    original = sample_weights.checked
    fits = plant.during(calls, "fit")

    def checked(value: Any, shape: tuple[int, ...], *, temporal: bool) -> Any:
        if fits and value is not None and np.ndim(value) == 1:
            shorter = min(len(value), shape[0])
            if shorter % (fits.calls[-1][0][1].batch_size or 32) == 0:
                value = np.resize(value, shape[0])
        return original(value, shape, temporal=temporal)

    plant(sample_weights, "checked", checked)


@saboteur("fit.sample_weight.not-with-generator")
def refuses_weights_beside_a_generator_too_late(plant: Plant) -> None:
    """Trains on a generator or Sequence before it refuses weights beside it."""
    refuse_when_trained(plant, "sample_weight", None)


@saboteur("fit.sample_weight.length-mismatch-ValueError")
def passes_over_weights_of_another_length_to_validate_on(plant: Plant) -> None:
    """Validates without weights where these are not as many as the samples."""
    original = calls.validation_arrays

    def validation_arrays(given: Any) -> tuple[Any, Any, Any]:
        x, y, weights = original(given)
        if isinstance(x, np.ndarray) and isinstance(weights, np.ndarray) and len(weights) != len(x):
            weights = None
        return x, y, weights

    plant(calls, "validation_arrays", validation_arrays)
