"""Differentiable operations that only some layers and losses need."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any

from fitspec.reference.tensor import array_library
from fitspec.reference.tensor.autodiff import Tensor, computed
from fitspec.reference.tensor.operations import pieces, stack, transpose

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fitspec.reference.tensor.array_library import Array
    from fitspec.reference.tensor.autodiff import Axes, Link


def jointly(
    name: str, back: Callable[..., None], tensors: Sequence[Tensor], *operands: Any
) -> list[Link]:
    """Return the links to tensors whose gradients are computed together.

    Args:
        name: What a reader knows that computation by.
        back: Fills an array with the gradients, one after the other along a single axis, given the
            gradient that arrives and the operands.
        tensors: In the order of their gradients.
        *operands: Arrays.

    """
    ends = list(itertools.accumulate(math.prod(each.shape) for each in tensors))
    known: list[Array] = []

    def link(tensor: Tensor, end: int) -> Link:
        def part(gradient: Array) -> Array:
            if not known or known[0] is not gradient:
                known[:] = gradient, array_library.made(name, back, ends[-1:], gradient, *operands)
            return known[1][end - math.prod(tensor.shape) : end].reshape(*tensor.shape)

        return tensor, part

    return list(map(link, tensors, ends))


def pad(x: Tensor, widths: Sequence[tuple[int, int]], value: float = 0) -> Tensor:
    """Put copies of a number around the elements.

    Args:
        x: The tensor.
        widths: For every axis, how many to put before and after.
        value: The number.

    """
    if not any(before or after for before, after in widths):
        return x
    shape = [a + length + b for (a, b), length in zip(widths, x.shape, strict=True)]
    inside = tuple(slice(a, a + n) for (a, _), n in zip(widths, x.shape, strict=True))

    def put(into: Array, array: Array) -> None:
        into[...] = value
        into[inside] = array

    return computed(array_library.made("pad", put, shape, x.data), (x, lambda g: g[inside]))


def repeat(x: Tensor, times: int, axis: int) -> Tensor:
    """Repeat every element along an axis."""
    shape = (*x.shape[:axis], x.shape[axis] * times, *x.shape[axis + 1 :])
    return stack([x] * times, axis + 1).reshape(*shape)


def parts(x: Tensor, number: int) -> list[Tensor]:
    """Take the last axis apart into parts of one length."""
    length = x.shape[-1] // number
    starts = range(0, x.shape[-1], length)
    return pieces(x, [(..., slice(start, start + length)) for start in starts])


def rows(table: Tensor, indices: Array, layer: str) -> Tensor:
    """Look up rows of a matrix.

    Args:
        table: The matrix.
        indices: Numbers of rows.
        layer: Whose input they are, for messages.

    Returns:
        The shape of `indices`, and one axis more.

    Raises:
        ValueError: There is no such row.

    """
    number, length = table.shape

    def look_up(into: Array, table: Array, indices: Array) -> None:
        if indices.size and not 0 <= indices.min() <= indices.max() < number:
            raise ValueError(
                f"layer {layer!r} has vectors for 0 to {number - 1}, but its input holds "
                f"{indices.min()} to {indices.max()}"
            )
        array_library.namespace(into).take(table, indices, 0, into)

    def put_back(into: Array, gradient: Array, indices: Array) -> None:
        library = array_library.namespace(into)
        into[...] = 0
        # One by one, as NumPy is several times slower at adding up whole rows.
        places = indices[..., None] * length + library.arange(length)
        library.add.at(into.reshape(-1), places.reshape(-1), gradient.reshape(-1))

    return computed(
        array_library.made("rows", look_up, (*indices.shape, length), table.data, indices),
        (table, lambda g: array_library.made("rows_gradient", put_back, table.shape, g, indices)),
    )


def products(left: Tensor, right: Tensor) -> Tensor:
    """Multiply each row of one matrix by each of another, sample by sample.

    Args:
        left: Shape (samples, n, length).
        right: Shape (samples, m, length).

    Returns:
        Shape (samples, n, m).

    """
    return computed(
        left.data @ right.data.swapaxes(1, 2),
        (left, lambda g: g @ right.data),
        (right, lambda g: g.swapaxes(1, 2) @ left.data),
    )


def summed_products(left: Tensor, right: Tensor, one: int, other: int) -> Tensor:
    """Add up products along an axis of each of two batches, sample by sample.

    Args:
        left: Shape (samples, ...).
        right: Shape (samples, ...).
        one: The axis of the first, counted from 0.
        other: That of the second, as long.

    Returns:
        The axes of both that are left, or one of length 1 if none is.

    """
    rows, rests = [], []
    for x, summed in ((left, one), (right, other)):
        kept = [axis for axis in range(1, x.ndim) if axis != summed]
        rests += [x.shape[axis] for axis in kept]
        last = transpose(x, (0, *kept, summed))
        rows.append(last.reshape(len(x), -1, x.shape[summed]))
    return products(*rows).reshape(len(left), *(rests or [1]))


def largest(x: Tensor, axis: Axes = -1, *, keepdims: bool = False) -> Tensor:
    """Find the largest element along axes, or of all; equal ones share the gradient."""
    library = array_library.namespace(x.data)
    result = x.data.max(axis=axis, keepdims=True)

    def divided(gradient: Array) -> Array:
        chosen = (x.data == result).astype(x.data.dtype)
        share: Array = chosen / chosen.sum(axis=axis, keepdims=True)
        whole: Array = gradient.reshape(result.shape) * share
        return whole

    found = result if keepdims else library.asarray(x.data.max(axis=axis))
    return computed(found, (x, divided))
