"""Differentiable operations on windows that slide over the axes between samples and channels."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

from fitspec.reference import _array, layer_operations
from fitspec.reference.autodiff import Tensor, computed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fitspec.reference._array import Array

    Lengths = tuple[int, ...]
    Key = tuple[slice, ...]

_AT_ONCE = 2**19
"""How many elements of windows are copied out at a time: few enough to stay near the processor."""

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
    return layer_operations.pad(x, [*widths, (0, 0)], value)


def places(size: Lengths, strides: Lengths, dilation: Lengths, counts: Lengths) -> Iterator[Key]:
    """Yield, for every place in a window, what selects the elements there of all windows."""
    for place in itertools.product(*map(range, size)):
        parts = zip(place, strides, dilation, counts, strict=True)
        yield (slice(None), *(slice(p * d, p * d + (n - 1) * s + 1, s) for p, s, d, n in parts))


def convolve(x: Tensor, kernel: Tensor, strides: Lengths, dilation: Lengths) -> Tensor:
    """Multiply every window by a kernel.

    Args:
        x: Shape (samples, ..., channels).
        kernel: Shape (..., channels, filters), as many axes between as those of `x`.
        strides: From one window to the next, along each axis between.
        dilation: From one element of a window to the next.

    Returns:
        Shape (samples, ..., filters): a place for every window that lies within `x`.

    """
    library = _array.namespace(x.data)
    *size, channels, filters = kernel.shape
    samples, *lengths, _ = x.shape
    counts = tuple(
        count(n, k, s, d, "valid")
        for n, k, s, d in zip(lengths, size, strides, dilation, strict=True)
    )
    keys = list(places(tuple(size), strides, dilation, counts))
    flat = (math.prod(size) * channels, filters)
    at_once = max(1, _AT_ONCE // (math.prod(counts) * flat[0]))
    blocks = [slice(start, start + at_once) for start in range(0, samples, at_once)]

    def columns(block: slice) -> Array:
        """Copy the windows of some samples out, a row each."""
        first, *middle, last = x.data.strides
        apart = [s * step for s, step in zip(strides, middle, strict=True)]
        within = [d * step for d, step in zip(dilation, middle, strict=True)]
        some = x.data[block]
        view = library.lib.stride_tricks.as_strided(
            some, (len(some), *counts, *size, channels), (first, *apart, *within, last)
        )
        copied: Array = view.reshape(-1, flat[0])
        return copied

    def of_kernel(gradient: Array) -> Array:
        whole: Array = library.zeros(flat, gradient.dtype)
        for block in blocks:
            whole += columns(block).T @ gradient[block].reshape(-1, filters)
        return whole.reshape(kernel.shape)

    def of_windows(gradient: Array) -> Array:
        whole: Array = library.zeros_like(x.data)
        rows = gradient.reshape(-1, filters)
        for key, matrix in zip(keys, kernel.data.reshape(-1, channels, filters), strict=True):
            whole[key] += (rows @ matrix.T).reshape(samples, *counts, channels)
        return whole

    result = library.empty((samples, *counts, filters), x.data.dtype)
    matrix = kernel.data.reshape(flat)
    for block in blocks:
        result[block] = (columns(block) @ matrix).reshape(-1, *counts, filters)
    return computed(result, (x, of_windows), (kernel, of_kernel))


def largest(x: Tensor, size: Lengths, strides: Lengths, counts: Lengths) -> Tensor:
    """Take the largest of every window; the gradient goes to the first of several largest."""
    library = _array.namespace(x.data)
    keys = list(places(size, strides, (1,) * len(size), counts))
    result = x.data[keys[0]].copy()
    for key in keys[1:]:
        library.maximum(result, x.data[key], out=result)

    def put_back(gradient: Array) -> Array:
        whole: Array = library.zeros_like(x.data)
        left = gradient.copy()
        for key in keys:
            part = (x.data[key] == result) * left
            whole[key] += part
            left -= part
        return whole

    return computed(result, (x, put_back))


def total(x: Tensor, size: Lengths, strides: Lengths, counts: Lengths) -> Tensor:
    """Add up every window."""
    keys = list(places(size, strides, (1,) * len(size), counts))
    result = x.data[keys[0]].copy()
    for key in keys[1:]:
        result += x.data[key]

    def put_back(gradient: Array) -> Array:
        whole: Array = _array.namespace(x.data).zeros_like(x.data)
        for key in keys:
            whole[key] += gradient
        return whole

    return computed(result, (x, put_back))
