"""Layers that compute with several inputs, element by element or along an axis."""

from __future__ import annotations

import functools
import operator
from typing import TYPE_CHECKING, Unpack

from fitspec.reference.layers.merging import Merge
from fitspec.reference.tensor import autodiff, more_operations, operations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.reference.network.constructor import LayerArguments
    from fitspec.reference.network.layer import Symbol
    from fitspec.reference.tensor.array_library import Shape
    from fitspec.reference.tensor.autodiff import Tensor

__all__ = [
    "Add", "Average", "Dot", "Maximum", "Minimum", "Multiply", "Subtract",
    "add", "average", "dot", "maximum", "minimum", "multiply", "subtract",
]  # fmt: skip


class ElementWise(Merge):
    """Base of those that compute element by element.

    A shorter input is taken to lack the first axes beside that of the samples.
    """

    def run(self, inputs: list[Tensor], *, training: bool) -> list[Tensor]:
        """Compute the output."""
        most = max(x.ndim for x in inputs)
        return super().run([filled(x, most) for x in inputs], training=training)

    def shape_of_output(self, shapes: list[Shape]) -> Shape:
        """Return the shape that the inputs are broadcast to."""
        most = max(map(len, shapes))
        return super().shape_of_output([(1,) * (most - len(s)) + tuple(s) for s in shapes])


def filled(x: Tensor, rank: int) -> Tensor:
    """Return a batch with axes of length 1 after that of the samples, its mask included."""
    if x.ndim == rank:
        return x
    wide = x.reshape(len(x), *(1,) * (rank - x.ndim), *x.shape[1:])
    wide.mask = x.mask
    return wide


class Add(ElementWise, repeats=True):
    """Adds its inputs."""

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Compute the output."""
        return functools.reduce(operator.add, inputs)


class Subtract(ElementWise, repeats=True):
    """Subtracts its second input from its first."""

    most = 2

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Compute the output."""
        return inputs[0] - inputs[1]


class Average(ElementWise, repeats=True):
    """Averages its inputs."""

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Compute the output."""
        return functools.reduce(operator.add, inputs) / len(inputs)


class Multiply(ElementWise, repeats=True):
    """Multiplies its inputs element by element."""

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Compute the output."""
        return functools.reduce(operator.mul, inputs)


class Maximum(ElementWise, repeats=True):
    """Keeps the largest of its inputs, element by element."""

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Compute the output."""
        return functools.reduce(
            lambda one, other: operations.choose(one.data >= other.data, one, other), inputs
        )


class Minimum(ElementWise, repeats=True):
    """Keeps the smallest of its inputs, element by element."""

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Compute the output."""
        return functools.reduce(
            lambda one, other: operations.choose(one.data <= other.data, one, other), inputs
        )


class Dot(Merge, repeats=True):
    """Adds up the products of two inputs along an axis of each, sample by sample.

    Args:
        axes: That axis, counted with the batch axis: one number, or one for each input.
        normalize: Whether to scale the inputs to length 1 along the axis before, so that the output
            is the cosine of the angle between them.
        **arguments: As `Layer`.

    """

    most = 2

    def __init__(
        self,
        axes: int | tuple[int, int],
        normalize: bool = False,
        **arguments: Unpack[LayerArguments],
    ) -> None:
        super().__init__(**arguments)
        self.axes = axes
        self.normalize = normalize

    def _summed(self, ranks: Sequence[int]) -> list[int]:
        axes = self.axes if isinstance(self.axes, (list, tuple)) else (self.axes, self.axes)
        return [axis % rank for axis, rank in zip(axes, ranks, strict=True)]

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Compute the output."""
        one, other = self._summed([x.ndim for x in inputs])
        if self.normalize:
            inputs = [unit(x, axis) for x, axis in zip(inputs, (one, other), strict=True)]
        return more_operations.summed_products(inputs[0], inputs[1], one, other)

    def shape_of_output(self, shapes: list[Shape]) -> Shape:
        """Return the axes of both that are left, or (1,) if none is."""
        summed = self._summed([len(shape) + 1 for shape in shapes])
        lengths = [shape[axis - 1] for shape, axis in zip(shapes, summed, strict=True)]
        if None not in lengths and lengths[0] != lengths[1]:
            raise ValueError(f"axes: layer {self.name!r} cannot multiply {shapes} along {summed}")
        rests = [
            length
            for shape, without in zip(shapes, summed, strict=True)
            for axis, length in enumerate(shape, 1)
            if axis != without
        ]
        return tuple(rests or [1])

    def pass_mask(self, inputs: list[Tensor], output: Tensor) -> Tensor:  # noqa: ARG002
        """Return the output, in which all counts."""
        return output


def unit(x: Tensor, axis: int) -> Tensor:
    """Scale to length 1 along an axis."""
    squares = (x**2).sum(axis, keepdims=True)
    return x / autodiff.clip(squares, 1e-12) ** 0.5


def add(inputs: Sequence[Symbol], **arguments: Unpack[LayerArguments]) -> Symbol:
    """Add several symbols, as `Add` does."""
    return Add(**arguments)(inputs)


def subtract(inputs: Sequence[Symbol], **arguments: Unpack[LayerArguments]) -> Symbol:
    """Subtract a symbol from another, as `Subtract` does."""
    return Subtract(**arguments)(inputs)


def multiply(inputs: Sequence[Symbol], **arguments: Unpack[LayerArguments]) -> Symbol:
    """Multiply several symbols, as `Multiply` does."""
    return Multiply(**arguments)(inputs)


def average(inputs: Sequence[Symbol], **arguments: Unpack[LayerArguments]) -> Symbol:
    """Average several symbols, as `Average` does."""
    return Average(**arguments)(inputs)


def maximum(inputs: Sequence[Symbol], **arguments: Unpack[LayerArguments]) -> Symbol:
    """Keep the largest of several symbols, as `Maximum` does."""
    return Maximum(**arguments)(inputs)


def minimum(inputs: Sequence[Symbol], **arguments: Unpack[LayerArguments]) -> Symbol:
    """Keep the smallest of several symbols, as `Minimum` does."""
    return Minimum(**arguments)(inputs)


def dot(
    inputs: Sequence[Symbol],
    axes: int | tuple[int, int],
    normalize: bool = False,
    **arguments: Unpack[LayerArguments],
) -> Symbol:
    """Add up products of two symbols, as `Dot` does."""
    return Dot(axes, normalize, **arguments)(inputs)
