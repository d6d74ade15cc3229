"""Layers that turn words, as whole numbers, into vectors."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Unpack

from fitspec.reference.api.arguments import whole_number
from fitspec.reference.network import constructor
from fitspec.reference.network.layer import Layer
from fitspec.reference.tensor import more_operations

if TYPE_CHECKING:
    from fitspec.reference.network.constructor import CommonArguments
    from fitspec.reference.tensor.array_library import Shape
    from fitspec.reference.tensor.autodiff import Tensor

__all__ = ["Embedding"]


class Embedding(Layer, repeats=True):
    """Looks up a vector for every whole number.

    Args:
        input_dim: How many numbers there are: they are from 0 to `input_dim - 1`.
        output_dim: Length of a vector.
        embeddings_initializer: Starting values of the vectors, shape (input_dim, output_dim).
        embeddings_regularizer: Penalty on the vectors.
        activity_regularizer: Penalty on the output.
        mask_zero: Whether steps where the number is 0 do not count.
        input_length: Number of steps, if it is always the same; or a length for every axis.
        **arguments: As `Layer`.

    """

    supports_masking = True
    input_length: int | tuple[int | None, ...] | None

    def __init__(  # noqa: PLR0913, PLR0917  the documented signature
        self,
        input_dim: int,
        output_dim: int,
        embeddings_initializer: object = "uniform",
        embeddings_regularizer: object = None,
        activity_regularizer: object = None,
        mask_zero: bool = False,
        input_length: int | tuple[int | None, ...] | None = None,
        **arguments: Unpack[CommonArguments],
    ) -> None:
        if "batch_input_shape" not in arguments:
            lengths = input_length if isinstance(input_length, (list, tuple)) else (input_length,)
            arguments.setdefault("input_shape", tuple(lengths))
        super().__init__(**arguments)
        constructor.keep(self, locals())
        self.input_dim = whole_number(input_dim, "input_dim", 1)
        self.output_dim = whole_number(output_dim, "output_dim", 1)
        self.mask_zero = mask_zero

    def build(self, shapes: list[Shape]) -> None:  # noqa: ARG002  as Layer
        """Make the vectors."""
        shape = (self.input_dim, self.output_dim)
        self.embeddings = constructor.weight(self, "embeddings", shape)

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Look the vectors up.

        Raises:
            ValueError: A number has no vector.

        """
        numbers = inputs[0].data.astype(int)
        output = more_operations.rows(self.embeddings, numbers, self.name)
        if self.mask_zero:
            output.mask = numbers != 0
        return output

    def pass_mask(self, inputs: list[Tensor], output: Tensor) -> Tensor:  # noqa: ARG002 - as Layer
        """Return the output, which has the mask that zeros make if any."""
        return output

    def shape_of_output(self, shapes: list[Shape]) -> Shape:
        """Return the shape of the numbers, and the length of a vector.

        Raises:
            ValueError: The lengths are not those of `input_length`.

        """
        given = self.input_length
        if given is not None:
            lengths = given if isinstance(given, (list, tuple)) else (given,)
            pairs = itertools.zip_longest(lengths, shapes[0], fillvalue=-1)
            if any(-1 in pair or (None not in pair and len({*pair}) > 1) for pair in pairs):
                raise ValueError(
                    f"input_length of layer {self.name!r} is {given}, but its input has samples "
                    f"of shape {shapes[0]}"
                )
        return (*shapes[0], self.output_dim)
