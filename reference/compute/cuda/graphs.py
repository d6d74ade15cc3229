"""Having a device do many operations at one command.

To start an operation on a GPU takes the CPU longer than many an operation takes. A CUDA graph is a
list of operations that are started together.
"""

from __future__ import annotations

import itertools
import operator
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from fitspec.reference.compute.instruction import Instruction

    Call: TypeAlias = tuple[Callable[..., object], tuple[Any, ...]]


class Captured:
    """Instructions to be gone through many times on a device, as calls.

    The first time each is called by itself, by which kernels are compiled. From the second time on
    those that follow each other are one graph, where the library can make one of them.

    Args:
        instructions: In order.
        library: The array library of the device.

    """

    def __init__(self, instructions: Sequence[Instruction], library: Any) -> None:
        self._instructions = instructions
        self._library = library
        self._times = 0
        self._calls: list[Call] = [(one.function, one.arguments) for one in instructions]
        #: What operations need for themselves in between; nobody else may use it.
        self._memory: Any = None

    def __iter__(self) -> Iterator[Call]:
        """Give what to call, in order, for one time."""
        self._times += 1
        if self._times == 2:
            self._memory = self._library.cuda.MemoryPool()
            self._calls = list(self._in_graphs())
        return iter(self._calls)

    def _in_graphs(self) -> Iterator[Call]:
        for alone, group in itertools.groupby(self._instructions, operator.attrgetter("alone")):
            calls = [(one.function, one.arguments) for one in group]
            graph = None if alone or len(calls) == 1 else self._graph_of(calls)
            yield from calls if graph is None else [(graph.launch, ())]

    def _graph_of(self, calls: Sequence[Call]) -> Any | None:
        """Return a graph of calls, which are not made by that; None if the library refuses."""
        cuda = self._library.cuda
        stream = cuda.Stream(non_blocking=True)
        try:
            with cuda.using_allocator(self._memory.malloc), stream:
                stream.begin_capture()
                try:
                    for function, arguments in calls:
                        function(*arguments)
                finally:
                    graph = stream.end_capture()
        except (NotImplementedError, RuntimeError):  # what CuPy, and what CUDA, say then
            return None
        return graph
