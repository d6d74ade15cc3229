"""The part of the backend that makes, reads and changes values, and tells types and shapes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from fitspec.reference import losses
from fitspec.reference.config import naming
from fitspec.reference.config.settings import Setting
from fitspec.reference.data import random_source
from fitspec.reference.network.layer import Symbol
from fitspec.reference.tensor import array_library
from fitspec.reference.tensor.array_library import FLOAT
from fitspec.reference.tensor.autodiff import Tensor, as_tensor
from fitspec.reference.tensor.variable import Variable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.reference.tensor.array_library import Array

__all__ = [
    "cast_to_floatx",
    "clear_session",
    "constant",
    "epsilon",
    "eval",
    "floatx",
    "get_value",
    "image_data_format",
    "int_shape",
    "is_tensor",
    "ndim",
    "one_hot",
    "ones_like",
    "random_normal",
    "random_uniform",
    "set_value",
    "shape",
    "variable",
    "zeros_like",
]

Operand: TypeAlias = Any
"""A tensor, an array, a number, or lists of numbers."""


def epsilon() -> float:
    """Return the small number that keeps divisors and logarithms away from 0."""
    return losses.EPSILON


def floatx() -> str:
    """Return the type of weights and data."""
    return FLOAT


def image_data_format() -> str:
    """Return where the channels of a picture are: on the last axis."""
    return "channels_last"


def clear_session() -> None:
    """Count the names of layers from 1 again."""
    naming.forget()


def cast_to_floatx(x: Any) -> Array:
    """Return an array of the type of weights and data."""
    return np.asarray(array_library.off_device(x), FLOAT)


def constant(
    value: Any,
    dtype: str | None = None,
    shape: Sequence[int] | None = None,
    name: str | None = None,
) -> Tensor:
    """Return a tensor that nothing changes.

    Args:
        value: Its values.
        dtype: Of its elements; that of weights when left out.
        shape: Its shape; values that are fewer are laid out in it, and the last one is repeated.
        name: For the reader.

    Raises:
        ValueError: There are more values than the shape holds.

    """
    del name
    library = array_library.current()
    array = library.asarray(value, dtype or FLOAT)
    if shape is None:
        return Tensor(array)
    missing = math.prod(shape) - array.size
    if missing < 0 or not array.size:
        raise ValueError(f"shape {tuple(shape)} cannot hold {array.size} values")
    flat = array.reshape(-1)
    return Tensor(library.concatenate([flat, flat[-1:].repeat(missing)]).reshape(tuple(shape)))


def variable(value: Any, dtype: str | None = None, name: str | None = None) -> Variable:
    """Return a tensor that `set_value` changes."""
    return Variable(
        array_library.current().array(value, dtype or FLOAT), name or naming.fresh("variable")
    )


def get_value(x: Any) -> Any:
    """Return the value of a tensor, of a weight or of a setting such as `optimizer.lr`."""
    return x.numpy() if isinstance(x, (Tensor, Setting)) else x


eval = get_value  # noqa: A001 - the documented name


def set_value(x: Any, value: Any) -> None:
    """Change a weight, a variable or a setting such as `optimizer.lr`.

    Raises:
        TypeError: It is none of these.

    """
    if isinstance(x, Setting):
        x.assign(float(value))
    elif isinstance(x, Variable):
        x.assign(array_library.namespace(x.data).asarray(array_library.off_device(value)))
    else:
        raise TypeError(f"x must be a weight, a variable or a setting, not {x!r}")


def is_tensor(x: object) -> bool:
    """Whether `x` is a tensor, or stands for one."""
    return isinstance(x, (Tensor, Symbol))


def int_shape(x: Operand | Symbol) -> tuple[int | None, ...]:
    """Return the length of every axis, None where it is not known yet."""
    return (None, *x.shape) if isinstance(x, Symbol) else as_tensor(x).shape


def shape(x: Operand) -> tuple[int, ...]:
    """Return the length of every axis."""
    return as_tensor(x).shape


def ndim(x: Operand | Symbol) -> int:
    """Return the number of axes."""
    return len(int_shape(x))


def ones_like(x: Operand, dtype: str | None = None) -> Tensor:
    """Return a tensor of the same shape that is full of ones."""
    source = as_tensor(x)
    return Tensor(array_library.namespace(source.data).ones_like(source.data, dtype=dtype))


def zeros_like(x: Operand, dtype: str | None = None) -> Tensor:
    """Return a tensor of the same shape that is full of zeros."""
    source = as_tensor(x)
    return Tensor(array_library.namespace(source.data).zeros_like(source.data, dtype=dtype))


def one_hot(indices: Operand, num_classes: int) -> Tensor:
    """Return, for every index, a last axis that is 1 there and 0 elsewhere."""
    source = as_tensor(indices)
    classes = array_library.namespace(source.data).arange(num_classes)
    return Tensor((source.data[..., None] == classes).astype(FLOAT))


def random_normal(shape: Sequence[int], mean: float = 0.0, stddev: float = 1.0) -> Tensor:
    """Draw from the normal distribution."""
    drawn = random_source.generator().normal(mean, stddev, tuple(shape))
    return Tensor(array_library.current().asarray(drawn, FLOAT))


def random_uniform(shape: Sequence[int], minval: float = 0.0, maxval: float = 1.0) -> Tensor:
    """Draw evenly from [minval, maxval)."""
    drawn = random_source.generator().uniform(minval, maxval, tuple(shape))
    return Tensor(array_library.current().asarray(drawn, FLOAT))
