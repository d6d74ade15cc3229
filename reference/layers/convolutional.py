"""Layers that look at windows of images and of sequences."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, ClassVar, Unpack

from fitspec.reference.api.arguments import whole_number
from fitspec.reference.layers import windows
from fitspec.reference.network import constructor
from fitspec.reference.network.layer import Layer
from fitspec.reference.tensor import operations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.reference.activations import Activation
    from fitspec.reference.network.constructor import LayerArguments
    from fitspec.reference.tensor.array_library import Shape
    from fitspec.reference.tensor.autodiff import Tensor

__all__ = ["Conv1D", "Conv2D", "Convolution1D", "Convolution2D"]


def numbers(value: object, rank: int, name: str, least: int = 1) -> tuple[int, ...]:
    """Return one number per axis.

    Args:
        value: Such numbers, or one number for all axes.
        rank: How many axes there are.
        name: The argument's name, for messages.
        least: The smallest number that it may be, 1 or 0.

    Raises:
        ValueError: It is neither, or a number is smaller.

    """
    several: Sequence[Any] = value if isinstance(value, (list, tuple)) else (value,) * rank
    try:
        found = tuple(operator.index(each) for each in several)
    except TypeError as error:
        raise ValueError(f"{name} must be {rank} whole numbers or one, not {value!r}") from error
    if len(found) != rank or min(found) < least:
        kind = "positive numbers" if least else "numbers from 0 on"
        raise ValueError(f"{name} must be {rank} {kind} or one, not {value!r}")
    return found


class Spatial(Layer):
    """Base of layers that deal with the axes between samples and channels."""

    rank: ClassVar[int]
    """How many of these axes there are."""

    data_format: str = "channels_last"

    def settle(self) -> None:
        """Bring what the constructor kept into one form."""
        self.data_format = self.data_format or "channels_last"
        check("data_format", self.data_format, ("channels_last", "channels_first"))

    @property
    def axes(self) -> tuple[int, ...]:
        """These axes, of a batch."""
        first = 2 if self.data_format == "channels_first" else 1
        return tuple(range(first, first + self.rank))


class Windowed(Spatial):
    """Base of layers that put something in the place of every window.

    A subclass says what, as `of_windows`, of a batch with the channels last.
    """

    paddings: ClassVar[tuple[str, ...]] = ("valid", "same")
    strides: tuple[int, ...]
    padding: str
    dilation_rate: tuple[int, ...]
    size_name: ClassVar[str]

    def settle(self) -> None:
        """Bring what the constructor kept into one form.

        Raises:
            ValueError: An argument is invalid.

        """
        super().settle()
        rank = self.rank
        setattr(self, self.size_name, numbers(self.window, rank, self.size_name))
        self.strides = numbers(self.strides, rank, "strides")
        self.dilation_rate = numbers(self.dilation_rate, rank, "dilation_rate")
        check("padding", self.padding, self.paddings)

    @property
    def window(self) -> tuple[int, ...]:
        """How long a window is along each axis."""
        size: tuple[int, ...] = getattr(self, self.size_name)
        return size

    def of_windows(self, x: Tensor) -> Tensor:
        """Compute what takes the place of the windows."""
        raise NotImplementedError

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Compute the output."""
        (x,) = inputs
        if self.data_format == "channels_last":
            return self.of_windows(x)
        axes = range(x.ndim)
        last = self.of_windows(operations.transpose(x, (0, *axes[2:], 1)))
        return operations.transpose(last, (0, axes[-1], *axes[1:-1]))

    def shape_of_output(self, shapes: list[Shape]) -> Shape:
        """Return how many windows there are, and the channels.

        Raises:
            ValueError: The samples have another number of axes, or no window fits into them.

        """
        channels, lengths = split(shapes[0], self.rank, self.data_format, self.name)
        return joined(self.channels(channels), self.counts(lengths), self.data_format)

    def counts(self, lengths: Sequence[int | None]) -> tuple[int | None, ...]:
        """Return how many windows there are along each axis.

        Raises:
            ValueError: Along one of them there are none.

        """
        described = zip(lengths, self.window, self.strides, self.dilation_rate, strict=True)
        counts = tuple(
            None if length is None else windows.count(length, k, s, d, self.padding)
            for length, k, s, d in described
        )
        if 0 in counts:
            raise ValueError(
                f"layer {self.name!r}: no window of {self.window} fits into samples of "
                f"{tuple(lengths)} without channels"
            )
        return counts

    def counted(self, x: Tensor) -> tuple[int, ...]:
        """Return how many windows a batch has along each axis."""
        return tuple(count for count in self.counts(x.shape[1:-1]) if count is not None)

    def channels(self, given: int | None) -> int | None:
        """Return how many channels the output has for so many of the input."""
        return given


def check(name: str, value: object, known: tuple[str, ...]) -> None:
    """Refuse what is not among the possible values of an argument.

    Raises:
        ValueError: It is not.

    """
    if value not in known:
        raise ValueError(f"{name} must be one of {known}, not {value!r}")


def split(shape: Shape, rank: int, data_format: str, name: str) -> tuple[int | None, Shape]:
    """Return how many channels a sample has, and the lengths of its other axes."""
    if len(shape) != rank + 1:
        raise ValueError(f"layer {name!r} needs samples with {rank + 1} axes, got shape {shape}")
    first = data_format == "channels_first"
    return (shape[0], shape[1:]) if first else (shape[-1], shape[:-1])


def joined(channels: int | None, lengths: Shape, data_format: str) -> Shape:
    """Return the shape of a sample."""
    return (channels, *lengths) if data_format == "channels_first" else (*lengths, channels)


class Convolution(Windowed):
    """Base of convolutions: computes `activation(sum(window * kernel) + bias)` per filter."""

    size_name = "kernel_size"
    filters: int
    use_bias: bool
    activation: Activation

    def settle(self) -> None:
        """Bring what the constructor kept into one form."""
        super().settle()
        self.filters = whole_number(self.filters, "filters", 1)
        if max(self.strides) > 1 and max(self.dilation_rate) > 1:
            raise ValueError(
                f"strides and dilation_rate cannot both be above 1: {self.strides} and "
                f"{self.dilation_rate}"
            )

    def build(self, shapes: list[Shape]) -> None:
        """Make the kernel, and the bias if there is one."""
        channels, _ = split(shapes[0], self.rank, self.data_format, self.name)
        if channels is None:
            raise ValueError(f"layer {self.name!r} needs a known number of channels: {shapes[0]}")
        self.kernel = constructor.weight(self, "kernel", self.kernel_shape(channels))
        if self.use_bias:
            self.bias = constructor.weight(self, "bias", (self.filters,))

    def kernel_shape(self, channels: int) -> tuple[int, ...]:
        """Return the shape of the kernel for so many channels of the input."""
        return (*self.window, channels, self.filters)

    def of_windows(self, x: Tensor) -> Tensor:
        """Compute what takes the place of the windows."""
        padded = windows.padded(x, self.window, self.strides, self.dilation_rate, self.padding)
        weights = [self.kernel, *([self.bias] if self.use_bias else [])]
        steps = self.strides, self.dilation_rate, self.counted(x)
        return self.activation(windows.convolve(padded, weights, *steps))

    def channels(self, given: int | None) -> int | None:  # noqa: ARG002  as Windowed
        """Return the number of filters."""
        return self.filters


class Conv1D(Convolution, repeats=True):
    """Convolves along time: samples of shape (steps, channels).

    Args:
        filters: Number of channels of the output.
        kernel_size: Length of a window.
        strides: From one window to the next.
        padding: "valid" for windows inside of the sample only; "same" for one at every stride;
            "causal" for those that end at every stride.
        data_format: "channels_last" or "channels_first".
        dilation_rate: From one element of a window to the next.
        activation: Name, function or None.
        use_bias: Whether to add a bias to every channel.
        kernel_initializer: Starting values of the kernel, shape (kernel_size, channels, filters).
        bias_initializer: Starting values of the bias, shape (filters,).
        kernel_regularizer: Penalty on the kernel.
        bias_regularizer: Penalty on the bias.
        activity_regularizer: Penalty on the output.
        **arguments: As `Layer`.

    """

    rank = 1
    paddings = windows.PADDINGS

    def __init__(  # noqa: PLR0913, PLR0917  the documented signature
        self,
        filters: int,
        kernel_size: int | tuple[int],
        strides: int | tuple[int] = 1,
        padding: str = "valid",
        data_format: str | None = "channels_last",
        dilation_rate: int | tuple[int] = 1,
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
        if padding == "causal" and self.data_format != "channels_last":
            raise ValueError("padding='causal' needs data_format='channels_last'")


class Conv2D(Convolution, repeats=True):
    """Convolves images: samples of shape (rows, columns, channels).

    Args:
        filters: Number of channels of the output.
        kernel_size: Rows and columns of a window, or one number for both.
        strides: From one window to the next.
        padding: "valid" for windows inside of the sample only; "same" for one at every stride.
        data_format: "channels_last" or "channels_first".
        dilation_rate: From one element of a window to the next.
        activation: Name, function or None.
        use_bias: Whether to add a bias to every channel.
        kernel_initializer: Starting values of the kernel, shape (rows, columns, channels, filters).
        bias_initializer: Starting values of the bias, shape (filters,).
        kernel_regularizer: Penalty on the kernel.
        bias_regularizer: Penalty on the bias.
        activity_regularizer: Penalty on the output.
        **arguments: As `Layer`.

    """

    rank = 2

    def __init__(  # noqa: PLR0913, PLR0917  the documented signature
        self,
        filters: int,
        kernel_size: int | tuple[int, int],
        strides: int | tuple[int, int] = (1, 1),
        padding: str = "valid",
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


# Other names that programs know them by.
Convolution1D, Convolution2D = Conv1D, Conv2D
