"""Factors on losses that are variables of the backend, which a callback sets anew in training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.reference.api import compiling
from fitspec.reference.data import outputs
from fitspec.reference.tensor.autodiff import Tensor

if TYPE_CHECKING:
    from collections.abc import Sequence

_of_numbers = compiling.loss_weights_per_output


def loss_weights_per_output(argument: object, names: list[str]) -> Sequence[object]:
    """Return the factor on every output's loss: a number, or what holds one when it is asked for.

    Raises:
        ValueError: One is neither.

    """
    each = outputs.per_output(argument, names, "loss_weights", 1.0)
    for one in each:
        if isinstance(one, Tensor) and one.data.size != 1:
            raise ValueError(f"loss_weights: one number was expected, not a tensor of {one.shape}")
    numbers = _of_numbers([1.0 if isinstance(one, Tensor) else one for one in each], names)
    pairs = zip(each, numbers, strict=True)
    return [one if isinstance(one, Tensor) else number for one, number in pairs]
