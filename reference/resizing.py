"""Layers that make sequences and images longer or shorter, and compute nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Unpack

from fitspec.reference import layer_operations
from fitspec.reference.convolutional import check, numbers
from fitspec.reference.layer import Layer

if TYPE_CHECKING:
    from fitspec.reference._array import Shape
    from fitspec.reference.autodiff import Tensor
    from fitspec.reference.core_layers import LayerArguments

    Borders = list[tuple[int, int]]


class Resizing(Layer):
    """Base of layers that change the lengths of the axes between samples and channels."""

    rank: ClassVar[int]
    data_format: str = "channels_last"

    @property
    def first(self) -> int:
        """The first of the axes of a batch whose length changes."""
        return 2 if self.data_format == "channels_first" else 1

    def length(self, before: int, at: int) -> int:
        """Return the new length of one of these axes."""
        raise NotImplementedError

    def shape_of_output(self, shapes: list[Shape]) -> Shape:
        """Return the shape with its new lengths.

        Raises:
            ValueError: It has not as many axes as the layer takes.

        """
        (shape,) = shapes
        if len(shape) != self.rank + 1:
            raise ValueError(f"layer {self.name!r} takes {self.rank + 1} axes, got shape {shape}")
        new = list(shape)
        for at in range(self.rank):
            before = shape[self.first - 1 + at]
            new[self.first - 1 + at] = None if before is None else self.length(before, at)
        return tuple(new)


class UpSampling(Resizing):
    """Base of layers that repeat what there is."""

    size: tuple[int, ...]

    def length(self, before: int, at: int) -> int:
        """Return the new length of an axis."""
        return before * self.size[at]

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Compute the output."""
        (x,) = inputs
        for at, times in enumerate(self.size):
            x = layer_operations.repeat(x, times, self.first + at)
        return x


class UpSampling1D(UpSampling):
    """Repeats every step.

    Args:
        size: How often.
        **arguments: As `Layer`.

    """

    rank = 1

    def __init__(self, size: int = 2, **arguments: Unpack[LayerArguments]) -> None:
        super().__init__(**arguments)
        self.size = numbers(size, 1, "size")


class UpSampling2D(UpSampling):
    """Repeats every row and every column.

    Args:
        size: How often each, or one number for both.
        data_format: "channels_last" or "channels_first".
        interpolation: "nearest", the only one there is.
        **arguments: As `Layer`.

    """

    rank = 2

    def __init__(
        self,
        size: int | tuple[int, int] = (2, 2),
        data_format: str | None = None,
        interpolation: str = "nearest",
        **arguments: Unpack[LayerArguments],
    ) -> None:
        super().__init__(**arguments)
        self.size = numbers(size, 2, "size")
        self.data_format = data_format or "channels_last"
        self.interpolation = interpolation
        check("data_format", self.data_format, ("channels_last", "channels_first"))
        check("interpolation", interpolation, ("nearest",))


def borders(value: Any, rank: int, name: str) -> Borders:
    """Return how much there is before and after, for each axis.

    Args:
        value: One number for all; for every axis one number or two; of a sequence, its two.
        rank: How many axes there are.
        name: The argument's name, for messages.

    Raises:
        ValueError: It is none of these.

    """
    if rank == 1 and isinstance(value, (list, tuple)):
        value = [value]
    each = value if isinstance(value, (list, tuple)) else [value] * rank
    pairs = [tuple(one) if isinstance(one, (list, tuple)) else (one, one) for one in each]
    if len(pairs) != rank or any(
        len(pair) != 2 or not all(isinstance(n, int) and n >= 0 for n in pair) for pair in pairs
    ):
        raise ValueError(f"{name} must be a number, or one or two for each axis, not {value!r}")
    return [(before, after) for before, after in pairs]


class ZeroPadding(Resizing):
    """Base of layers that put zeros around a sample."""

    padding: Any

    def length(self, before: int, at: int) -> int:
        """Return the new length of an axis."""
        return before + sum(borders(self.padding, self.rank, "padding")[at])

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Compute the output."""
        widths: Borders = [(0, 0)] * inputs[0].ndim
        widths[self.first : self.first + self.rank] = borders(self.padding, self.rank, "padding")
        return layer_operations.pad(inputs[0], widths)


class ZeroPadding1D(ZeroPadding):
    """Puts steps of zeros before and after a sequence.

    Args:
        padding: How many, or two numbers: how many before and how many after.
        **arguments: As `Layer`.

    """

    rank = 1

    def __init__(
        self, padding: int | tuple[int, int] = 1, **arguments: Unpack[LayerArguments]
    ) -> None:
        super().__init__(**arguments)
        self.padding = padding
        borders(padding, self.rank, "padding")


class ZeroPadding2D(ZeroPadding):
    """Puts rows and columns of zeros around an image.

    Args:
        padding: How many; for rows and columns apart; or two numbers for each of them.
        data_format: "channels_last" or "channels_first".
        **arguments: As `Layer`.

    """

    rank = 2

    def __init__(
        self,
        padding: Any = (1, 1),
        data_format: str | None = None,
        **arguments: Unpack[LayerArguments],
    ) -> None:
        super().__init__(**arguments)
        self.padding = padding
        self.data_format = data_format or "channels_last"
        borders(padding, self.rank, "padding")
        check("data_format", self.data_format, ("channels_last", "channels_first"))


class Cropping(Resizing):
    """Base of layers that cut off what is near the borders."""

    cropping: Any

    def length(self, before: int, at: int) -> int:
        """Return the new length of an axis."""
        return max(0, before - sum(borders(self.cropping, self.rank, "cropping")[at]))

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Compute the output."""
        (x,) = inputs
        key = [slice(None)] * x.ndim
        for axis, (before, after) in enumerate(
            borders(self.cropping, self.rank, "cropping"), start=self.first
        ):
            key[axis] = slice(before, x.shape[axis] - after)
        return x[tuple(key)]


class Cropping1D(Cropping):
    """Cuts steps off the beginning and end of a sequence.

    Args:
        cropping: How many at each end, or two numbers.
        **arguments: As `Layer`.

    """

    rank = 1

    def __init__(
        self, cropping: int | tuple[int, int] = (1, 1), **arguments: Unpack[LayerArguments]
    ) -> None:
        super().__init__(**arguments)
        self.cropping = cropping
        borders(cropping, self.rank, "cropping")


class Cropping2D(Cropping):
    """Cuts rows and columns off an image.

    Args:
        cropping: How many; for rows and columns apart; or two numbers for each of them.
        data_format: "channels_last" or "channels_first".
        **arguments: As `Layer`.

    """

    rank = 2

    def __init__(
        self,
        cropping: Any = ((0, 0), (0, 0)),
        data_format: str | None = None,
        **arguments: Unpack[LayerArguments],
    ) -> None:
        super().__init__(**arguments)
        self.cropping = cropping
        self.data_format = data_format or "channels_last"
        borders(cropping, self.rank, "cropping")
        check("data_format", self.data_format, ("channels_last", "channels_first"))
