"""Layers that make one output of several inputs."""

from __future__ import annotations

import functools
import operator
from typing import TYPE_CHECKING, Unpack

from fitspec.reference import autodiff
from fitspec.reference.layer import Layer

if TYPE_CHECKING:
    from fitspec.reference._array import Shape
    from fitspec.reference.autodiff import Tensor
    from fitspec.reference.core_layers import LayerArguments


class Add(Layer):
    """Adds its inputs."""

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Compute the output."""
        return functools.reduce(operator.add, inputs)


class Average(Layer):
    """Averages its inputs."""

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Compute the output."""
        return functools.reduce(operator.add, inputs) / len(inputs)


class Multiply(Layer):
    """Multiplies its inputs element by element."""

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Compute the output."""
        return functools.reduce(operator.mul, inputs)


class Concatenate(Layer):
    """Joins its inputs end to end.

    Args:
        axis: Axis to join along, counted with the batch axis.
        **arguments: As `Layer`.

    """

    def __init__(self, axis: int = -1, **arguments: Unpack[LayerArguments]) -> None:
        super().__init__(**arguments)
        if axis == 0:
            raise ValueError("axis 0 is the batch axis; samples cannot be joined end to end")
        self.axis = axis

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Compute the output."""
        return autodiff.concatenate(inputs, self.axis)

    def output_shape(self, shapes: list[Shape]) -> Shape:
        """Return the inputs' shape with the lengths of the joined axis added up."""
        axis = self.axis - 1 if self.axis > 0 else self.axis
        joined = list(shapes[0])
        lengths = [shape[axis] for shape in shapes]
        known = [length for length in lengths if length is not None]
        joined[axis] = sum(known) if len(known) == len(lengths) else None
        return tuple(joined)
