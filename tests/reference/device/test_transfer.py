"""Tests of bringing batches to a device, on one that does things as late as it may."""

from __future__ import annotations

import functools
import random
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fitspec.reference.compute.cuda.transfer import Transfer

if TYPE_CHECKING:
    from collections.abc import Callable


class LazyDevice:
    """A device that begins nothing until it has to, and then picks among its streams by chance.

    A stream does its things in order; one that comes to an event of another waits for it. Memory of
    the CPU is read when a copy is done, not when it was asked for.
    """

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - nobody guesses it
        self._streams: list[LazyStream] = []
        self.computing = self.stream()
        self.cuda = SimpleNamespace(
            Stream=lambda non_blocking: self.stream(),  # noqa: ARG005  CuPy's name
            get_current_stream=lambda: self.computing,
            alloc_pinned_memory=bytearray,
        )

    def stream(self) -> LazyStream:
        """Return a new stream."""
        self._streams.append(LazyStream(self))
        return self._streams[-1]

    def empty(self, shape: tuple[int, ...], dtype: Any) -> LazyArray:
        """Return an array that holds nothing of use."""
        return LazyArray(np.full(shape, 77, dtype), self)

    def run_until(self, is_enough: Callable[[], bool]) -> None:
        """Do things, by chance on one stream or another, until it is enough."""
        while not is_enough():
            able = [one for one in self._streams if one.can_go_on()]
            assert able, "the streams wait for each other for ever"
            self._chance.choice(able).go_on()


class LazyStream:
    """Things that a device is to do in order."""

    def __init__(self, device: LazyDevice) -> None:
        self._device = device
        self._todo: list[Any] = []

    def does(self, operation: Callable[[], object]) -> None:
        """Add one."""
        self._todo.append(operation)

    def record(self) -> LazyEvent:
        """Return the point that comes after all that was added."""
        event = LazyEvent(self._device)
        self.does(event.happen)
        return event

    def wait_event(self, event: LazyEvent) -> None:
        """Do nothing more before an event."""
        self._todo.append(event)

    def can_go_on(self) -> bool:
        """Whether there is something to do, and nothing to wait for."""
        first = self._todo[0] if self._todo else None
        return first is not None and (not isinstance(first, LazyEvent) or first.happened)

    def go_on(self) -> None:
        """Do the next thing."""
        first = self._todo.pop(0)
        if not isinstance(first, LazyEvent):
            first()


class LazyEvent:
    """A point in what a stream does."""

    def __init__(self, device: LazyDevice) -> None:
        self._device = device
        self.happened = False

    def happen(self) -> None:
        """Note that the stream has come here."""
        self.happened = True

    def synchronize(self) -> None:
        """Have the CPU wait for it."""
        self._device.run_until(lambda: self.happened)


class LazyArray:
    """An array whose elements are what they are when the device comes to it."""

    def __init__(self, held: Any, device: LazyDevice) -> None:
        self.held = held
        self._device = device

    def set(self, array: Any, stream: LazyStream) -> None:
        """Take over elements from memory of the CPU."""
        stream.does(lambda: np.copyto(self.held, array))

    def copy(self) -> LazyArray:
        """Return a copy, made by the stream that computes."""
        copy = self._device.empty(self.held.shape, self.held.dtype)
        self._device.computing.does(lambda: np.copyto(copy.held, self.held))
        return copy


@given(sizes=st.lists(st.integers(0, 3), min_size=1, max_size=12), seed=st.integers(0, 2**16))
def test_every_batch_arrives_whole_in_whatever_order_things_are_done(
    sizes: list[int], seed: int
) -> None:
    """The CPU goes on at once and changes its arrays; later batches do not run into earlier."""
    device = LazyDevice(seed)
    transfer = Transfer(device)
    arrived = []
    for number, size in enumerate(sizes):
        given_arrays = [np.full((size, 2), number, np.float32), np.full(size, -number)]
        arrived.append(transfer.copied(given_arrays))
        for array in given_arrays:
            array[...] = 99

    device.computing.record().synchronize()

    for number, (size, (first, second)) in enumerate(zip(sizes, arrived, strict=True)):
        assert first.held.tolist() == [[number, number]] * size
        assert second.held.tolist() == [-number] * size


def test_the_cpu_is_at_most_two_batches_ahead() -> None:
    """It waits until a place is free again, and for no more than that."""
    device = LazyDevice(0)
    transfer = Transfer(device)
    done: list[int] = []
    seen = []
    for number in range(5):
        transfer.copied([np.zeros(1)])
        seen.append(list(done))
        device.computing.does(functools.partial(done.append, number))

    assert seen[:2] == [[], []]
    assert all(len(before) <= max(number - 1, 0) for number, before in enumerate(seen))
