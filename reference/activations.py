"""Functions that layers apply to their outputs, by name or as given."""

from collections.abc import Callable
from typing import TypeAlias

from fitspec.reference.config import lookup
from fitspec.reference.tensor import autodiff, operations
from fitspec.reference.tensor.autodiff import Tensor, as_tensor

Activation: TypeAlias = Callable[[Tensor], Tensor]

NAMES = lookup.Names()
"""Every name, with the function it stands for."""


@NAMES.known()
def linear(x: Tensor) -> Tensor:
    """Return `x` as it is."""
    return x


@NAMES.known()
def relu(
    x: Tensor, alpha: float = 0.0, max_value: float | None = None, threshold: float = 0.0
) -> Tensor:
    """Replace elements that are not above a threshold.

    Args:
        x: Any tensor.
        alpha: Such an element becomes `alpha * (element - threshold)`.
        max_value: Larger elements become this one; None for no limit.
        threshold: Elements above it stay as they are.

    """
    result = x * as_tensor(x.data > threshold, like=x) if threshold else autodiff.rectify(x)
    if max_value is not None:
        result = autodiff.clip(result, 0.0, max_value)
    if alpha:
        result = result + (autodiff.clip(x, None, threshold) - threshold) * alpha
    return result


@NAMES.known()
def sigmoid(x: Tensor) -> Tensor:
    """Map to (0, 1) by the logistic function."""
    return autodiff.sigmoid(x)


@NAMES.known()
def hard_sigmoid(x: Tensor) -> Tensor:
    """Map to [0, 1] by `0.2 * x + 0.5`, cut off below and above."""
    return autodiff.clip(x * 0.2 + 0.5, 0.0, 1.0)


@NAMES.known()
def tanh(x: Tensor) -> Tensor:
    """Map to (-1, 1) by the hyperbolic tangent."""
    return autodiff.tanh(x)


@NAMES.known()
def softsign(x: Tensor) -> Tensor:
    """Map to (-1, 1) by `x / (1 + |x|)`."""
    return x / (abs(x) + 1)


@NAMES.known()
def softplus(x: Tensor) -> Tensor:
    """Take `log(1 + exp(x))`."""
    return operations.softplus(x)


@NAMES.known()
def exponential(x: Tensor) -> Tensor:
    """Raise e to every element."""
    return autodiff.exponential(x)


@NAMES.known()
def elu(x: Tensor, alpha: float = 1.0) -> Tensor:
    """Replace negative elements by `alpha * (exp(x) - 1)`."""
    negative = autodiff.clip(x, None, 0.0)
    return autodiff.rectify(x) + (autodiff.exponential(negative) - 1) * alpha


@NAMES.known()
def selu(x: Tensor) -> Tensor:
    """Take a multiple of `elu` that keeps mean 0 and variance 1 from layer to layer."""
    return elu(x, 1.6732632423543772) * 1.0507009873554805


@NAMES.known()
def softmax(x: Tensor, axis: int = -1) -> Tensor:
    """Scale an axis to positive numbers that add up to 1."""
    return autodiff.softmax(x, axis)


def resolve(identifier: object, what: str = "activation") -> Activation:
    """Find an activation.

    Args:
        identifier: One of `NAMES`, a function of a tensor, or None for none.
        what: The argument's name, for messages.

    Raises:
        ValueError: Nothing is known by that name.

    """
    if identifier is None:
        return linear
    found: Activation = lookup.find(what, identifier, NAMES)
    return found
