"""The places where data enters a model."""

from typing import Any

import numpy as np

from fitspec.reference.config import naming
from fitspec.reference.network.layer import Layer, Node, Symbol
from fitspec.reference.tensor.array_library import FLOAT, Shape
from fitspec.reference.tensor.autodiff import Tensor


class InputLayer(Layer, repeats=True):
    """Passes data on as it comes.

    Args:
        input_shape: Shape of one sample.
        batch_size: Number of samples that every batch must have; None for any.
        batch_input_shape: In place of both.
        dtype: For the reader: data are of the type of the weights.
        input_tensor: A batch of its own, which makes the input need no data from outside.
        sparse: Must be False, as there are no sparse tensors.
        name: Name by which data in a dict is found.

    Raises:
        ValueError: There is no shape, or a sparse tensor is asked for.

    """

    def __init__(  # noqa: PLR0913, PLR0917 - the documented signature
        self,
        input_shape: Shape | None = None,
        batch_size: int | None = None,
        batch_input_shape: Shape | None = None,
        dtype: Any = None,
        input_tensor: Tensor | None = None,
        sparse: bool = False,
        name: str | None = None,
    ) -> None:
        if sparse:
            raise ValueError("sparse must be False: there are no sparse tensors")
        if batch_input_shape is not None:
            batch_size, *rest = batch_input_shape
            input_shape = tuple(rest)
        if input_shape is None:
            if input_tensor is None:
                raise ValueError("shape: an input needs a shape or a tensor")
            input_shape = input_tensor.shape[1:]
        # The documented example feeds `input_1` and `input_2` (fit_generator.example.file-reader).
        super().__init__(name=name or naming.fresh("input"), input_shape=tuple(input_shape))
        self.dtype = dtype if isinstance(dtype, str | None) else np.dtype(dtype).name
        self.tensor = input_tensor
        self.batch_size = batch_size
        self.built = True
        self.symbol = Node(self, [], [tuple(input_shape)]).outputs[0]

    def get_config(self) -> dict[str, Any]:
        """Return what to make another input like this with, for JSON.

        Raises:
            ValueError: It has a batch of its own.

        """
        if self.tensor is not None:
            raise ValueError(f"input {self.name!r} has a tensor of its own, which is not saved")
        shape = (self.batch_size, *self.symbol.shape)
        return {"name": self.name, "batch_input_shape": shape, "dtype": self.dtype or FLOAT}

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Return the batch."""
        return inputs[0]


def Input(  # noqa: N802, PLR0913, PLR0917 - the documented name and signature
    shape: Shape | None = None,
    batch_shape: Shape | None = None,
    name: str | None = None,
    dtype: object = None,
    sparse: bool = False,
    tensor: Tensor | None = None,
) -> Symbol:
    """Start a model.

    Args:
        shape: Shape of one sample, the batch axis left out; None stands for any length.
        batch_shape: In place of `shape`: the number of samples that every batch must have, and then
            the shape of one.
        name: Name by which data in a dict is found.
        dtype: For the reader: data are of the type of the weights.
        sparse: Must be False, as there are no sparse tensors.
        tensor: A batch of the model's own, used in place of data from outside.

    Returns:
        The symbol to call the first layer on.

    Raises:
        ValueError: Neither a shape nor a tensor is given, or two shapes are.

    """
    if batch_shape is not None and (shape is not None or not batch_shape):
        raise ValueError(f"batch_shape: {batch_shape!r} must stand alone and hold a batch size")
    return InputLayer(shape, None, batch_shape, dtype, tensor, sparse, name).symbol
