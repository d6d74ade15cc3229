"""Convolutions the other way around: every element of the input becomes a window of the output."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Unpack

from fitspec.reference.layers import windows
from fitspec.reference.layers.convolutional import Convolution, numbers
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
        output_padding: Rows and columns that the output has beyond the shortest one, less than the
            strides, or one number for both; None for as long as `padding` says.
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
        ValueError: `output_padding` is not below the strides, or dilation is asked for.

    """

    rank = 2

    def __init__(  # noqa: PLR0913, PLR0917  the documented signature
        self,
        filters: int,
        kernel_size: int | tuple[int, int],
        strides: int | tuple[int, int] = (1, 1),
        padding: str = "valid",
        output_padding: int | tuple[int, int] | None = None,
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
        if max(self.dilation_rate) > 1:
            raise ValueError(f"dilation_rate must be 1 here, not {dilation_rate!r}")
        if output_padding is None:
            return
        self.output_padding = numbers(output_padding, 2, "output_padding", 0)
        if any(map(operator.ge, self.output_padding, self.strides)):
            raise ValueError(
                f"output_padding must be below strides {self.strides}, not {output_padding!r}"
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
        described = list(zip(self.window, self.strides, counts, strict=True))
        cuts = [
            max(0, (length - 1) * stride + size - count) // 2 if self.padding == "same" else 0
            for length, (size, stride, count) in zip((rows, columns), described, strict=True)
        ]
        if self.output_padding is not None:
            # Where windows do not touch, the output may have fewer of the zeros at the end.
            spread = spread[:, : counts[0] + cuts[0], : counts[1] + cuts[1]]
        widths = [
            (size - 1 - cut, count + cut - length)
            for (size, _, count), cut, length in zip(
                described, cuts, spread.shape[1:], strict=False
            )
        ]
        turned = operations.transpose(self.kernel[::-1, ::-1], (0, 1, 3, 2))
        weights = [turned, *([self.bias] if self.use_bias else [])]
        padded = more_operations.pad(spread, [(0, 0), *widths, (0, 0)])
        return self.activation(windows.convolve(padded, weights, (1, 1), (1, 1), counts))

    def counts(self, lengths: Sequence[int | None]) -> tuple[int | None, ...]:
        """Return how long the output is along each axis."""
        valid = self.padding == "valid"
        beyond = self.output_padding or (None, None)
        described = zip(lengths, self.window, self.strides, beyond, strict=True)
        return tuple(
            None
            if length is None
            else length * stride + (max(0, size - stride) if valid else 0)
            if more is None
            else (length - 1) * stride + size - (0 if valid else size // 2 * 2) + more
            for length, size, stride, more in described
        )


# Another name that programs know it by.
Deconvolution2D = Conv2DTranspose
