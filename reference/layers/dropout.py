"""Layers that leave out a part of their inputs while training."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from fitspec.reference.network.layer import Layer
from fitspec.reference.tensor import random
from fitspec.reference.tensor.repeatable import repeatable

if TYPE_CHECKING:
    from fitspec.reference.layers.base import LayerArguments
    from fitspec.reference.tensor.array_library import Array
    from fitspec.reference.tensor.autodiff import Tensor


@repeatable
class Dropout(Layer):
    """Sets a random part of the elements to 0 while training, and scales up the others.

    Args:
        rate: Probability, in [0, 1), that an element is set to 0.
        **arguments: As `Layer`.

    """

    supports_masking = True

    def __init__(self, rate: float, **arguments: Unpack[LayerArguments]) -> None:
        random.check_rate("rate", rate)
        super().__init__(**arguments)
        self.rate = rate

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:
        """Compute the output."""
        (x,) = inputs
        if not training or self.rate == 0:
            return x
        factors: Array = random.dropout(x.data, self.rate)
        return x * factors
