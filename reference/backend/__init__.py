"""What losses, metrics and `Lambda` layers of one's own are written with.

Every function takes tensors, arrays and numbers, and returns a tensor, through which gradients flow
where there are any. Axes count the batch axis.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from fitspec.reference import activations
from fitspec.reference.backend import more_functions
from fitspec.reference.backend.more_functions import *  # noqa: F403 - public here
from fitspec.reference.backend.symbol_functions import *  # noqa: F403 - public here
from fitspec.reference.backend.values import *  # noqa: F403 - public here
from fitspec.reference.backend.values import Operand, epsilon, one_hot
from fitspec.reference.standing_in import left_out, symbolic
from fitspec.reference.tensor import array_library, autodiff, more_operations, operations
from fitspec.reference.tensor.array_library import FLOAT
from fitspec.reference.tensor.autodiff import (
    Tensor,
    _pair,
    as_tensor,
    computed,  # the one way to give an operation a gradient
)

if TYPE_CHECKING:
    Axis: TypeAlias = int | Sequence[int] | None


def _library(x: Tensor) -> Any:
    return array_library.namespace(x.data)


def _axes(axis: Axis) -> int | tuple[int, ...] | None:
    return tuple(axis) if isinstance(axis, Sequence) else axis


def cast(x: Operand, dtype: str) -> Tensor:
    """Change the type of the elements; "bool" stands for whether they differ from 0."""
    source = as_tensor(x)
    return computed(source.data.astype(dtype), (source, lambda g: g.astype(source.data.dtype)))


# Comparisons, through which nothing flows back.


def _comparison(compare: Callable[[Any, Any], Any], what: str) -> Callable[..., Tensor]:
    def compared(x: Operand, y: Operand) -> Tensor:
        left, right = _pair(x, y)
        return Tensor(compare(left.data, right.data))

    compared.__name__ = compare.__name__
    compared.__doc__ = f"Return where the left elements are {what} the right ones."
    return compared


equal = _comparison(operator.eq, "equal to")
not_equal = _comparison(operator.ne, "different from")
greater = _comparison(operator.gt, "greater than")
greater_equal = _comparison(operator.ge, "at least")
less = _comparison(operator.lt, "less than")
less_equal = _comparison(operator.le, "at most")


def _found(method: str, what: str) -> Callable[..., Tensor]:
    def found(x: Operand, axis: Axis = -1, keepdims: bool = False) -> Tensor:
        source = as_tensor(x)
        function = getattr(_library(source), method)
        result = function(source.data, axis=_axes(axis), **({"keepdims": True} if keepdims else {}))
        return Tensor(_library(source).asarray(result))

    found.__name__ = method
    found.__doc__ = f"Return {what} along an axis."
    return found


argmax = _found("argmax", "the index of the largest element")
argmin = _found("argmin", "the index of the smallest element")


def any(x: Operand, axis: Axis = None, keepdims: bool = False) -> Tensor:  # noqa: A001 - as above
    """Return whether any element is true."""
    return cast(sum(as_tensor(x).data != 0, axis, keepdims), "bool")


def all(x: Operand, axis: Axis = None, keepdims: bool = False) -> Tensor:  # noqa: A001 - as above
    """Return whether every element is true."""
    return equal(sum(as_tensor(x).data == 0, axis, keepdims), 0)


def round(x: Operand) -> Tensor:  # noqa: A001 - as above
    """Round to whole numbers, halves to even ones."""
    source = as_tensor(x)
    return Tensor(_library(source).round(source.data))


def sign(x: Operand) -> Tensor:
    """Return -1, 0 or 1."""
    source = as_tensor(x)
    return Tensor(_library(source).sign(source.data))


def stop_gradient(x: Operand) -> Tensor:
    """Return the same values, as if they were constant."""
    return Tensor(as_tensor(x).data)


# Element by element.


def abs(x: Operand) -> Tensor:  # noqa: A001 - as above
    """Take the absolute value."""
    return autodiff.absolute(as_tensor(x))


def square(x: Operand) -> Tensor:
    """Multiply every element by itself."""
    source = as_tensor(x)
    return source * source


def sqrt(x: Operand) -> Tensor:
    """Take the square root, of 0 where elements are negative."""
    return clip(x, 0.0, np.inf) ** 0.5


def exp(x: Operand) -> Tensor:
    """Raise e to every element."""
    return autodiff.exponential(as_tensor(x))


def log(x: Operand) -> Tensor:
    """Take the natural logarithm."""
    return autodiff.logarithm(as_tensor(x))


def sin(x: Operand) -> Tensor:
    """Take the sine."""
    source = as_tensor(x)
    library = _library(source)
    return computed(library.sin(source.data), (source, lambda g: g * library.cos(source.data)))


def cos(x: Operand) -> Tensor:
    """Take the cosine."""
    source = as_tensor(x)
    library = _library(source)
    return computed(library.cos(source.data), (source, lambda g: -g * library.sin(source.data)))


def pow(x: Operand, a: float) -> Tensor:  # noqa: A001 - as above
    """Raise every element to a constant power."""
    return autodiff.power(as_tensor(x), a)


def clip(x: Operand, min_value: float | None, max_value: float | None) -> Tensor:
    """Limit every element."""
    return autodiff.clip(as_tensor(x), min_value, max_value)


def switch(condition: Any, then_expression: Any, else_expression: Any) -> Tensor:
    """Choose, element by element, from two tensors or functions that return them.

    Args:
        condition: Where to take the first; it may lack axes at the end.
        then_expression: The first.
        else_expression: The second.

    """
    left, right = _pair(
        *(one() if callable(one) else one for one in (then_expression, else_expression))
    )
    chosen = as_tensor(condition).data.astype(bool)
    missing = len(np.broadcast_shapes(left.shape, right.shape)) - chosen.ndim
    chosen = chosen.reshape(chosen.shape + (1,) * missing)
    return operations.choose(chosen, left, right)


def maximum(x: Operand, y: Operand) -> Tensor:
    """Take the greater element of each pair."""
    left, right = _pair(x, y)
    return switch(left.data >= right.data, left, right)


def minimum(x: Operand, y: Operand) -> Tensor:
    """Take the smaller element of each pair."""
    left, right = _pair(x, y)
    return switch(left.data <= right.data, left, right)


def relu(
    x: Operand, alpha: float = 0.0, max_value: float | None = None, threshold: float = 0.0
) -> Tensor:
    """Multiply elements that are not above a threshold by `alpha`, and limit the others."""
    return activations.relu(as_tensor(x), alpha, max_value, threshold)


def sigmoid(x: Operand) -> Tensor:
    """Map to (0, 1) by the logistic function."""
    return autodiff.sigmoid(as_tensor(x))


def tanh(x: Operand) -> Tensor:
    """Map to (-1, 1) by the hyperbolic tangent."""
    return autodiff.tanh(as_tensor(x))


def softplus(x: Operand) -> Tensor:
    """Compute log(1 + exp(x)), without overflow."""
    return operations.softplus(as_tensor(x))


# Along axes.


def sum(x: Operand, axis: Axis = None, keepdims: bool = False) -> Tensor:  # noqa: A001 - as above
    """Add up."""
    return autodiff.total(as_tensor(x), _axes(axis), keepdims=keepdims)


def mean(x: Operand, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Average; true counts as 1."""
    source = as_tensor(x)
    source = source if source.data.dtype.kind == "f" else cast(source, FLOAT)
    return autodiff.mean(source, _axes(axis), keepdims=keepdims)


def var(x: Operand, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Average the squared differences from the mean."""
    return mean(square(as_tensor(x) - mean(x, axis, keepdims=True)), axis, keepdims)


def std(x: Operand, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Take the square root of the variance."""
    return sqrt(var(x, axis, keepdims))


def max(x: Operand, axis: Axis = None, keepdims: bool = False) -> Tensor:  # noqa: A001 - as above
    """Take the largest element; what flows back is divided among equal ones."""
    return more_operations.largest(as_tensor(x), _axes(axis), keepdims=keepdims)


def min(x: Operand, axis: Axis = None, keepdims: bool = False) -> Tensor:  # noqa: A001 - as above
    """Take the smallest element; what flows back is divided among equal ones."""
    return -max(-as_tensor(x), axis, keepdims)


def softmax(x: Operand, axis: int = -1) -> Tensor:
    """Scale an axis to positive numbers that add up to 1."""
    return autodiff.softmax(as_tensor(x), axis)


def l2_normalize(x: Operand, axis: Axis = None) -> Tensor:
    """Divide by the root of the sum of squares."""
    return as_tensor(x) / maximum(sum(square(x), axis, keepdims=True), 1e-12) ** 0.5


# Other shapes.


def reshape(x: Operand, shape: Sequence[int]) -> Tensor:
    """Lay the same elements out in another shape."""
    return autodiff.reshape(as_tensor(x), tuple(shape))


def flatten(x: Operand) -> Tensor:
    """Lay all elements out along one axis."""
    return reshape(x, (-1,))


def batch_flatten(x: Operand) -> Tensor:
    """Lay the elements of every sample out along one axis."""
    return reshape(x, (len(as_tensor(x)), -1))


def expand_dims(x: Operand, axis: int = -1) -> Tensor:
    """Insert an axis of length 1."""
    source = as_tensor(x)
    return reshape(source, _library(source).expand_dims(source.data, axis).shape)


def squeeze(x: Operand, axis: int) -> Tensor:
    """Remove an axis of length 1."""
    source = as_tensor(x)
    return reshape(source, source.data.squeeze(axis).shape)


def permute_dimensions(x: Operand, pattern: Sequence[int]) -> Tensor:
    """Reorder the axes."""
    return operations.transpose(as_tensor(x), pattern)


def transpose(x: Operand) -> Tensor:
    """Reverse the order of the axes."""
    return permute_dimensions(x, range(as_tensor(x).ndim)[::-1])


def concatenate(tensors: Sequence[Operand], axis: int = -1) -> Tensor:
    """Join tensors end to end along an axis."""
    return operations.concatenate([as_tensor(one) for one in tensors], axis)


def stack(x: Sequence[Operand], axis: int = 0) -> Tensor:
    """Join tensors along a new axis."""
    return operations.stack([as_tensor(one) for one in x], axis)


def gather(reference: Operand, indices: Operand) -> Tensor:
    """Select along the first axis."""
    return as_tensor(reference)[as_tensor(indices).data.astype(int)]


def dot(x: Operand, y: Operand) -> Tensor:
    """Sum products along the last axis of one, and the last but one of the other, as `np.dot`."""
    left, right = _pair(x, y)
    if right.ndim == 1:
        return squeeze(autodiff.matmul(left, expand_dims(right)), -1)
    axes = (right.ndim - 2, *range(right.ndim - 2), right.ndim - 1)
    matrix = operations.transpose(right, axes).reshape(right.shape[-2], -1)
    kept = (*right.shape[:-2], right.shape[-1])
    return autodiff.matmul(left, matrix).reshape(*left.shape[:-1], *kept)


# Losses, one value per element or per distribution.


def _probabilities(output: Tensor) -> Tensor:
    return clip(output, epsilon(), 1 - epsilon())


def binary_crossentropy(target: Operand, output: Operand, from_logits: bool = False) -> Tensor:
    """Give the surprise about targets 0 or 1, element by element."""
    expected, given = _pair(target, output)
    if from_logits:
        return softplus(given) - expected * given
    one = _probabilities(given)
    return -(expected * log(one) + (1 - expected) * log(1 - one))


def categorical_crossentropy(
    target: Operand, output: Operand, from_logits: bool = False, axis: int = -1
) -> Tensor:
    """Give the surprise about one-hot targets."""
    given = as_tensor(output)
    if from_logits:
        shifted = given - max(stop_gradient(given), axis, keepdims=True)
        surprise = log(sum(exp(shifted), axis, keepdims=True)) - shifted
    else:
        surprise = -log(_probabilities(given / sum(given, axis, keepdims=True)))
    return sum(as_tensor(target) * surprise, axis)


def sparse_categorical_crossentropy(
    target: Operand, output: Operand, from_logits: bool = False, axis: int = -1
) -> Tensor:
    """Give the surprise about class indices; `axis` must be the last one."""
    given = as_tensor(output)
    if axis not in (-1, given.ndim - 1):
        raise ValueError(f"axis must be the last one, -1, not {axis}")
    classes = as_tensor(target).data.reshape(given.shape[:-1])
    return categorical_crossentropy(one_hot(classes, given.shape[-1]), given, from_logits)


# Of the symbols between layers they make others.
vars().update(
    (_name, symbolic.accepting(_function))
    for _name, _function in [*vars().items()]
    if getattr(_function, "__module__", "") in {__name__, more_functions.__name__}
    and not _name.startswith("_")
    and _name not in {"dtype", "is_keras_tensor"}
)
__getattr__ = functools.partial(left_out.missing, "backend")
