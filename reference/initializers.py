"""Starting values of weights, by name or as given.

An initializer is a function from a shape to an array. With a seed it draws the same numbers in
every program, other ones each time it is called; without one it draws from the common source.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal, TypeAlias

import numpy as np

from fitspec.reference.config import lookup
from fitspec.reference.config.configuration import Configurable
from fitspec.reference.data import random_source
from fitspec.reference.tensor.array_library import FLOAT, Array

Initializer: TypeAlias = Callable[[tuple[int, ...]], Array]


class Zeros(Configurable):
    """Starts every weight at 0."""

    def __call__(self, shape: tuple[int, ...]) -> Array:
        """Return a new array of the given shape."""
        return np.zeros(shape, FLOAT)


class Ones(Configurable):
    """Starts every weight at 1."""

    def __call__(self, shape: tuple[int, ...]) -> Array:
        """Return a new array of the given shape."""
        return np.ones(shape, FLOAT)


class Constant(Configurable):
    """Starts every weight at one value, or at the values of one array."""

    def __init__(self, value: Array | float = 0) -> None:
        self.value = value

    def __call__(self, shape: tuple[int, ...]) -> Array:
        """Return a new array of the given shape."""
        return np.broadcast_to(np.asarray(self.value, FLOAT), shape).copy()


class Identity(Configurable):
    """Starts a matrix as the identity.

    Args:
        gain: Factor on it.

    """

    def __init__(self, gain: float = 1.0) -> None:
        self.gain = gain

    def __call__(self, shape: tuple[int, ...]) -> Array:
        """Return a new array of the given shape.

        Raises:
            ValueError: It is not that of a matrix.

        """
        if len(shape) != 2:
            raise ValueError(f"initializer: only a matrix can be the identity, not shape {shape}")
        return self.gain * np.eye(*shape, dtype=FLOAT)


class Random(Configurable):
    """Base of initializers that draw.

    Args:
        seed: Where the random numbers start.

    """

    def __init__(self, seed: int | None = None) -> None:
        self.seed = seed

    def __call__(self, shape: tuple[int, ...]) -> Array:
        """Return a new array of the given shape."""
        source = random_source.generator()
        if self.seed is not None:
            source = np.random.default_rng(self.seed)
            self.seed += 1
        return self.draw(source, shape).astype(FLOAT)

    def draw(self, source: np.random.Generator, shape: tuple[int, ...]) -> Array:
        """Draw from a random source."""
        raise NotImplementedError(f"{type(self).__name__} does not define draw")


class RandomUniform(Random):
    """Draws evenly from an interval."""

    def __init__(
        self, minval: float = -0.05, maxval: float = 0.05, seed: int | None = None
    ) -> None:
        super().__init__(seed)
        self.minval = minval
        self.maxval = maxval

    def draw(self, source: np.random.Generator, shape: tuple[int, ...]) -> Array:
        """Draw from a random source."""
        return source.uniform(self.minval, self.maxval, shape)


class RandomNormal(Random):
    """Draws from a normal distribution."""

    def __init__(self, mean: float = 0.0, stddev: float = 0.05, seed: int | None = None) -> None:
        super().__init__(seed)
        self.mean = mean
        self.stddev = stddev

    def draw(self, source: np.random.Generator, shape: tuple[int, ...]) -> Array:
        """Draw from a random source."""
        return source.normal(self.mean, self.stddev, shape)


class TruncatedNormal(RandomNormal):
    """Draws from a normal distribution, and again what is 2 standard deviations or more away."""

    def draw(self, source: np.random.Generator, shape: tuple[int, ...]) -> Array:
        """Draw from a random source."""
        return self.mean + self.stddev * truncated(source, shape)


class VarianceScaling(Random):
    """Draws with a variance of `scale / n`, for a weight that connects n units.

    Args:
        scale: Positive factor.
        mode: What n is: the number of inputs ("fan_in"), that of outputs ("fan_out") or their mean
            ("fan_avg").
        distribution: "normal", which is truncated, or "uniform".
        seed: Where the random numbers start.

    """

    def __init__(
        self,
        scale: float = 1.0,
        mode: Literal["fan_in", "fan_out", "fan_avg"] = "fan_in",
        distribution: Literal["normal", "uniform"] = "normal",
        seed: int | None = None,
    ) -> None:
        super().__init__(seed)
        if scale <= 0:
            raise ValueError(f"scale must be positive, not {scale!r}")
        if mode not in {"fan_in", "fan_out", "fan_avg"}:
            raise ValueError(f"mode must be 'fan_in', 'fan_out' or 'fan_avg', not {mode!r}")
        if distribution not in {"normal", "uniform"}:
            raise ValueError(f"distribution must be 'normal' or 'uniform', not {distribution!r}")
        self.scale = scale
        self.mode = mode
        self.distribution = distribution

    def draw(self, source: np.random.Generator, shape: tuple[int, ...]) -> Array:
        """Draw from a random source."""
        inputs, outputs = fans(shape)
        count = {"fan_in": inputs, "fan_out": outputs, "fan_avg": (inputs + outputs) / 2}[self.mode]
        variance = self.scale / max(1.0, count)
        if self.distribution == "uniform":
            limit = math.sqrt(3 * variance)
            return source.uniform(-limit, limit, shape)
        # Truncation leaves this part of the standard deviation.
        return truncated(source, shape) * (math.sqrt(variance) / 0.87962566103423978)


class Orthogonal(Random):
    """Draws a matrix of orthonormal rows or columns; leading axes are taken together.

    Args:
        gain: Factor on it.
        seed: Where the random numbers start.

    """

    def __init__(self, gain: float = 1.0, seed: int | None = None) -> None:
        super().__init__(seed)
        self.gain = gain

    def draw(self, source: np.random.Generator, shape: tuple[int, ...]) -> Array:
        """Draw from a random source."""
        flat = (math.prod(shape[:-1]), shape[-1])
        left, _, right = np.linalg.svd(source.normal(size=flat), full_matrices=False)
        chosen: Array = left if left.shape == flat else right
        return self.gain * chosen.reshape(shape)


def truncated(source: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Draw standard normal numbers between -2 and 2."""
    values = source.standard_normal(shape)
    while (outside := np.abs(values) >= 2).any():
        values[outside] = source.standard_normal(np.count_nonzero(outside))
    return values


def fans(shape: tuple[int, ...]) -> tuple[float, float]:
    """Return how many inputs an output, and how many outputs an input is connected to.

    The last two axes are inputs and outputs; those before them the places of a kernel.
    """
    if len(shape) < 2:
        return math.sqrt(math.prod(shape)), math.sqrt(math.prod(shape))
    places = math.prod(shape[:-2])
    return shape[-2] * places, shape[-1] * places


def lecun_uniform(seed: int | None = None) -> VarianceScaling:
    """Draw evenly from +-sqrt(3 / inputs)."""
    return VarianceScaling(1.0, "fan_in", "uniform", seed)


def lecun_normal(seed: int | None = None) -> VarianceScaling:
    """Draw normally, with variance 1 / inputs."""
    return VarianceScaling(1.0, "fan_in", "normal", seed)


def glorot_uniform(seed: int | None = None) -> VarianceScaling:
    """Draw evenly from +-sqrt(6 / (inputs + outputs))."""
    return VarianceScaling(1.0, "fan_avg", "uniform", seed)


def glorot_normal(seed: int | None = None) -> VarianceScaling:
    """Draw normally, with variance 2 / (inputs + outputs)."""
    return VarianceScaling(1.0, "fan_avg", "normal", seed)


def he_uniform(seed: int | None = None) -> VarianceScaling:
    """Draw evenly from +-sqrt(6 / inputs)."""
    return VarianceScaling(2.0, "fan_in", "uniform", seed)


def he_normal(seed: int | None = None) -> VarianceScaling:
    """Draw normally, with variance 2 / inputs."""
    return VarianceScaling(2.0, "fan_in", "normal", seed)


zero = zeros = Zeros
one = ones = Ones
constant = Constant
uniform = random_uniform = RandomUniform
normal = random_normal = RandomNormal
truncated_normal = TruncatedNormal
identity = Identity
orthogonal = Orthogonal

_MAKERS = (
    *(Zeros, Ones, Constant, Identity, RandomUniform, RandomNormal, TruncatedNormal),
    *(VarianceScaling, Orthogonal, lecun_uniform, lecun_normal, glorot_uniform, glorot_normal),
    *(he_uniform, he_normal),
)

NAMES = {name: value for name, value in list(globals().items()) if value in _MAKERS}
"""Every name, with what makes the initializer it stands for."""


def resolve(identifier: object, what: str = "initializer") -> Initializer:
    """Find an initializer.

    Args:
        identifier: A name, what was saved of an initializer, a function from a shape to an array,
            or what makes one of this module's initializers when it is called without arguments.
        what: The argument's name, for messages.

    Raises:
        ValueError: It is none of these.

    """
    name = next((name for name, maker in NAMES.items() if maker is identifier), identifier)
    found: Initializer = lookup.find(what, name, NAMES, made=True)
    return found
