"""Saboteurs of `fit` on data in memory: forms of class weights and sample weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.api import calls
from fitspec.reference.data import feeding, sample_weights

from .planting import saboteur

if TYPE_CHECKING:
    from .planting import Plant


@saboteur("fit.class_weight.one-hot-targets")
def takes_the_first_column_for_the_class(plant: Plant) -> None:
    """Takes the first column of one-hot rows for their class."""
    original = sample_weights.classes_of

    def classes_of(targets: Any) -> Any:
        is_one_hot = targets.ndim == 2 and targets.shape[1] > 1
        return original(targets[:, 0] if is_one_hot else targets)

    plant(sample_weights, "classes_of", classes_of)


@saboteur("fit.class_weight.integer-keys-float-labels")
def weights_float_labels_only(plant: Plant) -> None:
    """Gives every sample the weight 1 when labels are stored as integers."""
    original = sample_weights.of_classes

    def of_classes(targets: Any, class_weight: Any) -> Any:
        if np.asarray(targets).dtype.kind == "i":
            return np.ones(len(targets), np.float32)
        return original(targets, class_weight)

    plant(sample_weights, "of_classes", of_classes)


@saboteur("fit.class_weight.not-a-dict")
def reads_class_weights_by_position(plant: Plant) -> None:
    """Takes a list of factors for those of the classes 0, 1 and so on."""
    original = sample_weights.check_class_weight

    def check_class_weight(value: Any) -> Any:
        return original(dict(enumerate(value)) if isinstance(value, list) else value)

    plant(sample_weights, "check_class_weight", check_class_weight)


@saboteur("fit.class_weight.per-output")
def weights_the_classes_of_every_output(plant: Plant) -> None:
    """Uses the class weights of one output for the others as well, in `fit`."""
    original = feeding.class_weights_per_output
    fits = plant.during(calls, "fit")

    def class_weights_per_output(names: list[str], class_weight: object) -> Any:
        each = original(names, class_weight)
        given = [one for one in each if one is not None]
        return [one or given[0] for one in each] if fits and given else each

    plant(feeding, "class_weights_per_output", class_weights_per_output)


@saboteur(
    "fit.class_weight.with-sample-weight",
    also=[
        "fit_generator.class_weight.with-item-weights",
    ],
)
def lets_class_weights_replace_sample_weights(plant: Plant) -> None:
    """Drops the sample weights when there are class weights."""

    def combined(by_sample: Any, by_class: Any) -> Any:
        return by_sample if by_class is None else by_class

    plant(sample_weights, "combined", combined)


def change_weights(plant: Plant, change: Any) -> None:
    """Have `fit` see other sample weights, of one output.

    Args:
        plant: plants the check of sample weights.
        change: takes them, or None, and whether the mode is temporal; returns the other ones.
    """
    original = sample_weights.checked
    fits = plant.during(calls, "fit")

    def checked(value: Any, shape: tuple[int, ...], *, temporal: bool) -> Any:
        changed = change(value, temporal) if fits and value is not None else value
        return original(changed, shape, temporal=temporal)

    plant(sample_weights, "checked", checked)


@saboteur(
    "fit.sample_weight.zero-weights",
    also=(
        "fit.sample_weight.all-zero",
        "fit.sample_weight.not-numbers",
        "fit.sample_weight.zero-weight-divisor",
        "fit.shuffle.keeps-x-y-weights-aligned",
    ),
)
def takes_a_weight_of_0_for_none(plant: Plant) -> None:
    """Takes a weight of 0 for no weight, which means 1."""
    change_weights(plant, lambda weights, _: np.where(np.asarray(weights) == 0, 1, weights))


@saboteur("fit.sample_weight.temporal-2d")
def reads_weights_of_steps_in_another_order(plant: Plant) -> None:
    """Reads the weights of all samples at one time step after the other."""

    def exchange(weights: Any, temporal: bool) -> Any:
        return np.reshape(np.transpose(weights), np.shape(weights)) if temporal else weights

    change_weights(plant, exchange)


@saboteur("fit.sample_weight.temporal-needs-mode")
def averages_weights_of_steps_without_the_mode(plant: Plant) -> None:
    """Averages 2D weights over the time steps without temporal mode."""

    def average(weights: Any, temporal: bool) -> Any:
        return np.mean(weights, axis=1) if np.ndim(weights) == 2 and not temporal else weights

    change_weights(plant, average)


@saboteur("fit.sample_weight.multi-output")
def takes_sample_weights_of_outputs_in_a_list_only(plant: Plant) -> None:
    """Refuses a dict of sample weights, in `fit`."""
    original = sample_weights.per_output
    fits = plant.during(calls, "fit")

    def per_output(value: Any, names: Any, what: str) -> Any:
        if fits and what == "sample_weight" and isinstance(value, Mapping):
            raise ValueError("sample_weight must be a list")
        return original(value, names, what)

    plant(sample_weights, "per_output", per_output)
