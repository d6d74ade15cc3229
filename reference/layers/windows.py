"""Differentiable operations on windows that slide over the axes between samples and channels."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

from fitspec.reference.tensor import array_library, more_operations
from fitspec.reference.tensor.autodiff import Tensor, computed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fitspec.reference.tensor.array_library import Array

    Lengths = tuple[int, ...]
    Key = tuple[slice, ...]

_AT_ONCE = 2**16
"""How many elements of windows are copied out at a time: few enough to stay near the processor."""

_FEW = 4
"""From how many channels on windows are copied one by one, rather than along the images."""

PADDINGS = ("valid", "same", "causal")


def count(length: int, size: int, stride: int, dilation: int, padding: str) -> int:
    """Return how many windows there are along an axis."""
    if padding != "valid":
        return -(-length // stride)
    return max(0, (length - (size - 1) * dilation - 1) // stride + 1)


def padded(  # noqa: PLR0913, PLR0917  what describes windows
    x: Tensor, size: Lengths, strides: Lengths, dilation: Lengths, padding: str, value: float = 0
) -> Tensor:
    """Put around a batch what its windows need beyond its borders."""
    if padding == "valid":
        return x
    widths = [(0, 0)]
    for length, k, s, d in zip(x.shape[1:-1], size, strides, dilation, strict=True):
        reach = (k - 1) * d
        if padding == "causal":
            widths.append((reach, 0))
        else:
            missing = max(0, (-(-length // s) - 1) * s + reach + 1 - length)
            widths.append((missing // 2, missing - missing // 2))
    return more_operations.pad(x, [*widths, (0, 0)], value)


def places(size: Lengths, strides: Lengths, dilation: Lengths, counts: Lengths) -> Iterator[Key]:
    """Yield, for every place in a window, what selects the elements there of all windows."""
    for place in itertools.product(*map(range, size)):
        parts = zip(place, strides, dilation, counts, strict=True)
        yield (slice(None), *(slice(p * d, p * d + (n - 1) * s + 1, s) for p, s, d, n in parts))


def convolve(
    x: Tensor, weights: Sequence[Tensor], strides: Lengths, dilation: Lengths, counts: Lengths
) -> Tensor:
    """Multiply every window by a kernel, and add a bias if there is one.

    Args:
        x: Shape (samples, ..., channels).
        weights: The kernel, shape (..., channels, filters), with as many axes before these as `x`
            has between, and perhaps the bias, shape (filters,).
        strides: From one window to the next, along each axis between.
        dilation: From one element of a window to the next.
        counts: How many windows there are along each axis.

    Returns:
        Shape (samples, ..., filters): a place for every window.

    """
    kernel, *bias = weights
    *size, channels, filters = kernel.shape
    taken = math.prod(size) * channels
    height = taken + len(bias)

    def blocks(some: Array) -> Iterator[slice]:
        """Yield what selects some samples: all of them on a device, which has to be kept busy."""
        few = max(1, _AT_ONCE // (math.prod(counts) * height))
        at_once = len(some) if array_library.is_on_device(some) else few
        return (slice(start, start + at_once) for start in range(0, len(some), at_once))

    def columns(some: Array) -> Array:
        """Copy the windows of some samples out, a row each, with a 1 that the bias belongs to."""
        library = array_library.namespace(some)
        first, *middle, last = some.strides
        apart = [s * step for s, step in zip(strides, middle, strict=True)]
        within = [d * step for d, step in zip(dilation, middle, strict=True)]
        shape = (len(some), *counts, *size, channels)
        view = library.lib.stride_tricks.as_strided(some, shape, (first, *apart, *within, last))
        number = len(some) * math.prod(counts)
        # Column by column, copies go along the images, which are longer than a window.
        order = "F" if channels < _FEW else "C"
        copied: Array = library.empty((number, height), some.dtype, order)
        copied[:, :taken].reshape(shape)[...] = view
        copied[:, taken:] = 1
        return copied

    def forward(into: Array, x: Array, *weights: Array) -> None:
        library = array_library.namespace(into)
        matrix = library.concatenate([each.reshape(-1, filters) for each in weights])
        for block in blocks(x):
            library.matmul(columns(x[block]), matrix, out=into[block].reshape(-1, filters))

    def of_weights(into: Array, gradient: Array, x: Array) -> None:
        into[...] = 0
        whole = into.reshape(height, filters)
        for block in blocks(x):
            whole += columns(x[block]).T @ gradient[block].reshape(-1, filters)

    def of_windows(into: Array, gradient: Array, kernel: Array) -> None:
        into[...] = 0
        rows = gradient.reshape(-1, filters)
        keys = places(tuple(size), strides, dilation, counts)
        for key, matrix in zip(keys, kernel.reshape(-1, channels, filters), strict=True):
            into[key] += (rows @ matrix.T).reshape(-1, *counts, channels)

    arrays = [x.data, *(each.data for each in weights)]
    result = array_library.made("convolve", forward, (len(x), *counts, filters), *arrays)
    return computed(
        result,
        (x, lambda g: array_library.made("image_gradient", of_windows, x.shape, g, kernel.data)),
        *more_operations.jointly("kernel_gradient", of_weights, weights, x.data),
    )


def folded(name: str, x: Array, keys: list[Key], counts: Lengths) -> Array:
    """Bring what is at each place of the windows together, by a function of NumPy."""

    def fold(into: Array, x: Array) -> None:
        into[...] = x[keys[0]]
        for key in keys[1:]:
            getattr(array_library.namespace(x), name)(into, x[key], out=into)

    result: Array = array_library.made(name, fold, (len(x), *counts, x.shape[-1]), x)
    return result


def largest(x: Tensor, size: Lengths, strides: Lengths, counts: Lengths) -> Tensor:
    """Take the largest of every window; the gradient goes to the first of several largest."""
    keys = list(places(size, strides, (1,) * len(size), counts))
    apart = all(k <= s for k, s in zip(size, strides, strict=True))
    result = folded("maximum", x.data, keys, counts)

    def put_back(into: Array, gradient: Array, x: Array, result: Array) -> None:
        into[...] = 0
        left = array_library.namespace(x).ones(result.shape, bool)
        for key in keys:
            found = (x[key] == result) & left
            into[key] = gradient * found if apart else into[key] + gradient * found
            left ^= found

    return computed(
        result, (x, lambda g: array_library.made("put_back", put_back, x.shape, g, x.data, result))
    )


def total(x: Tensor, size: Lengths, strides: Lengths, counts: Lengths) -> Tensor:
    """Add up every window."""
    keys = list(places(size, strides, (1,) * len(size), counts))

    def put_back(into: Array, gradient: Array) -> None:
        into[...] = 0
        for key in keys:
            into[key] += gradient

    result = folded("add", x.data, keys, counts)
    return computed(result, (x, lambda g: array_library.made("put_back", put_back, x.shape, g)))
