"""Layers that lay the elements of a sample out otherwise."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Unpack

import numpy as np

from fitspec.reference.api.arguments import whole_number
from fitspec.reference.network.layer import Layer
from fitspec.reference.tensor import operations

if TYPE_CHECKING:
    from fitspec.reference.network.constructor import LayerArguments
    from fitspec.reference.tensor.array_library import Shape
    from fitspec.reference.tensor.autodiff import Tensor

__all__ = ["Flatten", "Permute", "RepeatVector", "Reshape"]


class Flatten(Layer, repeats=True):
    """Lays every sample out along one axis.

    Args:
        data_format: "channels_last", or "channels_first" to bring samples into the order of
            "channels_last" before.
        **arguments: As `Layer`.

    """

    def __init__(self, data_format: str | None = None, **arguments: Unpack[LayerArguments]) -> None:
        super().__init__(**arguments)
        self.data_format = data_format or "channels_last"

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Compute the output."""
        (x,) = inputs
        if self.data_format == "channels_first" and x.ndim > 1:
            x = operations.transpose(x, (0, *range(2, x.ndim), 1))
        return x.reshape(len(x), math.prod(x.shape[1:]))

    def shape_of_output(self, shapes: list[Shape]) -> Shape:
        """Return the number of elements of a sample, if it is known."""
        lengths = [length for length in shapes[0] if length is not None]
        return (math.prod(lengths) if len(lengths) == len(shapes[0]) else None,)


class Reshape(Layer, repeats=True):
    """Lays the elements of every sample out in another shape.

    Args:
        target_shape: That shape; -1 for one length that follows from the others.
        **arguments: As `Layer`.

    """

    def __init__(self, target_shape: tuple[int, ...], **arguments: Unpack[LayerArguments]) -> None:
        super().__init__(**arguments)
        self.target_shape = tuple(target_shape)

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Compute the output."""
        return inputs[0].reshape(len(inputs[0]), *self.target_shape)

    def shape_of_output(self, shapes: list[Shape]) -> Shape:
        """Return the target shape.

        Raises:
            ValueError: A sample has another number of elements.

        """
        lengths = [length for length in shapes[0] if length is not None]
        if len(lengths) < len(shapes[0]):
            return tuple(None if length == -1 else length for length in self.target_shape)
        try:
            return np.broadcast_to(0, lengths).reshape(self.target_shape).shape
        except ValueError as error:
            raise ValueError(
                f"target_shape: {self.target_shape} has not as many elements as {shapes[0]}"
            ) from error


class Permute(Layer, repeats=True):
    """Puts the axes of every sample in another order.

    Args:
        dims: For every axis of the output the number of that of the input, counted from 1.
        **arguments: As `Layer`.

    """

    def __init__(self, dims: tuple[int, ...], **arguments: Unpack[LayerArguments]) -> None:
        super().__init__(**arguments)
        self.dims = tuple(dims)
        if sorted(self.dims) != list(range(1, len(self.dims) + 1)):
            raise ValueError(f"dims must hold each number from 1 to that of the axes: {dims!r}")

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Compute the output."""
        return operations.transpose(inputs[0], (0, *self.dims))

    def shape_of_output(self, shapes: list[Shape]) -> Shape:
        """Return the lengths in their new order."""
        return tuple(shapes[0][axis - 1] for axis in self.dims)


class RepeatVector(Layer):
    """Makes a sequence of equal steps of every sample.

    Args:
        n: Number of steps.
        **arguments: As `Layer`.

    """

    def __init__(self, n: int, **arguments: Unpack[LayerArguments]) -> None:
        super().__init__(**arguments)
        self.n = whole_number(n, "n", 1)

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Compute the output."""
        return operations.stack(inputs * self.n, axis=1)

    def shape_of_output(self, shapes: list[Shape]) -> Shape:
        """Return (steps, inputs)."""
        return (self.n, *shapes[0])
