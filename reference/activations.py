"""Functions that layers apply to their outputs, by name or as given."""

from collections.abc import Callable
from typing import TypeAlias

from fitspec.reference import autodiff
from fitspec.reference.autodiff import Tensor

Activation: TypeAlias = Callable[[Tensor], Tensor]

NAMES = ("linear", "relu", "sigmoid", "softmax", "tanh")


def linear(x: Tensor) -> Tensor:
    """Return `x` as it is."""
    return x


def relu(x: Tensor) -> Tensor:
    """Replace negative elements by 0."""
    return autodiff.rectify(x)


def sigmoid(x: Tensor) -> Tensor:
    """Map to (0, 1) by the logistic function."""
    return autodiff.sigmoid(x)


def tanh(x: Tensor) -> Tensor:
    """Map to (-1, 1) by the hyperbolic tangent."""
    return autodiff.tanh(x)


def softmax(x: Tensor) -> Tensor:
    """Scale the last axis to positive numbers that add up to 1."""
    return autodiff.softmax(x)


def resolve(identifier: object) -> Activation:
    """Find an activation.

    Args:
        identifier: One of `NAMES`, a function of a tensor, or None for none.

    Raises:
        ValueError: Nothing is known by that name.

    """
    if identifier is None:
        return linear
    if isinstance(identifier, str) and identifier in NAMES:
        found: Activation = globals()[identifier]
        return found
    if callable(identifier):
        return identifier
    raise ValueError(f"activation must be a function or one of {NAMES}, not {identifier!r}")
