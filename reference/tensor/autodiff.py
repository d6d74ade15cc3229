"""Reverse-mode differentiation of array computations.

A `Tensor` is an array that remembers how it was made: for each tensor it depends on, a function
that turns the gradient with respect to the result into the gradient with respect to that tensor.
`gradients` walks these links backwards. Operations follow NumPy, broadcasting included.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeAlias

from fitspec.reference.tensor import array_library
from fitspec.reference.tensor.blocks import during
from fitspec.reference.tensor.ordering import in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager
    from types import EllipsisType

    from fitspec.reference.tensor.array_library import Array

    Pullback: TypeAlias = Callable[[Array], Array]
    Link: TypeAlias = tuple["Tensor", Pullback]
    Axes: TypeAlias = int | tuple[int, ...] | None
    Operand: TypeAlias = "Tensor | Array | float | int | bool"
    Key: TypeAlias = "int | slice | EllipsisType | Array | None"

_paused: ContextVar[bool] = ContextVar("paused", default=False)


def paused(on: bool = True) -> AbstractContextManager[None]:
    """Compute without remembering how, which saves time and memory when no gradient is needed.

    It is about what this thread computes inside of the block, and about nothing else.

    Args:
        on: Whether to; False for a computation that needs gradients wherever it is made.

    """
    return during(_paused, on)


class Tensor:
    """An array, with the links by which gradients flow to the tensors it was computed from.

    Attributes:
        mask: Whether each step of a batch of sequences counts, shape (samples, steps), or None.
        logits: What this is the softmax or the sigmoid of, with the name of that; None otherwise.

    """

    __slots__ = ("data", "links", "logits", "mask", "requires_gradient")
    __array_ufunc__ = None  # leaves `array + tensor` to the tensor

    def __init__(self, data: Array, *, requires_gradient: bool = False) -> None:
        self.data = data
        self.requires_gradient = requires_gradient
        self.links: tuple[Link, ...] = ()
        self.mask: Array | None = None
        self.logits: tuple[str, Tensor] | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        """The length of every axis."""
        return self.data.shape

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return self.data.ndim

    @property
    def dtype(self) -> object:
        """The type of the elements."""
        return self.data.dtype

    def numpy(self) -> Array:
        """Return the values as a NumPy array of its own."""
        return array_library.to_host(self.data)

    def __repr__(self) -> str:
        return f"Tensor({self.data!r})"

    def __len__(self) -> int:
        return len(self.data)

    def __float__(self) -> float:
        return float(self.data)

    def __add__(self, other: Operand) -> Tensor:
        return add(self, other)

    def __radd__(self, other: Operand) -> Tensor:
        return add(other, self)

    def __sub__(self, other: Operand) -> Tensor:
        return subtract(self, other)

    def __rsub__(self, other: Operand) -> Tensor:
        return subtract(other, self)

    def __mul__(self, other: Operand) -> Tensor:
        return multiply(self, other)

    def __rmul__(self, other: Operand) -> Tensor:
        return multiply(other, self)

    def __truediv__(self, other: Operand) -> Tensor:
        return divide(self, other)

    def __rtruediv__(self, other: Operand) -> Tensor:
        return divide(other, self)

    def __matmul__(self, other: Tensor) -> Tensor:
        return matmul(self, other)

    def __neg__(self) -> Tensor:
        return multiply(self, -1.0)

    def __pow__(self, exponent: float) -> Tensor:
        return power(self, exponent)

    def __abs__(self) -> Tensor:
        return absolute(self)

    def __gt__(self, other: Any) -> Tensor:
        return Tensor(self.data > as_tensor(other, like=self).data)

    def __ge__(self, other: Any) -> Tensor:
        return Tensor(self.data >= as_tensor(other, like=self).data)

    def __lt__(self, other: Any) -> Tensor:
        return Tensor(self.data < as_tensor(other, like=self).data)

    def __le__(self, other: Any) -> Tensor:
        return Tensor(self.data <= as_tensor(other, like=self).data)

    def __getitem__(self, key: Key | tuple[Key, ...]) -> Tensor:
        return take(self, key)

    def sum(self, axis: Axes = None, *, keepdims: bool = False) -> Tensor:
        """Add up along `axis`, or everything."""
        return total(self, axis, keepdims=keepdims)

    def mean(self, axis: Axes = None, *, keepdims: bool = False) -> Tensor:
        """Average along `axis`, or everything."""
        return mean(self, axis, keepdims=keepdims)

    def reshape(self, *shape: int) -> Tensor:
        """Lay the same elements out in another shape."""
        return reshape(self, shape)


def gradients(
    of: Tensor, with_respect_to: Sequence[Tensor], arriving: Array | None = None
) -> list[Array]:
    """Differentiate a scalar with respect to several tensors.

    Args:
        of: A tensor with one element, computed while recording.
        with_respect_to: Tensors that require gradients.
        arriving: The gradient with respect to `of` of the scalar, if it is computed from `of`.

    Returns:
        One array per tensor, of the tensor's shape; zeros where `of` does not depend on it.

    """
    if arriving is None:
        arriving = array_library.namespace(of.data).ones_like(of.data)
    known = {id(of): arriving}
    for tensor in reversed(in_order([of], _sources)):
        # Every use of the tensor comes later in the computation, so its gradient is complete.
        gradient = known[id(tensor)]
        for source, pullback in tensor.links:
            part = pullback(gradient)
            before = known.get(id(source))
            known[id(source)] = part if before is None else before + part
    zeros = array_library.namespace(of.data).zeros_like
    return [
        known[id(tensor)] if id(tensor) in known else zeros(tensor.data)
        for tensor in with_respect_to
    ]


def _sources(tensor: Tensor) -> list[Tensor]:
    return [source for source, _ in tensor.links]


def as_tensor(value: Operand, like: Tensor | None = None) -> Tensor:
    """Return `value` as a tensor; what is not one yet becomes a constant of the type of `like`."""
    if isinstance(value, Tensor):
        return value
    if like is not None:
        return Tensor(array_library.namespace(like.data).asarray(value, dtype=like.data.dtype))
    library = (
        array_library.namespace(value)
        if array_library.is_on_device(value)
        else array_library.current()
    )
    return Tensor(library.asarray(value))


def _pair(left: Operand, right: Operand) -> tuple[Tensor, Tensor]:
    if isinstance(left, Tensor):
        return left, as_tensor(right, like=left)
    if isinstance(right, Tensor):
        return as_tensor(left, like=right), right
    return as_tensor(left), as_tensor(right)


def computed(data: Array, *links: Link) -> Tensor:
    """Return a result, linked to those tensors it was computed from that gradients flow to."""
    result = Tensor(data)
    if not _paused.get():
        result.links = tuple(link for link in links if link[0].requires_gradient)
        result.requires_gradient = bool(result.links)
    return result


def unbroadcast(gradient: Array, shape: tuple[int, ...]) -> Array:
    """Add up the gradients of the copies that broadcasting made of one element."""
    extra = gradient.ndim - len(shape)
    if extra:
        gradient = gradient.sum(axis=tuple(range(extra)))
    stretched = tuple(
        axis for axis, length in enumerate(shape) if length == 1 != gradient.shape[axis]
    )
    return gradient.sum(axis=stretched, keepdims=True) if stretched else gradient


def add(left: Operand, right: Operand) -> Tensor:
    """Add element by element."""
    a, b = _pair(left, right)
    return computed(
        a.data + b.data,
        (a, lambda g: unbroadcast(g, a.shape)),
        (b, lambda g: unbroadcast(g, b.shape)),
    )


def subtract(left: Operand, right: Operand) -> Tensor:
    """Subtract element by element."""
    a, b = _pair(left, right)
    return computed(
        a.data - b.data,
        (a, lambda g: unbroadcast(g, a.shape)),
        (b, lambda g: unbroadcast(-g, b.shape)),
    )


def multiply(left: Operand, right: Operand) -> Tensor:
    """Multiply element by element."""
    a, b = _pair(left, right)
    return computed(
        a.data * b.data,
        (a, lambda g: unbroadcast(g * b.data, a.shape)),
        (b, lambda g: unbroadcast(g * a.data, b.shape)),
    )


def divide(left: Operand, right: Operand) -> Tensor:
    """Divide element by element."""
    a, b = _pair(left, right)
    quotient = a.data / b.data
    return computed(
        quotient,
        (a, lambda g: unbroadcast(g / b.data, a.shape)),
        (b, lambda g: unbroadcast(-g * quotient / b.data, b.shape)),
    )


def power(base: Tensor, exponent: float) -> Tensor:
    """Raise to a constant power."""
    return computed(
        base.data**exponent, (base, lambda g: g * exponent * base.data ** (exponent - 1))
    )


def matmul(left: Tensor, right: Tensor) -> Tensor:
    """Multiply rows of any number of leading axes by a matrix: `(..., n) @ (n, m)`."""

    def of_matrix(gradient: Array) -> Array:
        rows = left.data.reshape(-1, left.shape[-1])
        product: Array = rows.T @ gradient.reshape(-1, gradient.shape[-1])
        return product

    return computed(left.data @ right.data, (left, lambda g: g @ right.data.T), (right, of_matrix))


def exponential(x: Tensor) -> Tensor:
    """Raise e to every element."""
    result = array_library.namespace(x.data).exp(x.data)
    return computed(result, (x, lambda g: g * result))


def logarithm(x: Tensor) -> Tensor:
    """Take the natural logarithm."""
    return computed(array_library.namespace(x.data).log(x.data), (x, lambda g: g / x.data))


def absolute(x: Tensor) -> Tensor:
    """Take the absolute value; the gradient at 0 is 0."""
    library = array_library.namespace(x.data)
    return computed(library.abs(x.data), (x, lambda g: g * library.sign(x.data)))


def tanh(x: Tensor) -> Tensor:
    """Take the hyperbolic tangent."""
    result = array_library.namespace(x.data).tanh(x.data)
    return computed(result, (x, lambda g: g * (1 - result * result)))


def sigmoid(x: Tensor) -> Tensor:
    """Map to (0, 1) by the logistic function."""
    # By way of tanh, because exp overflows for large negative elements.
    result = 0.5 * (1 + array_library.namespace(x.data).tanh(0.5 * x.data))
    mapped = computed(result, (x, lambda g: g * result * (1 - result)))
    mapped.logits = ("sigmoid", x)
    return mapped


def clip(x: Tensor, low: float | None = None, high: float | None = None) -> Tensor:
    """Limit every element to `low`..`high`; nothing flows back from elements outside."""
    result = array_library.namespace(x.data).clip(x.data, low, high)
    return computed(result, (x, lambda g: g * (x.data == result)))


def rectify(x: Tensor) -> Tensor:
    """Replace negative elements by 0; the gradient at 0 is 0."""
    positive = x.data > 0
    return computed(x.data * positive, (x, lambda g: g * positive))


def softmax(x: Tensor, axis: int = -1) -> Tensor:
    """Scale an axis to positive numbers that add up to 1."""
    # The largest element is taken off, as a constant, because exp overflows for large ones.
    scaled = exponential(x - x.data.max(axis=axis, keepdims=True))
    result = scaled / scaled.sum(axis=axis, keepdims=True)
    if x.ndim == 2 and axis in {-1, 1}:
        result.logits = ("softmax", x)
    return result


def total(x: Tensor, axis: Axes = None, *, keepdims: bool = False) -> Tensor:
    """Add up along `axis`, or everything."""

    def spread(gradient: Array) -> Array:
        library = array_library.namespace(x.data)
        if axis is not None and not keepdims:
            gradient = library.expand_dims(gradient, axis)
        copies: Array = library.broadcast_to(gradient, x.shape)
        return copies

    return computed(x.data.sum(axis=axis, keepdims=keepdims), (x, spread))


def mean(x: Tensor, axis: Axes = None, *, keepdims: bool = False) -> Tensor:
    """Average along `axis`, or everything."""
    summed = total(x, axis, keepdims=keepdims)
    return summed / (x.data.size / summed.data.size)


def reshape(x: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Lay the same elements out in another shape."""
    return computed(x.data.reshape(shape), (x, lambda g: g.reshape(x.shape)))


def take(x: Tensor, key: Key | tuple[Key, ...]) -> Tensor:
    """Select elements as NumPy's indexing does."""

    def put_back(into: Array, gradient: Array) -> None:
        into[...] = 0
        if any(hasattr(part, "dtype") for part in (key if isinstance(key, tuple) else (key,))):
            array_library.namespace(into).add.at(into, key, gradient)
        else:  # no element is selected twice
            into[key] = gradient

    return computed(
        x.data[key], (x, lambda g: array_library.made("put_back", put_back, x.shape, g))
    )
