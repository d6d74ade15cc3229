"""Layers that put one number per channel in the place of many."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Unpack

from fitspec.reference.layers import windows
from fitspec.reference.layers.convolutional import Spatial, Windowed, split
from fitspec.reference.network import constructor
from fitspec.reference.tensor.array_library import namespace
from fitspec.reference.tensor.autodiff import Tensor, as_tensor
from fitspec.reference.tensor.more_operations import largest
from fitspec.reference.tensor.operations import transpose

if TYPE_CHECKING:
    from fitspec.reference.network.constructor import LayerArguments
    from fitspec.reference.tensor.array_library import Array, Shape

__all__ = [
    "AveragePooling1D", "AveragePooling2D", "AvgPool1D", "AvgPool2D", "GlobalAveragePooling1D",
    "GlobalAveragePooling2D", "GlobalAvgPool1D", "GlobalAvgPool2D", "GlobalMaxPool1D",
    "GlobalMaxPool2D", "GlobalMaxPooling1D", "GlobalMaxPooling2D", "MaxPool1D", "MaxPool2D",
    "MaxPooling1D", "MaxPooling2D",
]  # fmt: skip


class Pooling(Windowed):
    """Base of layers that pool windows."""

    size_name = "pool_size"

    def settle(self) -> None:
        """Bring what the constructor kept into one form."""
        self.strides = self.strides or self.window
        self.dilation_rate = (1,) * self.rank
        super().settle()

    def padded(self, x: Tensor, value: float) -> Tensor:
        """Put a number around a batch where windows reach beyond it."""
        return windows.padded(x, self.window, self.strides, self.dilation_rate, self.padding, value)


class Maximum(Pooling):
    """Base of layers that keep the largest of every window."""

    def of_windows(self, x: Tensor) -> Tensor:
        """Compute what takes the place of the windows."""
        padded = self.padded(x, -math.inf)
        return windows.largest(padded, self.window, self.strides, self.counted(x))


class Mean(Pooling):
    """Base of layers that average every window, what lies beyond the border left out."""

    def of_windows(self, x: Tensor) -> Tensor:
        """Compute what takes the place of the windows."""
        counts = self.counted(x)
        sums = windows.total(self.padded(x, 0), self.window, self.strides, counts)
        if self.padding == "valid":
            return sums / math.prod(self.window)
        ones = Tensor(namespace(x.data).full((1, *x.shape[1:-1], 1), 1.0, x.data.dtype))
        return sums / windows.total(self.padded(ones, 0), self.window, self.strides, counts)


class Pooling1D(Pooling):
    """Base of layers that pool along time.

    Args:
        pool_size: Length of a window.
        strides: From one window to the next; None for the length of one.
        padding: "valid" for windows inside of the sample only; "same" for one at every stride.
        data_format: "channels_last" or "channels_first".
        **arguments: As `Layer`.

    """

    rank = 1

    def __init__(
        self,
        pool_size: int | tuple[int] = 2,
        strides: int | tuple[int] | None = None,
        padding: str = "valid",
        data_format: str | None = "channels_last",
        **arguments: Unpack[LayerArguments],
    ) -> None:
        super().__init__(**arguments)
        constructor.keep(self, locals())


class Pooling2D(Pooling):
    """Base of layers that pool images.

    Args:
        pool_size: Rows and columns of a window, or one number for both.
        strides: From one window to the next; None for the size of one.
        padding: "valid" for windows inside of the sample only; "same" for one at every stride.
        data_format: "channels_last" or "channels_first".
        **arguments: As `Layer`.

    """

    rank = 2

    def __init__(
        self,
        pool_size: int | tuple[int, int] = (2, 2),
        strides: int | tuple[int, int] | None = None,
        padding: str = "valid",
        data_format: str | None = None,
        **arguments: Unpack[LayerArguments],
    ) -> None:
        super().__init__(**arguments)
        constructor.keep(self, locals())


class MaxPooling1D(Pooling1D, Maximum, repeats=True):
    """Keeps the largest of every window of steps."""


class MaxPooling2D(Pooling2D, Maximum, repeats=True):
    """Keeps the largest of every window of rows and columns."""


class AveragePooling1D(Pooling1D, Mean, repeats=True):
    """Averages every window of steps."""


class AveragePooling2D(Pooling2D, Mean, repeats=True):
    """Averages every window of rows and columns."""


class GlobalPooling(Spatial):
    """Base of layers that pool whole samples: what is left is one number per channel.

    Args:
        data_format: "channels_last" or "channels_first".
        **arguments: As `Layer`.

    """

    def __init__(
        self, data_format: str | None = "channels_last", **arguments: Unpack[LayerArguments]
    ) -> None:
        super().__init__(**arguments)
        constructor.keep(self, locals())

    def shape_of_output(self, shapes: list[Shape]) -> Shape:
        """Return the number of channels."""
        return (split(shapes[0], self.rank, self.data_format, self.name)[0],)


class GlobalMaximum(GlobalPooling):
    """Base of layers that keep the largest of every channel."""

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Compute the output."""
        return largest(inputs[0], self.axes)


class GlobalMean(GlobalPooling):
    """Base of layers that average every channel."""

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Compute the output."""
        (x,) = inputs
        if self.data_format == "channels_first":
            return x.mean(self.axes)
        # A product adds up faster what does not lie side by side.
        count = math.prod(x.shape[1:-1])
        ones = Tensor(namespace(x.data).full((count, 1), 1.0, x.data.dtype))
        channels = transpose(x.reshape(len(x), count, x.shape[-1]), (0, 2, 1))
        return (channels @ ones).reshape(len(x), x.shape[-1]) / count


class GlobalMaxPooling1D(GlobalMaximum, repeats=True):
    """Keeps the largest of every channel of a sequence."""

    rank = 1


class GlobalMaxPooling2D(GlobalMaximum, repeats=True):
    """Keeps the largest of every channel of an image."""

    rank = 2


class GlobalAveragePooling1D(GlobalMean, repeats=True):
    """Averages every channel of a sequence, over the steps that count."""

    rank = 1
    supports_masking = True

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:
        """Compute the output."""
        (x,) = inputs
        if x.mask is None:
            return super().call(inputs, training=training)
        shape = (len(x), -1, 1) if self.axes == (1,) else (len(x), 1, -1)
        counting: Array = x.mask.reshape(shape).astype(x.data.dtype)
        return (x * counting).sum(self.axes) / as_tensor(counting.sum(self.axes))

    def pass_mask(self, inputs: list[Tensor], output: Tensor) -> Tensor:  # noqa: ARG002 - as Layer
        """Return the output, which has no steps that could not count."""
        return output


class GlobalAveragePooling2D(GlobalMean, repeats=True):
    """Averages every channel of an image."""

    rank = 2


# Other names that programs know them by.
MaxPool1D, MaxPool2D = MaxPooling1D, MaxPooling2D
AvgPool1D, AvgPool2D = AveragePooling1D, AveragePooling2D
GlobalMaxPool1D, GlobalMaxPool2D = GlobalMaxPooling1D, GlobalMaxPooling2D
GlobalAvgPool1D, GlobalAvgPool2D = GlobalAveragePooling1D, GlobalAveragePooling2D
