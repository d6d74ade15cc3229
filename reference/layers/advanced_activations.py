"""Activations that are layers of their own, as they have settings or weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from fitspec.reference import activations
from fitspec.reference.network import constructor
from fitspec.reference.network.layer import Layer
from fitspec.reference.tensor.autodiff import rectify

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.reference.network.constructor import LayerArguments
    from fitspec.reference.tensor.array_library import Shape
    from fitspec.reference.tensor.autodiff import Tensor

__all__ = ["ELU", "LeakyReLU", "PReLU", "ReLU", "Softmax", "ThresholdedReLU"]


class ElementWise(Layer):
    """Base of layers that apply a function to every element; a subclass says which."""

    supports_masking = True

    def activate(self, x: Tensor) -> Tensor:
        """Apply the function."""
        raise NotImplementedError

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Compute the output."""
        return self.activate(inputs[0])


class LeakyReLU(ElementWise, repeats=True):
    """Multiplies negative elements by a small factor.

    Args:
        alpha: The factor.
        **arguments: As `Layer`.

    """

    def __init__(self, alpha: float = 0.3, **arguments: Unpack[LayerArguments]) -> None:
        super().__init__(**arguments)
        self.alpha = float(alpha)

    def activate(self, x: Tensor) -> Tensor:
        """Apply the function."""
        return activations.relu(x, self.alpha)


class PReLU(ElementWise, repeats=True):
    """Multiplies negative elements by a factor that is learned.

    Args:
        alpha_initializer: Starting values of the factor, one for each element of a sample.
        alpha_regularizer: Penalty on it.
        shared_axes: Axes along which elements have one factor together, counted from 1.
        **arguments: As `Layer`.

    """

    alpha: Tensor

    def __init__(
        self,
        alpha_initializer: object = "zeros",
        alpha_regularizer: object = None,
        *,
        shared_axes: int | Sequence[int] | None = None,
        **arguments: Unpack[LayerArguments],
    ) -> None:
        super().__init__(**arguments)
        constructor.keep(self, locals())
        axes = [shared_axes] if isinstance(shared_axes, int) else list(shared_axes or ())
        self.shared_axes = axes or None

    def build(self, shapes: list[Shape]) -> None:
        """Make the factors.

        Raises:
            ValueError: It is not known how many there are.

        """
        shared = self.shared_axes or ()
        lengths = (1 if axis in shared else n for axis, n in enumerate(shapes[0], start=1))
        known = [length for length in lengths if length is not None]
        if len(known) < len(shapes[0]):
            raise ValueError(f"layer {self.name!r} needs shared_axes, as lengths are not known")
        self.alpha = constructor.weight(self, "alpha", tuple(known))

    def activate(self, x: Tensor) -> Tensor:
        """Apply the function."""
        return rectify(x) - self.alpha * rectify(-x)


class ELU(ElementWise, repeats=True):
    """Bends negative elements towards a limit.

    Args:
        alpha: Minus the limit.
        **arguments: As `Layer`.

    """

    def __init__(self, alpha: float = 1.0, **arguments: Unpack[LayerArguments]) -> None:
        super().__init__(**arguments)
        self.alpha = float(alpha)

    def activate(self, x: Tensor) -> Tensor:
        """Apply the function."""
        return activations.elu(x, self.alpha)


class ThresholdedReLU(ElementWise, repeats=True):
    """Replaces by 0 what is not above a threshold.

    Args:
        theta: The threshold.
        **arguments: As `Layer`.

    """

    def __init__(self, theta: float = 1.0, **arguments: Unpack[LayerArguments]) -> None:
        super().__init__(**arguments)
        self.theta = float(theta)

    def activate(self, x: Tensor) -> Tensor:
        """Apply the function."""
        return activations.relu(x, threshold=self.theta)


class Softmax(ElementWise, repeats=True):
    """Scales an axis to positive numbers that add up to 1.

    Args:
        axis: The axis.
        **arguments: As `Layer`.

    """

    def __init__(self, axis: int = -1, **arguments: Unpack[LayerArguments]) -> None:
        super().__init__(**arguments)
        self.axis = axis

    def activate(self, x: Tensor) -> Tensor:
        """Apply the function."""
        return activations.softmax(x, self.axis)


class ReLU(ElementWise, repeats=True):
    """Rectifies, with a limit, a slope below and a threshold.

    Args:
        max_value: Largest output; None for no limit.
        negative_slope: Factor on what is below the threshold.
        threshold: What is above it stays.
        **arguments: As `Layer`.

    Raises:
        ValueError: The limit or the slope is negative.

    """

    def __init__(
        self,
        max_value: float | None = None,
        negative_slope: float = 0.0,
        threshold: float = 0.0,
        **arguments: Unpack[LayerArguments],
    ) -> None:
        super().__init__(**arguments)
        for name, value in (("max_value", max_value), ("negative_slope", negative_slope)):
            if value is not None and value < 0:
                raise ValueError(f"{name} must not be negative: {value!r}")
        self.max_value = max_value
        self.negative_slope = negative_slope
        self.threshold = threshold

    def activate(self, x: Tensor) -> Tensor:
        """Apply the function."""
        return activations.relu(x, self.negative_slope, self.max_value, self.threshold)
