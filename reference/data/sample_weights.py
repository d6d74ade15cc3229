"""Weights of samples: by sample, by time step, by class."""

from __future__ import annotations

import numbers
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from fitspec.reference.data import devices, outputs
from fitspec.reference.data.arrays import FLOAT, Array

if TYPE_CHECKING:
    from collections.abc import Sequence


def per_output(value: object, names: Sequence[str], what: str) -> list[object]:
    """Match sample or class weights to the outputs.

    Args:
        value: For one output the weights themselves; a list by position; a dict by name.
        names: The outputs' names.
        what: The argument's name, for messages.

    Raises:
        ValueError: Wrong length, unknown name, or one array for several outputs.

    """
    if value is None:  # first, as it comes with every batch
        return [None] * len(names)
    by_name = isinstance(value, Mapping) and value and all(isinstance(key, str) for key in value)
    by_position = isinstance(value, (list, tuple)) and (
        len(names) > 1 or (len(value) == 1 and hasattr(value[0], "__len__"))
    )
    if by_name or by_position:
        return outputs.per_output(value, names, what)
    if len(names) > 1:
        raise ValueError(
            f"{what} must be a list or a dict by output name, as the model has {len(names)} outputs"
        )
    return [value]


def checked(value: object, shape: tuple[int, ...], *, temporal: bool) -> Array | None:
    """Return one output's sample weights as an array.

    Args:
        value: The weights, or None.
        shape: Shape of the targets they belong to.
        temporal: Whether the output was compiled with `sample_weight_mode="temporal"`.

    Raises:
        ValueError: The mode, the weights and the targets do not go together.

    """
    # fit.sample_weight.temporal-needs-mode
    if temporal and len(shape) < 3:
        raise ValueError(
            f"sample_weight_mode='temporal' needs targets with a time axis, got shape {shape}"
        )
    if value is None:
        return None
    try:
        weights = np.asarray(devices.off_device(value))
    except ValueError as error:
        raise ValueError(
            "sample_weight has rows of different lengths, expected an array"
        ) from error
    if weights.dtype.kind not in "biuf":
        raise ValueError(f"sample_weight must hold numbers, got {weights.dtype}")
    # compile.sample_weight_mode.temporal, compile.sample_weight_mode.default-1d
    rank = 2 if temporal else 1
    if weights.ndim != rank:
        needed = "(samples, steps)" if temporal else "(samples,)"
        raise ValueError(
            f"sample_weight must have shape {needed} with "
            f"sample_weight_mode={'temporal' if temporal else None!r}, got {weights.shape}"
        )
    if weights.shape != shape[:rank]:  # fit.sample_weight.length-mismatch-ValueError
        raise ValueError(f"sample_weight has shape {weights.shape}, the targets {shape}")
    return weights.astype(FLOAT, copy=False)


def check_class_weight(value: object) -> Mapping[int, float] | None:
    """Return a mapping of class indices to factors.

    Raises:
        ValueError: It is no mapping of numbers to numbers (`fit.class_weight.not-a-dict`).

    """
    if value is None:
        return None
    if not isinstance(value, Mapping):  # fit.class_weight.not-a-dict
        raise ValueError(  # noqa: TRY004 - a dict is data here, and bad data is a ValueError
            f"class_weight must be a dict of class index to factor, not {type(value).__name__}"
        )
    for key, factor in value.items():
        # A whole number is the same key, whichever type it has.
        if not all(isinstance(each, numbers.Real) for each in (key, factor)) or key % 1 != 0:
            raise ValueError(
                f"class_weight must map class indices to factors, not {key!r} to {factor!r}"
            )
    return value


def of_classes(targets: object, class_weight: Mapping[int, float]) -> Array:
    """Return, for every sample, the factor of its class.

    Raises:
        ValueError: The targets do not denote classes, or a class has no factor.

    """
    classes = classes_of(np.asarray(devices.off_device(targets)))
    present, positions = np.unique(classes, return_inverse=True)
    missing = [label for label in present.tolist() if label not in class_weight]
    if missing:
        raise ValueError(f"class_weight has no factor for class {missing[0]:g}")
    factors = np.array([class_weight[label] for label in present.tolist()], FLOAT)
    return factors[positions.reshape(-1)]


def classes_of(targets: Array) -> Array:
    """Return the class index of every sample.

    Raises:
        ValueError: Targets have more than one axis beside that of the samples.

    """
    if targets.ndim > 2:
        raise ValueError(
            f"class_weight needs targets of shape (samples,) or (samples, classes), "
            f"got {targets.shape}"
        )
    if targets.ndim == 2 and targets.shape[1] > 1:
        labels: Array = targets.argmax(axis=1)
        return labels  # fit.class_weight.one-hot-targets
    return targets.reshape(-1)  # fit.class_weight.integer-keys-float-labels


def combined(by_sample: Array | None, by_class: Array | None) -> Array | None:
    """Multiply the two kinds of weights.

    See `fit.class_weight.with-sample-weight` and `fit_generator.class_weight.with-item-weights`.
    """
    if by_sample is None or by_class is None:
        return by_class if by_sample is None else by_sample
    product: Array = by_sample * by_class
    return product
