"""The places where data enters a model."""

from fitspec.reference import graph, naming
from fitspec.reference._array import Shape
from fitspec.reference.autodiff import Tensor
from fitspec.reference.layer import Layer


class InputLayer(Layer):
    """Passes data on as it comes.

    Args:
        shape: Shape of one sample.
        tensor: A batch of its own, which makes the input need no data from outside.
        name: Name by which data in a dict is found.
        batch_size: Number of samples that every batch must have; None for any.

    """

    def __init__(
        self,
        shape: Shape,
        tensor: Tensor | None = None,
        name: str | None = None,
        batch_size: int | None = None,
    ) -> None:
        super().__init__(name=name or None, input_shape=tuple(shape))
        self.tensor = tensor
        self.batch_size = batch_size
        self.built = True
        self.symbol = graph.Node(self, [], [tuple(shape)]).outputs[0]

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Return the batch."""
        return inputs[0]


def Input(  # noqa: N802 - the documented name
    shape: Shape | None = None,
    *,
    batch_shape: Shape | None = None,
    name: str | None = None,
    tensor: Tensor | None = None,
) -> graph.Symbol:
    """Start a model.

    Args:
        shape: Shape of one sample, the batch axis left out; None stands for any length.
        batch_shape: In place of `shape`: the number of samples that every batch must have, and then
            the shape of one.
        name: Name by which data in a dict is found.
        tensor: A batch of the model's own, used in place of data from outside.

    Returns:
        The symbol to call the first layer on.

    Raises:
        ValueError: Neither a shape nor a tensor is given, or two shapes are.

    """
    batch_size = None
    if batch_shape is not None:
        if shape is not None or not batch_shape:
            raise ValueError(f"batch_shape: {batch_shape!r} must stand alone and hold a batch size")
        batch_size, *rest = batch_shape
        shape = tuple(rest)
    if shape is None:
        if tensor is None:
            raise ValueError("shape: an input needs a shape or a tensor")
        shape = tensor.shape[1:]
    # The documented example feeds `input_1` and `input_2` (fit_generator.example.file-reader).
    return InputLayer(tuple(shape), tensor, name or naming.fresh("input"), batch_size).symbol
