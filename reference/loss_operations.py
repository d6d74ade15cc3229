"""Differentiable operations that losses need beside those of `autodiff`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.reference import _array
from fitspec.reference.autodiff import Tensor, computed

if TYPE_CHECKING:
    from fitspec.reference._array import Array
    from fitspec.reference.autodiff import Axes


def log_softmax(x: Tensor) -> Tensor:
    """Take the logarithm of `softmax` along the last axis."""
    library = _array.namespace(x.data)
    shifted = x.data - x.data.max(axis=-1, keepdims=True)
    result = shifted - library.log(library.exp(shifted).sum(axis=-1, keepdims=True))
    return computed(result, (x, lambda g: g - library.exp(result) * g.sum(axis=-1, keepdims=True)))


def softplus(x: Tensor) -> Tensor:
    """Take `log(1 + exp(x))`, a smooth form of `rectify`."""
    library = _array.namespace(x.data)
    result = x.data * (x.data > 0) + library.log1p(library.exp(-library.abs(x.data)))
    return computed(result, (x, lambda g: g * 0.5 * (1 + library.tanh(0.5 * x.data))))


def largest(x: Tensor, axis: Axes = -1, *, keepdims: bool = False) -> Tensor:
    """Find the largest element along axes, or of all; equal ones share the gradient."""
    library = _array.namespace(x.data)
    result = x.data.max(axis=axis, keepdims=True)

    def divided(gradient: Array) -> Array:
        chosen = (x.data == result).astype(x.data.dtype)
        share: Array = chosen / chosen.sum(axis=axis, keepdims=True)
        whole: Array = gradient.reshape(result.shape) * share
        return whole

    found = result if keepdims else library.asarray(x.data.max(axis=axis))
    return computed(found, (x, divided))
