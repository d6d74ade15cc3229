"""Functions of the backend that fewer programs use."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference import activations, losses
from fitspec.reference.backend.values import get_value, variable
from fitspec.reference.data import random_source
from fitspec.reference.initializers import truncated
from fitspec.reference.network.layer import Symbol
from fitspec.reference.standing_in import own_layers
from fitspec.reference.tensor import array_library, autodiff, more_operations, operations, random
from fitspec.reference.tensor.array_library import FLOAT
from fitspec.reference.tensor.autodiff import Tensor, as_tensor, computed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fitspec.reference.backend.values import Operand
    from fitspec.reference.tensor.array_library import Array
    from fitspec.reference.tensor.variable import Variable

__all__ = [
    "arange", "batch_dot", "batch_get_value", "batch_set_value", "bias_add",
    "cumsum", "dropout", "dtype", "elu", "eye",
    "hard_sigmoid", "identity", "in_test_phase", "in_top_k", "in_train_phase", "is_keras_tensor",
    "logsumexp", "map_fn", "moving_average_update", "ones", "print_tensor", "prod", "repeat",
    "repeat_elements", "reverse", "set_epsilon", "set_floatx", "set_image_data_format", "size",
    "slice", "softsign", "tile", "truncated_normal",
    "update", "update_add", "update_sub", "zeros",
]  # fmt: skip


def _library(x: Tensor) -> Any:
    return array_library.namespace(x.data)


# Values.


def zeros(shape: Sequence[int], dtype: str | None = None, name: str | None = None) -> Variable:
    """Return a variable that is full of zeros."""
    return variable(np.zeros(tuple(shape)), dtype, name)


def ones(shape: Sequence[int], dtype: str | None = None, name: str | None = None) -> Variable:
    """Return a variable that is full of ones."""
    return variable(np.ones(tuple(shape)), dtype, name)


def eye(size: int, dtype: str | None = None, name: str | None = None) -> Variable:
    """Return a variable that is an identity matrix."""
    return variable(np.eye(size), dtype, name)


def arange(start: int, stop: int | None = None, step: int = 1, dtype: str = "int32") -> Tensor:
    """Return evenly spaced numbers, as `range` does."""
    bounds = (0, start) if stop is None else (start, stop)
    return Tensor(array_library.current().arange(*bounds, step, dtype=dtype))


def truncated_normal(shape: Sequence[int], mean: float = 0.0, stddev: float = 1.0) -> Tensor:
    """Draw from the normal distribution what is within two standard deviations of the mean."""
    drawn = truncated(random_source.generator(), tuple(shape))
    return Tensor(array_library.current().asarray(drawn * stddev + mean, FLOAT))


def dtype(x: Operand) -> str:
    """Return the name of the type of the elements."""
    return FLOAT if isinstance(x, Symbol) else str(as_tensor(x).dtype)


def size(x: Operand) -> int:
    """Return the number of elements."""
    return int(as_tensor(x).data.size)


def is_keras_tensor(x: object) -> bool:
    """Whether a layer returned it, or `Input`.

    Raises:
        ValueError: It is no tensor at all.

    """
    if not isinstance(x, (Symbol, Tensor)):
        raise ValueError(f"x must be a tensor or a symbol, not {type(x).__name__}")  # noqa: TRY004 - as documented
    return isinstance(x, Symbol)


def set_epsilon(e: float) -> None:
    """Accept the small number that is in use.

    Raises:
        ValueError: It is another one.

    """
    _only("epsilon", e, losses.EPSILON)


def set_floatx(floatx: str) -> None:
    """Accept the type that is in use.

    Raises:
        ValueError: It is another one.

    """
    _only("floatx", floatx, FLOAT)


def set_image_data_format(data_format: str) -> None:
    """Accept the order of axes that is in use.

    Raises:
        ValueError: It is another one.

    """
    instead = "; layers take data_format='channels_first'"
    _only("data_format", data_format, "channels_last", instead)


def _only(what: str, given: object, known: object, instead: str = "") -> None:
    if given != known:
        raise ValueError(
            f"{what} is always {known!r} here, and cannot be set to {given!r}{instead}"
        )


def batch_get_value(ops: Sequence[Any]) -> list[Any]:
    """Return the values of several weights, variables or settings."""
    return [get_value(x) for x in ops]


def batch_set_value(tuples: Sequence[tuple[Variable, Array]]) -> None:
    """Change several weights or variables."""
    for x, value in tuples:
        update(x, value)


def update(x: Variable, new_x: Operand) -> Variable:
    """Give a variable new values, at once."""
    new = array_library.namespace(x.data).asarray(as_tensor(new_x).data, x.data.dtype)
    x.move(new)
    return x


def update_add(x: Variable, increment: Operand) -> Variable:
    """Add to a variable, at once."""
    return update(x, x + increment)


def update_sub(x: Variable, decrement: Operand) -> Variable:
    """Subtract from a variable, at once."""
    return update(x, x - decrement)


def moving_average_update(x: Variable, value: Operand, momentum: float) -> Variable:
    """Move a variable, at once, to `momentum * x + (1 - momentum) * value`."""
    return update(x, x * momentum + as_tensor(value) * (1 - momentum))


def print_tensor(x: Operand, message: str = "") -> Tensor:
    """Print a tensor, and return the same."""
    tensor = as_tensor(x)
    print(message, tensor.data)  # noqa: T201 - what it is for
    return tensor


# Element by element.


def identity(x: Operand, name: str | None = None) -> Tensor:
    """Return another tensor with the same elements."""
    del name
    return operations.same(as_tensor(x))


def elu(x: Operand, alpha: float = 1.0) -> Tensor:
    """Bend negative elements towards `-alpha`."""
    return activations.elu(as_tensor(x), alpha)


def hard_sigmoid(x: Operand) -> Tensor:
    """Limit `0.2 * x + 0.5` to 0..1."""
    return activations.hard_sigmoid(as_tensor(x))


def softsign(x: Operand) -> Tensor:
    """Divide by the absolute value plus 1."""
    return activations.softsign(as_tensor(x))


def dropout(
    x: Operand, level: float, noise_shape: Sequence[int] | None = None, seed: int | None = None
) -> Tensor:
    """Set a part of the elements to 0, and scale up the others.

    Args:
        x: The tensor.
        level: The part, in [0, 1).
        noise_shape: What is drawn, if not for every element; it is broadcast.
        seed: Makes it the same every time.

    Raises:
        ValueError: `level` is no such part.

    """
    random.check_rate("level", level)
    source = as_tensor(x)
    shape = source.shape if noise_shape is None else tuple(noise_shape)
    drawn = random_source.generator() if seed is None else np.random.default_rng(seed)
    kept = (drawn.random(shape) >= level) / (1 - level)
    factors: Array = _library(source).asarray(kept, source.data.dtype)
    return source * factors


def bias_add(x: Operand, bias: Operand) -> Tensor:
    """Add a vector along the last axis."""
    return as_tensor(x) + as_tensor(bias)


def in_train_phase(x: Any, alt: Any, training: Any = None) -> Any:
    """Choose `x` in training, and else `alt`; by `training`, or by what the layer around does."""
    chosen = x if (own_layers.learns.get() if training is None else training) else alt
    return chosen() if callable(chosen) else chosen


def in_test_phase(x: Any, alt: Any, training: Any = None) -> Any:
    """Choose `alt` in training, and else `x`; see `in_train_phase`."""
    return in_train_phase(alt, x, training)


# Along axes.


def prod(x: Operand, axis: int | None = None, keepdims: bool = False) -> Tensor:
    """Multiply along an axis, or everything."""
    source = as_tensor(x)
    if axis is None:
        flat = prod(source.reshape(-1), 0)
        return flat.reshape(*(1,) * source.ndim) if keepdims else flat
    factors = [source[(*_before(source, axis), i)] for i in range(source.shape[axis])]
    result = functools.reduce(autodiff.multiply, factors)
    kept = _library(source).expand_dims(result.data, axis).shape
    return result.reshape(*kept) if keepdims else result


def _before(x: Tensor, axis: int) -> tuple[Any, ...]:
    return (np.s_[:],) * (axis % x.ndim)


def cumsum(x: Operand, axis: int = 0) -> Tensor:
    """Add up all before each element, and itself."""
    source = as_tensor(x)
    library = _library(source)

    def back(gradient: Array) -> Array:
        summed: Array = library.flip(library.cumsum(library.flip(gradient, axis), axis), axis)
        return summed

    return computed(library.cumsum(source.data, axis), (source, back))


def logsumexp(x: Operand, axis: Any = None, keepdims: bool = False) -> Tensor:
    """Take the logarithm of the sum of exponentials, without overflow."""
    source = as_tensor(x)
    axes = tuple(axis) if isinstance(axis, (list, tuple)) else axis
    highest = source.data.max(axis=axes, keepdims=True)
    summed = autodiff.exponential(source - highest).sum(axes, keepdims=keepdims)
    shift: Array = highest.reshape(summed.shape)
    return autodiff.logarithm(summed) + shift


def in_top_k(predictions: Operand, targets: Operand, k: int) -> Tensor:
    """Return whether the class of each sample has one of the `k` highest predictions."""
    given = as_tensor(predictions).data
    classes = as_tensor(targets).data.astype(int).reshape(-1)
    own = given[np.arange(len(given)), classes]
    return Tensor((given > own[:, None]).sum(axis=-1) < k)


def reverse(x: Operand, axes: int | Sequence[int]) -> Tensor:
    """Turn axes around."""
    source = as_tensor(x)
    turned = {axis % source.ndim for axis in ([axes] if isinstance(axes, int) else axes)}
    return source[tuple(np.s_[::-1] if a in turned else np.s_[:] for a in range(source.ndim))]


def slice(x: Operand, start: Sequence[int], size: Sequence[int]) -> Tensor:  # noqa: A001 - the documented name
    """Take a part: from `start`, `size` elements along each axis, or all if that is -1."""
    key = [np.s_[a:] if n == -1 else np.s_[a : a + n] for a, n in zip(start, size, strict=True)]
    return as_tensor(x)[tuple(key)]


def repeat_elements(x: Operand, rep: int, axis: int) -> Tensor:
    """Repeat every element along an axis."""
    source = as_tensor(x)
    return more_operations.repeat(source, rep, axis % source.ndim)


def repeat(x: Operand, n: int) -> Tensor:
    """Repeat vectors: (samples, features) becomes (samples, n, features)."""
    return operations.stack([as_tensor(x)] * n, 1)


def tile(x: Operand, n: int | Sequence[int]) -> Tensor:
    """Put copies side by side, along each axis as many as `n` says."""
    source = as_tensor(x)
    for axis, times in enumerate((n,) if isinstance(n, int) else tuple(n)):
        source = operations.concatenate([source] * times, axis)
    return source


def batch_dot(x: Operand, y: Operand, axes: int | Sequence[int] | None = None) -> Tensor:
    """Add up products along an axis of each, sample by sample.

    Args:
        x: Shape (samples, ...).
        y: Shape (samples, ...).
        axes: The two axes, or one for both; when left out the last of `x`, and the last but one of
            `y` if it has more than two.

    Raises:
        ValueError: The lengths of the axes differ.

    """
    left, right = as_tensor(x), as_tensor(y)
    if axes is None:
        axes = (left.ndim - 1, right.ndim - 2 if right.ndim > 2 else 1)
    one, other = (axes, axes) if isinstance(axes, int) else axes
    one, other = one % left.ndim, other % right.ndim
    if left.shape[one] != right.shape[other]:
        raise ValueError(f"axes: {left.shape} and {right.shape} differ along {one} and {other}")
    return more_operations.summed_products(left, right, one, other)


# Functions of functions.


def map_fn(fn: Callable[[Any], Any], elems: Operand) -> Tensor:
    """Apply a function to each element along the first axis."""
    source = as_tensor(elems)
    return operations.stack([as_tensor(fn(source[i])) for i in range(len(source))])
