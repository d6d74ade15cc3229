"""Layers that add noise, or leave parts out, while training."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Unpack

from fitspec.reference.data import random_source
from fitspec.reference.network.layer import Layer
from fitspec.reference.tensor import array_library, random

if TYPE_CHECKING:
    from fitspec.reference.network.constructor import LayerArguments
    from fitspec.reference.tensor.array_library import Array, Shape
    from fitspec.reference.tensor.autodiff import Tensor

__all__ = [
    "AlphaDropout",
    "GaussianDropout",
    "GaussianNoise",
    "SpatialDropout1D",
    "SpatialDropout2D",
]

#: What `selu` approaches for large negative numbers.
LOWEST = -1.0507009873554805 * 1.6732632423543772


def normal(like: Any) -> Any:
    """Draw from the standard normal distribution, for each element of an array; see `uniform`."""
    recorder = getattr(type(like), "recorder", None) and like.recorder

    def fill(into: Any) -> None:
        random_source.generator().standard_normal(out=into)

    if recorder is not None:
        return recorder.drawn("standard_normal", like.shape, fill)
    return random_source.generator().standard_normal(like.shape)


class Noise(Layer):
    """Base of layers that change their input while training, and only then."""

    supports_masking = True

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:
        """Compute the output."""
        return self.changed(inputs[0]) if training else inputs[0]

    def changed(self, x: Tensor) -> Tensor:
        """Compute the output of training."""
        raise NotImplementedError


class OfRate(Noise):
    """Base of those whose only argument is a rate, in [0, 1)."""

    def __init__(self, rate: float, **arguments: Unpack[LayerArguments]) -> None:
        random.check_rate("rate", rate)
        super().__init__(**arguments)
        self.rate = rate


class GaussianNoise(Noise, repeats=True):
    """Adds normal noise while training.

    Args:
        stddev: Its standard deviation.
        **arguments: As `Layer`.

    """

    def __init__(self, stddev: float, **arguments: Unpack[LayerArguments]) -> None:
        super().__init__(**arguments)
        self.stddev = stddev

    def changed(self, x: Tensor) -> Tensor:
        """Add noise."""
        noise = normal(x.data) * self.stddev
        added: Array = array_library.namespace(x.data).asarray(noise, x.data.dtype)
        return x + added


class GaussianDropout(OfRate, repeats=True):
    """Multiplies by normal noise around 1 while training.

    Args:
        rate: In [0, 1); the noise has the standard deviation `sqrt(rate / (1 - rate))`, as that of
            `Dropout` has.
        **arguments: As `Layer`.

    """

    def changed(self, x: Tensor) -> Tensor:
        """Multiply by noise."""
        noise = normal(x.data) * math.sqrt(self.rate / (1 - self.rate)) + 1
        factors: Array = array_library.namespace(x.data).asarray(noise, x.data.dtype)
        return x * factors


class AlphaDropout(OfRate, repeats=True):
    """Drops to the lowest value of `selu` while training, and keeps mean and variance.

    Args:
        rate: Probability, in [0, 1), that an element is dropped.
        **arguments: As `Layer`.

    """

    def changed(self, x: Tensor) -> Tensor:
        """Drop elements.

        Of mean 0 and variance 1, the mean becomes `rate * LOWEST` and the variance
        `(1 - rate) * (1 + rate * LOWEST ** 2)`, which is made up for.
        """
        scale: float = ((1 - self.rate) * (1 + self.rate * LOWEST**2)) ** -0.5
        drawn = (random.uniform(x.data) >= self.rate) * 1.0
        kept: Array = array_library.namespace(x.data).asarray(drawn, x.data.dtype)
        return (x * kept + (1 - kept) * LOWEST) * scale - scale * LOWEST * self.rate


class SpatialDropout1D(OfRate):
    """Sets whole features of a sequence to 0 while training, and scales up the others.

    Args:
        rate: Probability, in [0, 1), that a feature of a sample is set to 0.
        **arguments: As `Layer`.

    """

    axes: tuple[int, ...] = (1,)

    def changed(self, x: Tensor) -> Tensor:
        """Drop features."""
        library = array_library.namespace(x.data)
        lengths: Shape = tuple(1 if a in self.axes else n for a, n in enumerate(x.shape))
        factors: Array = random.dropout(library.empty(lengths, x.data.dtype), self.rate)
        return x * factors


class SpatialDropout2D(SpatialDropout1D):
    """Sets whole channels of a picture to 0 while training, and scales up the others.

    Args:
        rate: Probability, in [0, 1), that a channel of a sample is set to 0.
        data_format: "channels_last", the default, or "channels_first".
        **arguments: As `Layer`.

    Raises:
        ValueError: `data_format` is neither.

    """

    def __init__(
        self, rate: float, data_format: str | None = None, **arguments: Unpack[LayerArguments]
    ) -> None:
        super().__init__(rate, **arguments)
        if data_format not in {None, "channels_last", "channels_first"}:
            raise ValueError(
                f"data_format must be 'channels_last' or 'channels_first', not {data_format!r}"
            )
        self.data_format = data_format or "channels_last"
        self.axes = (2, 3) if data_format == "channels_first" else (1, 2)
