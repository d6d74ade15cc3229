"""Layers that make sequences and images longer or shorter, and compute nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Unpack

from fitspec.reference.layers.convolutional import Spatial, check, numbers
from fitspec.reference.network import constructor
from fitspec.reference.tensor import more_operations

if TYPE_CHECKING:
    from fitspec.reference.network.constructor import LayerArguments
    from fitspec.reference.tensor.array_library import Shape
    from fitspec.reference.tensor.autodiff import Tensor

    Borders = list[tuple[int, int]]

__all__ = [
    "Cropping1D",
    "Cropping2D",
    "UpSampling1D",
    "UpSampling2D",
    "ZeroPadding1D",
    "ZeroPadding2D",
]


class Resizing(Spatial):
    """Base of layers that change the lengths of the axes between samples and channels."""

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
        for at, axis in enumerate(self.axes):
            before = shape[axis - 1]
            new[axis - 1] = None if before is None else self.length(before, at)
        return tuple(new)


class UpSampling(Resizing):
    """Base of layers that repeat what there is."""

    size: tuple[int, ...]

    def settle(self) -> None:
        """Bring what the constructor kept into one form."""
        super().settle()
        self.size = numbers(self.size, self.rank, "size")

    def length(self, before: int, at: int) -> int:
        """Return the new length of an axis."""
        return before * self.size[at]

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Compute the output."""
        (x,) = inputs
        for at, times in enumerate(self.size):
            x = more_operations.repeat(x, times, self.axes[at])
        return x


class UpSampling1D(UpSampling, repeats=True):
    """Repeats every step.

    Args:
        size: How often.
        **arguments: As `Layer`.

    """

    rank = 1

    def __init__(self, size: int = 2, **arguments: Unpack[LayerArguments]) -> None:
        super().__init__(**arguments)
        constructor.keep(self, locals())


class UpSampling2D(UpSampling, repeats=True):
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
        constructor.keep(self, locals())
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


class Bordered(Resizing):
    """Base of layers that change something near the borders.

    Attributes:
        amount: The name of the argument that says how much.
        sign: Whether a sample becomes longer by that, or shorter.

    """

    amount: ClassVar[str]
    sign: ClassVar[int]

    @property
    def borders(self) -> Borders:
        """How much before and after, for each axis."""
        return borders(getattr(self, self.amount), self.rank, self.amount)

    def settle(self) -> None:
        """Bring what the constructor kept into one form, and check it."""
        super().settle()
        self.length(0, 0)

    def length(self, before: int, at: int) -> int:
        """Return the new length of an axis."""
        return max(0, before + self.sign * sum(self.borders[at]))


class ZeroPadding(Bordered):
    """Base of layers that put zeros around a sample."""

    amount = "padding"
    sign = 1

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Compute the output."""
        widths: Borders = [(0, 0)] * inputs[0].ndim
        widths[self.axes[0] : self.axes[-1] + 1] = self.borders
        return more_operations.pad(inputs[0], widths)


class ZeroPadding1D(ZeroPadding, repeats=True):
    """Puts steps of zeros before and after a sequence.

    Args:
        padding: How many, or two numbers: how many before and how many after.
        **arguments: As `Layer`.

    """

    rank = 1

    def __init__(self, padding: Any = 1, **arguments: Unpack[LayerArguments]) -> None:
        super().__init__(**arguments)
        constructor.keep(self, locals())


class ZeroPadding2D(ZeroPadding, repeats=True):
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
        constructor.keep(self, locals())


class Cropping(Bordered):
    """Base of layers that cut off what is near the borders."""

    amount = "cropping"
    sign = -1

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Compute the output."""
        (x,) = inputs
        key = [slice(None)] * x.ndim
        for axis, (before, after) in zip(self.axes, self.borders, strict=True):
            key[axis] = slice(before, x.shape[axis] - after)
        return x[tuple(key)]


class Cropping1D(Cropping, repeats=True):
    """Cuts steps off the beginning and end of a sequence.

    Args:
        cropping: How many at each end, or two numbers.
        **arguments: As `Layer`.

    """

    rank = 1

    def __init__(self, cropping: Any = (1, 1), **arguments: Unpack[LayerArguments]) -> None:
        super().__init__(**arguments)
        constructor.keep(self, locals())


class Cropping2D(Cropping, repeats=True):
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
        constructor.keep(self, locals())
