"""Differentiable operations that layers and losses need beside those of `autodiff`."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from fitspec.reference.tensor import array_library
from fitspec.reference.tensor.autodiff import Tensor, computed, unbroadcast

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fitspec.reference.tensor.array_library import Array
    from fitspec.reference.tensor.autodiff import Link


def same(x: Tensor) -> Tensor:
    """Return another tensor with the same elements, without a mask."""
    return computed(x.data, (x, lambda g: g))


def transpose(x: Tensor, axes: Sequence[int]) -> Tensor:
    """Put the axes in another order: axis i of the result is axis `axes[i]` of `x`."""
    back = tuple(sorted(range(x.ndim), key=lambda axis: axes[axis]))
    return computed(x.data.transpose(axes), (x, lambda g: g.transpose(back)))


def pieces(x: Tensor, keys: Sequence[Any]) -> list[Tensor]:
    """Take a tensor apart: select by each of several keys, no element twice."""
    whole: Array | None = None
    library = array_library.namespace(x.data)
    nothing = library.zeros((), x.data.dtype)

    def put_back(key: Any) -> Callable[[Array], Array]:
        # The gradients of all pieces are put side by side, rather than added up as for `x[key]`.
        def note(gradient: Array) -> Array:
            nonlocal whole
            if whole is None:
                whole = library.zeros_like(x.data)
            whole[key] = gradient
            return nothing  # type: ignore[no-any-return]

        return note

    def collect(_: Array) -> Array:
        nonlocal whole
        collected, whole = whole, None
        assert collected is not None  # noqa: S101  it is called when a piece got its gradient
        return collected

    between = computed(x.data, (x, collect))
    return [computed(x.data[key], (between, put_back(key))) for key in keys]


def stack(parts: Sequence[Tensor], axis: int = 0) -> Tensor:
    """Put tensors of one shape side by side along a new axis."""
    axis %= parts[0].ndim + 1
    shape = (*parts[0].shape[:axis], 1, *parts[0].shape[axis:])
    return concatenate([part.reshape(*shape) for part in parts], axis)


def choose(condition: Array, one: Tensor, other: Tensor) -> Tensor:
    """Take each element from `one` where the condition holds, and else from `other`."""
    library = array_library.namespace(one.data)
    return computed(
        library.where(condition, one.data, other.data),
        (one, lambda g: unbroadcast(library.where(condition, g, 0), one.shape)),
        (other, lambda g: unbroadcast(library.where(condition, 0, g), other.shape)),
    )


def concatenate(parts: Sequence[Tensor], axis: int = -1) -> Tensor:
    """Join tensors end to end along an axis."""
    joined = array_library.namespace(parts[0].data).concatenate(
        [part.data for part in parts], axis=axis
    )
    before = (slice(None),) * (axis % joined.ndim)

    def link(part: Tensor, start: int) -> Link:
        key = (*before, slice(start, start + part.shape[axis]))
        return part, lambda g: g[key]

    starts = itertools.accumulate((part.shape[axis] for part in parts), initial=0)
    return computed(joined, *map(link, parts, starts))


def log_softmax(x: Tensor) -> Tensor:
    """Take the logarithm of `softmax` along the last axis."""
    library = array_library.namespace(x.data)
    shifted = x.data - x.data.max(axis=-1, keepdims=True)
    result = shifted - library.log(library.exp(shifted).sum(axis=-1, keepdims=True))
    return computed(result, (x, lambda g: g - library.exp(result) * g.sum(axis=-1, keepdims=True)))


def softplus(x: Tensor) -> Tensor:
    """Take `log(1 + exp(x))`, a smooth form of `rectify`."""
    library = array_library.namespace(x.data)
    result = x.data * (x.data > 0) + library.log1p(library.exp(-library.abs(x.data)))
    return computed(result, (x, lambda g: g * 0.5 * (1 + library.tanh(0.5 * x.data))))
