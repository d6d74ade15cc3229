"""What layers that make one output of several inputs have in common, and that which joins them."""

from __future__ import annotations

import functools
import itertools
import operator
from typing import TYPE_CHECKING, ClassVar, Unpack

from fitspec.reference.network.layer import Layer
from fitspec.reference.tensor import array_library, operations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.reference.network.constructor import LayerArguments
    from fitspec.reference.network.layer import Symbol
    from fitspec.reference.tensor.array_library import Array, Shape
    from fitspec.reference.tensor.autodiff import Tensor

__all__ = ["Concatenate", "concatenate"]


class Merge(Layer):
    """Base of layers that compute one output of several inputs, element by element."""

    supports_masking = True

    most: ClassVar[int | None] = None
    """How many inputs there may be, None for any number."""

    def build(self, shapes: list[Shape]) -> None:
        """Check the number of inputs.

        Raises:
            ValueError: There are too few or too many.

        """
        if len(shapes) < 2 or (self.most is not None and len(shapes) > self.most):
            number = f"{self.most}" if self.most else "at least 2"
            raise ValueError(f"layer {self.name!r} needs {number} inputs, got {len(shapes)}")

    def pass_mask(self, inputs: list[Tensor], output: Tensor) -> Tensor:
        """Count the steps that all inputs with a mask count."""
        masks = [x.mask for x in inputs if x.mask is not None]
        output.mask = functools.reduce(operator.and_, masks)
        return output

    def shape_of_output(self, shapes: list[Shape]) -> Shape:
        """Return the shape that the inputs are broadcast to.

        Raises:
            ValueError: Their shapes do not go together.

        """
        merged = []
        for lengths in itertools.zip_longest(*shapes, fillvalue=-1):
            distinct = {length for length in lengths if length not in (1, None)}
            if len(distinct) > 1:
                raise ValueError(f"layer {self.name!r} cannot merge samples of shapes {shapes}")
            unknown = None if None in lengths else 1
            merged.append(distinct.pop() if distinct else unknown)
        return tuple(merged)


class Concatenate(Merge, repeats=True):
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
        return operations.concatenate(inputs, self.axis)

    def pass_mask(self, inputs: list[Tensor], output: Tensor) -> Tensor:
        """Join the masks, too; along the features, count what all inputs count."""
        library = array_library.namespace(output.data)

        def counting(x: Tensor) -> Array:
            if x.mask is None:
                return library.ones(x.shape, bool)  # type: ignore[no-any-return]
            wide = x.mask if x.mask.ndim == x.ndim else x.mask[..., None]
            copies: Array = library.broadcast_to(wide, x.shape)
            return copies

        output.mask = library.concatenate([counting(x) for x in inputs], self.axis).all(axis=-1)
        return output

    def shape_of_output(self, shapes: list[Shape]) -> Shape:
        """Return the inputs' shape with the lengths of the joined axis added up."""
        axis = self.axis - 1 if self.axis > 0 else self.axis
        joined = list(shapes[0])
        lengths = [shape[axis] for shape in shapes]
        known = [length for length in lengths if length is not None]
        joined[axis] = sum(known) if len(known) == len(lengths) else None
        return tuple(joined)


def concatenate(
    inputs: Sequence[Symbol], axis: int = -1, **arguments: Unpack[LayerArguments]
) -> Symbol:
    """Join several symbols end to end, as `Concatenate` does."""
    return Concatenate(axis, **arguments)(inputs)
