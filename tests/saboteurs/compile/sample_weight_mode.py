"""Saboteurs of `compile`: the sample weight mode."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.api import calls, compiling
from fitspec.reference.data import sample_weights
from fitspec.reference.losses import base

from ..compile_arguments import (
    change_argument,
    keep_of_an_earlier_compile,
)
from ..planting import saboteur
from ..three_outputs import last_two_of_three_exchanged

if TYPE_CHECKING:
    from fitspec.reference.tensor.autodiff import Tensor

    from ..planting import Plant


@saboteur(
    "compile.sample_weight_mode.temporal",
    also=["compile.sample_weight_mode.dict-and-list"],
)
def averages_the_weights_of_a_samples_steps(plant: Plant) -> None:
    """Weights in `evaluate` a whole sample by the mean of the weights of its steps."""
    evaluating = plant.during(calls, "evaluate")
    original = base.batch_mean

    def batch_mean(values: Tensor, weights: Any) -> Tensor:
        if evaluating and weights is not None and weights.ndim == 2:
            weights = weights.mean(axis=1)
        return original(values, weights)

    plant(base, "batch_mean", batch_mean)


@saboteur("compile.sample_weight_mode.default-1d")
def weights_the_first_step_of_a_sample(plant: Plant) -> None:
    """Applies the weight of a sample to the first of its steps."""
    original = base.batch_mean

    def batch_mean(values: Tensor, weights: Any) -> Tensor:
        if weights is not None and weights.ndim == 1 and values.ndim == 2:
            stepwise = np.ones(values.shape, weights.dtype)
            stepwise[:, 0] = weights
            weights = stepwise
        return original(values, weights)

    plant(base, "batch_mean", batch_mean)


@saboteur("compile.sample_weight_mode.dict-and-list")
def uses_the_mode_of_the_first_output_for_all(plant: Plant) -> None:
    """Gives all outputs the sample weight mode of the first."""
    original = compiling.temporal_per_output

    def temporal_per_output(argument: Any, names: list[str]) -> list[bool]:
        return original(argument, names)[:1] * len(names)

    plant(compiling, "temporal_per_output", temporal_per_output)


@saboteur("compile.sample_weight_mode.invalid-ValueError")
def takes_any_name_for_the_temporal_mode(plant: Plant) -> None:
    """Takes any string for the temporal mode."""
    original = compiling.temporal_per_output

    def temporal_per_output(argument: Any, names: list[str]) -> list[bool]:
        return original("temporal" if isinstance(argument, str) else argument, names)

    plant(compiling, "temporal_per_output", temporal_per_output)


@saboteur("compile.sample_weight_mode.output-left-out")
def has_no_mode_where_none_is_named(plant: Plant) -> None:
    """Takes an output that the dict leaves out for one without a mode."""
    original = compiling.temporal_per_output

    def temporal_per_output(argument: Any, names: list[str]) -> list[bool]:
        if isinstance(argument, Mapping):
            argument = {**dict.fromkeys(names), **argument}
        return original(argument, names)

    plant(compiling, "temporal_per_output", temporal_per_output)


@saboteur("compile.sample_weight_mode.default-1d")
def cuts_the_weights_of_whole_sequences(plant: Plant) -> None:
    """Cuts the weights of samples that have time steps to whole numbers."""
    original = sample_weights.checked

    def checked(value: object, shape: tuple[int, ...], *, temporal: bool) -> Any:
        found = original(value, shape, temporal=temporal)
        return found if found is None or temporal or len(shape) < 3 else np.trunc(found)

    plant(sample_weights, "checked", checked)


@saboteur("compile.sample_weight_mode.dict-and-list")
def exchanges_the_last_two_of_three_modes(plant: Plant) -> None:
    """Exchanges the last two modes in a list of three."""

    def change(argument: Any, names: list[str]) -> Any:
        return last_two_of_three_exchanged(argument) if len(names) == 3 else argument

    change_argument(plant, "temporal_per_output", change)


@saboteur("compile.sample_weight_mode.temporal")
def gives_one_mode_to_the_first_output_alone(plant: Plant) -> None:
    """Takes a mode that is no list or dict for that of the first output."""

    def of_first(argument: Any, names: list[str]) -> Any:
        one = isinstance(argument, str) and len(names) > 1
        return [argument, *[None] * (len(names) - 1)] if one else argument

    change_argument(plant, "temporal_per_output", of_first)


@saboteur("compile.sample_weight_mode.default-1d")
def keeps_the_mode_of_an_earlier_compile(plant: Plant) -> None:
    """Goes on in the temporal mode where a model is compiled again without a mode."""
    keep_of_an_earlier_compile(plant, "sample_weight_mode")
