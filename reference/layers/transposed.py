"""Convolutions the other way around: every element of the input becomes a window of the output."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from fitspec.reference.layers import windows
from fitspec.reference.layers.convolutional import Convolution
from fitspec.reference.network import constructor
from fitspec.reference.tensor import more_operations, operations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.reference.network.constructor import LayerArguments
    from fitspec.reference.tensor.autodiff import Tensor

__all__ = ["Conv2DTranspose", "Deconvolution2D"]


class Conv2DTranspose(Convolution, repeats=True):
    """Adds up a window for every element of images: samples of shape (rows, columns, channels).

    It computes what flows back through a `Conv2D` of the same kernel, strides and padding.

    Args:
        filters: Number of channels of the output.
        kernel_size: Rows and columns of a window, or one number for both.
        strides: From one window of the output to the next.
        padding: "valid" for all of the windows; "same" for `strides` times the input's length.
        output_padding: Must be None.
        data_format: "channels_last" or "channels_first".
        dilation_rate: Must be 1.
        activation: Name, function or None.
        use_bias: Whether to add a bias to every channel.
        kernel_initializer: Starting values of the kernel, shape (rows, columns, filters, channels).
        bias_initializer: Starting values of the bias, shape (filters,).
        kernel_regularizer: Penalty on the kernel.
        bias_regularizer: Penalty on the bias.
        activity_regularizer: Penalty on the output.
        **arguments: As `Layer`.

    Raises:
        ValueError: Padding of the output, or dilation, is asked for.

    """

    rank = 2

    def __init__(  # noqa: PLR0913, PLR0917  the documented signature
        self,
        filters: int,
        kernel_size: int | tuple[int, int],
        strides: int | tuple[int, int] = (1, 1),
        padding: str = "valid",
        output_padding: object = None,
        data_format: str | None = None,
        dilation_rate: int | tuple[int, int] = (1, 1),
        activation: object = None,
        use_bias: bool = True,
        kernel_initializer: object = "glorot_uniform",
        bias_initializer: object = "zeros",
        kernel_regularizer: object = None,
        bias_regularizer: object = None,
        activity_regularizer: object = None,
        **arguments: Unpack[LayerArguments],
    ) -> None:
        super().__init__(**arguments)
        constructor.keep(self, locals())
        if output_padding is not None or max(self.dilation_rate) > 1:
            raise ValueError(
                f"output_padding must be None and dilation_rate 1 here, not {output_padding!r} and "
                f"{dilation_rate!r}"
            )

    def kernel_shape(self, channels: int) -> tuple[int, ...]:
        """Return the shape of the kernel for so many channels of the input."""
        return (*self.window, self.filters, channels)

    def of_windows(self, x: Tensor) -> Tensor:
        """Put zeros between and around elements, and convolve with the kernel turned around."""
        samples, rows, columns, channels = x.shape
        down, across = self.strides
        apart = x.reshape(samples, rows, 1, columns, 1, channels)
        around = [(0, 0), (0, 0), (0, down - 1), (0, 0), (0, across - 1), (0, 0)]
        spread = more_operations.pad(apart, around)
        spread = spread.reshape(samples, rows * down, columns * across, channels)
        counts = self.counted(x)
        described = zip(self.window, self.strides, counts, spread.shape[1:], strict=False)
        widths = [(0, 0)]
        for size, stride, count, length in described:
            cut = max(0, size - stride) // 2 if self.padding == "same" else 0
            widths.append((size - 1 - cut, count - length + cut))
        turned = operations.transpose(self.kernel[::-1, ::-1], (0, 1, 3, 2))
        weights = [turned, *([self.bias] if self.use_bias else [])]
        padded = more_operations.pad(spread, [*widths, (0, 0)])
        return self.activation(windows.convolve(padded, weights, (1, 1), (1, 1), counts))

    def counts(self, lengths: Sequence[int | None]) -> tuple[int | None, ...]:
        """Return how long the output is along each axis."""
        described = zip(lengths, self.window, self.strides, strict=True)
        return tuple(
            None
            if length is None
            else length * stride + (max(0, size - stride) if self.padding == "valid" else 0)
            for length, size, stride in described
        )


# Another name that programs know it by.
Deconvolution2D = Conv2DTranspose
