"""Saboteurs that meet odd weights and settings of `fit` otherwise than the reference."""

from __future__ import annotations

import math
import numbers
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference import callbacks
from fitspec.reference.api import arguments, calls
from fitspec.reference.data import feeding, sample_weights, sources

from .planting import saboteur

if TYPE_CHECKING:
    from collections.abc import Callable

    from .planting import Plant


@saboteur("fit.class_weight.odd-entries")
def reads_classes_in_texts(plant: Plant) -> None:
    """Takes the text of a number for the class of that number."""
    original = feeding.class_weights_per_output

    def class_weights_per_output(names: list[str], class_weight: Any) -> Any:
        if isinstance(class_weight, dict):
            class_weight = {
                int(key) if str(key).isdigit() else key: factor
                for key, factor in class_weight.items()
            }
        return original(names, class_weight)

    plant(feeding, "class_weights_per_output", class_weights_per_output)


@saboteur("fit.class_weight.missing-class")
def weights_missing_classes_by_one(plant: Plant) -> None:
    """Gives the weight 1 to classes that have none."""
    original = sample_weights.of_classes

    def of_classes(targets: Any, class_weight: Any) -> Any:
        present = np.unique(sample_weights.classes_of(np.asarray(targets))).tolist()
        return original(targets, {**dict.fromkeys(present, 1.0), **class_weight})

    plant(sample_weights, "of_classes", of_classes)


@saboteur("fit.class_weight.time-steps")
def weights_no_time_steps_by_class(plant: Plant) -> None:
    """Passes over class weights where targets have time steps."""
    original = sample_weights.of_classes

    def of_classes(targets: Any, class_weight: Any) -> Any:
        if np.ndim(targets) > 2:
            return np.ones(len(targets), np.float32)
        return original(targets, class_weight)

    plant(sample_weights, "of_classes", of_classes)


def change_weights(plant: Plant, change: Callable[[Any, Any], Any]) -> None:
    """Have the reference see other sample weights than the user gave.

    Args:
        plant: plants it.
        change: returns the weights in place of those given, with the outputs' names.
    """
    original = sample_weights.per_output

    def per_output(value: Any, names: Any, what: str) -> list[object]:
        changed = change(value, names) if what == "sample_weight" else value
        return original(changed, names, what)

    plant(sample_weights, "per_output", per_output)


@saboteur("fit.sample_weight.unknown-output")
def passes_over_weights_of_unknown_outputs(plant: Plant) -> None:
    """Takes the weights of outputs that it has from a dict, and looks at no others."""

    def known(value: Any, names: Any) -> Any:
        return {key: value[key] for key in value if key in names} if is_dict(value) else value

    def is_dict(value: Any) -> bool:
        return isinstance(value, dict)

    change_weights(plant, known)


@saboteur("fit.sample_weight.list-length")
def takes_as_many_weights_as_it_needs(plant: Plant) -> None:
    """Passes over entries of a list of sample weights beyond the number of its outputs."""

    def cut(value: Any, names: Any) -> Any:
        return value[: len(names)] if isinstance(value, list) and len(names) > 1 else value

    change_weights(plant, cut)


@saboteur("fit.sample_weight.single-array")
def weights_all_outputs_alike(plant: Plant) -> None:
    """Takes one array for the sample weights of every output."""

    def repeated(value: Any, names: Any) -> Any:
        return [value] * len(names) if isinstance(value, np.ndarray) else value

    change_weights(plant, repeated)


@saboteur("fit.sample_weight.not-numbers")
def reads_weights_in_texts(plant: Plant) -> None:
    """Takes texts for the sample weights that they spell."""

    def read(value: Any, _names: Any) -> Any:
        texts = isinstance(value, np.ndarray) and value.dtype.kind == "U"
        return value.astype(float) if texts else value

    change_weights(plant, read)


@saboteur("fit.verbose.other-values")
def takes_any_verbose(plant: Plant) -> None:
    """Prints a progress bar for every `verbose` that it does not know."""
    original = arguments.verbosity

    def verbosity(value: object) -> int:
        return original(value if isinstance(value, int) and value in range(3) else 1)

    plant(arguments, "verbosity", verbosity)


@saboteur("fit.steps_per_epoch.not-finite")
def rounds_whatever_steps_it_gets(plant: Plant) -> None:
    """Rounds a number of steps up without a look whether that can be done."""
    original = arguments.steps_of

    def steps_of(value: Any, what: str) -> int | None:
        return original(math.ceil(value) if isinstance(value, numbers.Real) else value, what)

    plant(arguments, "steps_of", steps_of)


@saboteur("fit.validation_split.none")
def needs_a_validation_split(plant: Plant) -> None:
    """Refuses `None` as a fraction."""
    original = arguments.validation_fraction

    def validation_fraction(value: object) -> float:
        if value is None:
            raise ValueError("validation_split must be at least 0 and below 1, not None")
        return original(value)

    plant(arguments, "validation_fraction", validation_fraction)


@saboteur("fit.validation_steps.with-arrays")
def cuts_validation_arrays_into_steps(plant: Plant) -> None:
    """Cuts validation arrays into as many batches as there are steps."""
    original = calls.array_source

    def array_source(samples: Any, size: int, steps: Any, shuffle: Any, what: str) -> Any:
        if what == "validation_steps" and steps is not None:
            return sources.ArrayBatches(samples, math.ceil(samples.count / steps))
        return original(samples, size, steps, shuffle, what)

    plant(calls, "array_source", array_source)


@saboteur("fit.callbacks.no-callback")
def does_not_look_at_callbacks(plant: Plant) -> None:
    """Takes whatever is in the list for a callback until it calls it."""
    original = callbacks.listed

    def listed(given: Any) -> Any:
        return list(given) if isinstance(given, list) else original(given)

    plant(callbacks, "listed", listed)
