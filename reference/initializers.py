"""Starting values of weights, by name or as given."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from fitspec.reference import randomness
from fitspec.reference._array import FLOAT, Array

Initializer: TypeAlias = Callable[[tuple[int, ...]], Array]

NAMES = ("glorot_uniform", "ones", "random_normal", "zeros")


def zeros(shape: tuple[int, ...]) -> Array:
    """Start every weight at 0."""
    return np.zeros(shape, FLOAT)


def ones(shape: tuple[int, ...]) -> Array:
    """Start every weight at 1."""
    return np.ones(shape, FLOAT)


def glorot_uniform(shape: tuple[int, ...]) -> Array:
    """Draw a matrix (inputs, outputs) evenly from +-sqrt(6 / (inputs + outputs))."""
    limit = (6 / (shape[0] + shape[-1])) ** 0.5
    return randomness.generator().uniform(-limit, limit, shape).astype(FLOAT)


def random_normal(shape: tuple[int, ...]) -> Array:
    """Draw from the normal distribution with standard deviation 0.05."""
    return randomness.generator().normal(0, 0.05, shape).astype(FLOAT)


class Constant:
    """Starts every weight at one value, or at the values of one array."""

    def __init__(self, value: Array | float) -> None:
        self.value = value

    def __call__(self, shape: tuple[int, ...]) -> Array:
        """Return a new array of the given shape."""
        return np.broadcast_to(np.asarray(self.value, FLOAT), shape).copy()


def resolve(identifier: object) -> Initializer:
    """Find an initializer.

    Args:
        identifier: One of `NAMES`, or a function from a shape to an array.

    Raises:
        ValueError: Nothing is known by that name.

    """
    if isinstance(identifier, str) and identifier in NAMES:
        found: Initializer = globals()[identifier]
        return found
    if callable(identifier):
        return identifier
    raise ValueError(f"an initializer must be a function or one of {NAMES}, not {identifier!r}")
