"""Writing down which array operations a computation is made of, while it is done.

A computation that is given recorded arrays in place of plain ones computes as ever, and leaves a
list of instructions behind, each with the array that its result went into. Nothing that depends on
shapes alone is recorded: it is the same whenever the list is gone through again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from fitspec.reference.compute.instruction import Instruction
from fitspec.reference.tensor import array_library

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fitspec.reference.tensor.array_library import Array


class Unrecordable(Exception):  # noqa: N818  it says what a computation is
    """The computation does something that cannot be done again by a list of array operations."""


def _result_by_name(function: Callable[..., object]) -> Callable[..., object]:
    def compute(*arguments: Any) -> None:
        function(*arguments[:-1], out=arguments[-1])

    return compute


#: NumPy wants the place of the result named, as a third array is easily mistaken for an operand.
_BY_NAME: dict[Any, Callable[..., object]] = {
    function: _result_by_name(function) for function in (np.maximum, np.minimum)
}


#: What a library calls the way to bring axes together by a function of two.
_REDUCING: dict[Any, str] = {np.add: "sum", np.maximum: "amax"}


class InstructionRecorder:
    """Keeps the instructions of one computation.

    Args:
        library: The array library that computes, NumPy or that of a device.

    """

    def __init__(self, library: Any = np) -> None:
        self.library = library
        self.instructions: list[Instruction] = []
        self._before: list[tuple[Array, Array]] = []

    def wrap(self, array: Array) -> RecordedArray:
        """Return what stands for an array whose elements may be others the next time."""
        return RecordedArray(array, self)

    def add(self, instruction: Instruction) -> RecordedArray:
        """Do an instruction and keep it."""
        instruction.run()
        self.instructions.append(instruction)
        return RecordedArray(instruction.result, self)

    def ufunc(self, function: np.ufunc, operands: Sequence[object]) -> RecordedArray:
        """Apply a function element by element."""
        if function in (np.multiply, np.divide) and is_one(operands[1]):
            same = same_or_none(operands[0], operands[1])
            if same is not None:
                return same
        return self.called(function, operands, elementwise=True)

    def called(
        self, function: np.ufunc, operands: Sequence[object], *, elementwise: bool = False
    ) -> RecordedArray:
        """Keep a function of NumPy, or the library's of that name, which takes a result's place."""
        values = [plain(each) for each in operands]
        own = getattr(self.library, function.__name__)
        result = self.library.asarray(own(*values))
        again = _BY_NAME.get(own, own) if self.library is np else _result_by_name(own)
        # What cuBLAS computes, CuPy refuses to capture.
        alone = function is np.matmul
        self.instructions.append(
            Instruction(
                function.__name__, again, (*values, result), len(values), elementwise, alone
            )
        )
        return RecordedArray(result, self)

    def reduce(
        self, function: np.ufunc, array: RecordedArray, axis: Any, *, keepdims: bool = False
    ) -> RecordedArray:
        """Bring axes together by a function of two."""
        value = array.value
        axes = range(value.ndim) if axis is None else np.atleast_1d(axis)
        if all(value.shape[each] == 1 for each in axes):
            # The sum and the maximum of one element is the element.
            kept = value if keepdims else self.library.squeeze(value, tuple(map(int, axes)))
            return self.view(kept)
        name = f"{function.__name__}.reduce"
        if self.library is not np:
            return self._reduced(name, _REDUCING[function], value, axis, keepdims=keepdims)
        result = np.asarray(function.reduce(value, axis=axis, keepdims=keepdims))
        arguments = (value, axis, result.dtype, result, keepdims)
        self.instructions.append(Instruction(name, function.reduce, arguments, 3))
        return RecordedArray(result, self)

    def _reduced(
        self, name: str, function: str, value: Array, axis: Any, *, keepdims: bool
    ) -> RecordedArray:
        reducing = getattr(self.library, function)

        def reduce(array: Array, axis: Any, into: Array) -> None:
            reducing(array, axis=axis, out=into, keepdims=keepdims)

        result = reducing(value, axis=axis, keepdims=keepdims)
        self.instructions.append(Instruction(name, reduce, (value, axis, result), 2))
        return RecordedArray(result, self)

    def made(
        self, name: str, make: Callable[..., object], shape: Any, operands: Any
    ) -> RecordedArray:
        """Keep an array that a function of operands fills."""
        result = self.library.empty(shape, operands[0].dtype)
        return self.add(Instruction(name, make, (result, *map(plain, operands)), 0, alone=True))

    def drawn(
        self, name: str, shape: tuple[int, ...], fill: Callable[[Array], object]
    ) -> RecordedArray:
        """Keep an array of random numbers, which NumPy fills anew every time."""
        drawn = np.empty(shape)

        def fill_there(into: Array) -> None:
            fill(drawn)
            into[...] = self.library.asarray(drawn)

        if self.library is np:
            return self.add(Instruction(name, fill, (drawn,), 0))
        there = self.library.asarray(drawn)
        return self.add(Instruction(name, fill_there, (there,), 0, alone=True))

    def store(self, array: Array, value: Array) -> None:
        """Have an array that lasts take over other elements."""
        self._before.append((array, array.copy()))
        self.add(Instruction("store", self.library.copyto, (array, value), 0))

    def undo(self) -> None:
        """Give all arrays that last the elements that they had at the beginning."""
        for array, before in reversed(self._before):
            array[...] = before

    def view(self, array: Array) -> RecordedArray:
        """Return what stands for a view of an array that is known."""
        return RecordedArray(array, self)


def _operators(
    function: np.ufunc,
) -> tuple[Callable[..., RecordedArray], Callable[..., RecordedArray]]:
    """Return what an operator does with an array on its left, and with one on its right."""

    def applied(array: RecordedArray, operands: tuple[Any, Any]) -> RecordedArray:
        recorder = array.recorder
        done = recorder.called if function is np.matmul else recorder.ufunc
        return done(function, operands)

    return (
        lambda array, other: applied(array, (array, other)),
        lambda array, other: applied(array, (other, array)),
    )


class RecordedArray:
    """An array that an `InstructionRecorder` watches.

    It can do what `autodiff` asks of arrays. Whatever else is tried with it is `Unrecordable`, so
    that nothing goes unnoticed.
    """

    __slots__ = ("recorder", "value")
    #: Makes the library's functions for such arrays: `recorded_functions`.
    functions: ClassVar[Callable[[Any], Any]]

    def __init__(self, value: Array, recorder: InstructionRecorder) -> None:
        self.value = value
        self.recorder = recorder

    @property
    def namespace(self) -> Any:
        """The functions for such arrays."""
        return type(self).functions(self.recorder.library)

    # -- what depends on the shape alone --

    @property
    def shape(self) -> tuple[int, ...]:
        """The length of every axis."""
        return self.value.shape

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return self.value.ndim

    @property
    def size(self) -> int:
        """The number of elements."""
        return self.value.size

    @property
    def dtype(self) -> Any:
        """The type of the elements."""
        return self.value.dtype

    def __len__(self) -> int:
        return len(self.value)

    # -- what shows the same elements --

    @property
    def T(self) -> RecordedArray:  # noqa: N802  NumPy's name
        """The transposed view."""
        return self.recorder.view(self.value.T)

    def transpose(self, axes: Sequence[int]) -> RecordedArray:
        """Return a view with its axes in another order."""
        return self.recorder.view(self.value.transpose(axes))

    def reshape(self, *shape: Any) -> RecordedArray:
        """Return the same elements in another shape."""
        shown = self.value.reshape(*shape)
        library = self.recorder.library
        if library.may_share_memory(shown, self.value):
            return self.recorder.view(shown)
        copy = library.empty(shown.shape, shown.dtype)
        into = copy.reshape(self.value.shape)
        self.recorder.add(Instruction("copy", library.copyto, (into, self.value), 0))
        return RecordedArray(copy, self.recorder)

    def __getitem__(self, key: Any) -> RecordedArray:
        parts = key if isinstance(key, tuple) else (key,)
        if all(isinstance(each, (int, slice, type(None), type(Ellipsis))) for each in parts):
            # The ellipsis makes a view even of a single element.
            shown = self.value[parts if Ellipsis in parts else (*parts, ...)]
            return self.recorder.view(shown)
        if isinstance(key, tuple):
            raise Unrecordable("a selection by several arrays")
        shape = self.value[plain(key)].shape
        return self.recorder.made("select", _select, shape, (self, key))

    def __setitem__(self, key: Any, value: Any) -> None:
        if key is not Ellipsis:
            raise Unrecordable("a change of some elements")
        self.recorder.store(self.value, plain(value))

    def astype(self, dtype: Any, *, copy: bool = True) -> RecordedArray:  # noqa: ARG002  as NumPy
        """Return the elements as another type."""
        if np.dtype(dtype) == self.value.dtype:
            return self
        library = self.recorder.library
        result = library.empty(self.value.shape, dtype)

        def convert(into: Array, array: Array) -> None:
            library.copyto(into, array, casting="unsafe")

        return self.recorder.add(Instruction("convert", convert, (result, self.value), 0))

    # -- what computes --

    def sum(self, axis: Any = None, *, keepdims: bool = False) -> RecordedArray:
        """Add up."""
        return self.recorder.reduce(np.add, self, axis, keepdims=keepdims)

    def max(self, axis: Any = None, *, keepdims: bool = False) -> RecordedArray:
        """Find the largest."""
        return self.recorder.reduce(np.maximum, self, axis, keepdims=keepdims)

    def __array_ufunc__(
        self, function: np.ufunc, method: str, *operands: Any, **kwargs: Any
    ) -> RecordedArray:
        if function is np.matmul and method == "__call__" and not kwargs:
            return self.recorder.called(np.matmul, operands)
        if method != "__call__" or kwargs or function.nout != 1:
            raise Unrecordable(f"{function.__name__}.{method}")
        return self.recorder.ufunc(function, operands)

    __add__, __radd__ = _operators(np.add)
    __sub__, __rsub__ = _operators(np.subtract)
    __mul__, __rmul__ = _operators(np.multiply)
    __truediv__, __rtruediv__ = _operators(np.divide)
    __matmul__, __rmatmul__ = _operators(np.matmul)

    def __neg__(self) -> RecordedArray:
        return self.recorder.ufunc(np.negative, (self,))

    def __pow__(self, exponent: float) -> RecordedArray:
        # As NumPy does for an array and a number.
        if exponent == 1:
            return self
        short = {2: np.square, 0.5: np.sqrt, -1: np.reciprocal}.get(exponent)
        if short is not None:
            return self.recorder.ufunc(short, (self,))
        return self.recorder.ufunc(np.power, (self, exponent))

    __gt__, _ = _operators(np.greater)
    __ge__, _ = _operators(np.greater_equal)
    __lt__, _ = _operators(np.less)

    def __eq__(self, other: object) -> RecordedArray:  # type: ignore[override]  # element by element
        return self.recorder.ufunc(np.equal, (self, other))

    __hash__ = None  # type: ignore[assignment]  # as arrays

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise Unrecordable(f"the array's {name}")

    def __bool__(self) -> bool:
        raise Unrecordable("a decision by elements")

    def __float__(self) -> float:
        raise Unrecordable("a number made of an array")

    def __array__(self, *_: object, **__: object) -> Array:
        raise Unrecordable("an array taken out of the computation")

    def __iter__(self) -> Any:
        raise Unrecordable("going through the elements")


def plain(operand: Any) -> Any:
    """Return the array of a recorded one, and anything else as it is."""
    return operand.value if isinstance(operand, RecordedArray) else operand


def is_one(operand: Any) -> bool:
    """Whether an operand is the constant 1, which changes nothing by multiplication."""
    if array_library.is_array(operand):
        return operand.size == 1 and bool((operand == 1).all())
    return isinstance(operand, (int, float)) and operand == 1


def same_or_none(array: object, one: Any) -> RecordedArray | None:
    """Return an array that is multiplied by 1, unless its shape or type changes by that."""
    if not isinstance(array, RecordedArray):
        return None
    shape = np.broadcast_shapes(array.shape, getattr(one, "shape", ()))
    # By the types alone: to ask for a value would wait for a device.
    kind = np.result_type(array.dtype, getattr(one, "dtype", one))
    return array if shape == array.shape and kind == array.dtype else None


def _select(into: Array, array: Array, key: Array) -> None:
    into[...] = array[key]
