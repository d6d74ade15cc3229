"""Saboteurs of `compile`: the sample weight mode, and target tensors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference import losses
from fitspec.reference.api import calls, compiling
from fitspec.reference.data import feeding

from .planting import saboteur

if TYPE_CHECKING:
    from fitspec.reference.tensor.autodiff import Tensor

    from .planting import Plant


@saboteur("compile.sample_weight_mode.temporal", also=["compile.sample_weight_mode.dict-and-list"])
def averages_the_weights_of_a_samples_steps(plant: Plant) -> None:
    """Weights in `evaluate` a whole sample by the mean of the weights of its steps."""
    evaluating = plant.during(calls, "evaluate")
    original = losses.batch_mean

    def batch_mean(values: Tensor, weights: Any) -> Tensor:
        if evaluating and weights is not None and weights.ndim == 2:
            weights = weights.mean(axis=1)
        return original(values, weights)

    plant(losses, "batch_mean", batch_mean)


@saboteur("compile.sample_weight_mode.default-1d")
def weights_the_first_step_of_a_sample(plant: Plant) -> None:
    """Applies the weight of a sample to the first of its steps."""
    original = losses.batch_mean

    def batch_mean(values: Tensor, weights: Any) -> Tensor:
        if weights is not None and weights.ndim == 1 and values.ndim == 2:
            stepwise = np.ones(values.shape, weights.dtype)
            stepwise[:, 0] = weights
            weights = stepwise
        return original(values, weights)

    plant(losses, "batch_mean", batch_mean)


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


@saboteur("compile.target_tensors.single-list-dict")
def takes_a_dict_of_target_tensors_for_none(plant: Plant) -> None:
    """Waits for target data where target tensors came in a dict of known names."""
    original = compiling.target_tensors_per_output

    def target_tensors_per_output(argument: Any, names: list[str]) -> Any:
        found = original(argument, names)
        return [None] * len(names) if isinstance(argument, Mapping) else found

    plant(compiling, "target_tensors_per_output", target_tensors_per_output)


@saboteur("compile.target_tensors.no-external-y")
def ignores_targets_that_it_has_no_place_for(plant: Plant) -> None:
    """Takes target data and ignores them, where all targets are tensors."""
    original = feeding.samples_of

    def samples_of(feed: Any, x: object, y: object, sample_weight: object = None) -> Any:
        return original(feed, x, y if any(feed.targets) else None, sample_weight)

    plant(feeding, "samples_of", samples_of)


@saboteur("compile.target_tensors.invalid")
def ignores_target_tensors_of_unknown_outputs(plant: Plant) -> None:
    """Ignores the names in a dict of target tensors that no output has."""
    original = compiling.target_tensors_per_output

    def target_tensors_per_output(argument: Any, names: list[str]) -> Any:
        if isinstance(argument, Mapping):
            argument = {name: item for name, item in argument.items() if name in names}
        return original(argument, names)

    plant(compiling, "target_tensors_per_output", target_tensors_per_output)
