"""What the stand-in for CuPy has where CuPy has `cuda`: streams, events, graphs and memory."""

from __future__ import annotations

import contextlib
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Self


class Pointer:
    """An address in a block of memory."""

    def __init__(self, owner: Any, address: int) -> None:
        self.owner = owner
        self.mem = SimpleNamespace(ptr=owner.ctypes.data, size=owner.nbytes)
        self.ptr = address

    def __add__(self, offset: int) -> Pointer:
        return Pointer(self.owner, self.ptr + offset)


class Graph:
    """Operations that are started together."""

    launches = 0
    """How often any graph was launched."""

    def __init__(self, operations: list[Callable[[], object]]) -> None:
        self.operations = operations

    def launch(self) -> None:
        """Do them."""
        Graph.launches += 1
        for operation in self.operations:
            operation()


class Event:
    """A point in what a stream does."""

    def synchronize(self) -> None:
        """Wait for it: the stand-in does everything at once."""


class Stream:
    """An order in which the device does things; here, it does them at once."""

    def __init__(self, *, non_blocking: bool = False) -> None:
        self.non_blocking = non_blocking
        self.operations: list[Callable[[], object]] | None = None

    def __enter__(self) -> Self:
        _streams.append(self)
        return self

    def __exit__(self, *_: object) -> None:
        _streams.pop()

    def does(self, operation: Callable[[], object]) -> None:
        """Do something, or write it down."""
        if self.operations is None:
            operation()
        else:
            self.operations.append(operation)

    def begin_capture(self) -> None:
        """Write down what is to be done from now on."""
        assert self.non_blocking, "the stream that everybody uses is not captured"
        self.operations = []

    def end_capture(self) -> Graph:
        """Return what was written down."""
        operations, self.operations = self.operations, None
        assert operations is not None
        return Graph(operations)

    def record(self) -> Event:
        """Return this point."""
        return Event()

    def wait_event(self, event: Event) -> None:
        """Do what comes now after an event."""
        assert isinstance(event, Event)


_streams = [Stream()]


def get_current_stream() -> Stream:
    """Return the stream that computes."""
    return _streams[-1]


def captured() -> list[Callable[[], object]] | None:
    """Return what is being written down, None if operations are done."""
    return get_current_stream().operations


def computing(operation: Callable[[], object]) -> None:
    """Do what returns nothing, or write it down."""
    get_current_stream().does(operation)


def captured_result(function: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """Write a call down; return the array that its result will be in.

    Raises:
        NotImplementedError: It is a product of matrices.

    """
    operations = captured()
    assert operations is not None
    if function is np.matmul:
        raise NotImplementedError("products of matrices take part in no graph")
    into = kwargs.get("out", args[0] if function is np.copyto else None)
    if into is not None:
        operations.append(lambda: function(*args, **kwargs))
        return into
    result = np.asarray(function(*args, **kwargs))
    operations.append(lambda: np.copyto(result, function(*args, **kwargs)))
    return result


class MemoryPool:
    """Where memory comes from."""

    malloc = None


@contextlib.contextmanager
def using_allocator(_malloc: object) -> Iterator[None]:
    """Have memory come from somewhere else."""
    yield


def alloc_pinned_memory(size: int) -> bytearray:
    """Return memory of the CPU that the device can read by itself."""
    return bytearray(size)


class runtime:  # noqa: N801  CuPy's name
    """What the driver tells."""

    free = 10**9

    @classmethod
    def memGetInfo(cls) -> tuple[int, int]:  # noqa: N802  CuPy's name
        """Return how many bytes are free, and how many there are."""
        return cls.free, 10**9
