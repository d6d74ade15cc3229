"""Bringing batches to a device while it still computes with those before.

The CPU writes a batch into memory that a device reads by itself, and goes on. Nothing waits but for
what it needs: the device's computation for the copy, and the copy for the computation with the
batch that was there before.
"""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.reference.tensor.array_library import Array


class Transfer:
    """Copies arrays of the CPU to a device, into a few places in turn.

    Args:
        library: The array library of the device.

    """

    #: One batch is computed with while the next is on its way.
    PLACES = 2

    def __init__(self, library: Any) -> None:
        self._library = library
        self._stream = library.cuda.Stream(non_blocking=True)
        self._turns = itertools.cycle([BatchMemory() for _ in range(self.PLACES)])

    def copied(self, arrays: Sequence[Array]) -> list[Any]:
        """Return arrays of the device with the elements of these, which may be changed at once."""
        place, stream = next(self._turns), self._stream
        place.hold(arrays, self._library)
        stream.wait_event(place.read)
        for there, pinned in zip(place.there, place.pinned, strict=True):
            there.set(pinned, stream)
        place.written = stream.record()
        computing = self._library.cuda.get_current_stream()
        computing.wait_event(place.written)
        # Its own copy is the caller's to keep; what is in the place lasts two batches.
        own = [there.copy() for there in place.there]
        place.read = computing.record()
        return own


class BatchMemory:
    """Memory for one batch, on the CPU and on the device.

    Attributes:
        pinned: Arrays that the device can read by itself.
        there: Arrays on the device.
        written: When the device has read the former.
        read: When the device needs the latter no more.

    """

    def __init__(self) -> None:
        self.pinned: list[Array] = []
        self.there: list[Any] = []
        self.written: Any = None
        self.read: Any = None

    def hold(self, arrays: Sequence[Array], library: Any) -> None:
        """Take over a batch, once the device has read what was there."""
        if self.written is not None:
            self.written.synchronize()
        if [(one.shape, one.dtype) for one in arrays] != [
            (one.shape, one.dtype) for one in self.pinned
        ]:
            if self.read is not None:
                self.read.synchronize()
            self.pinned = [pinned_like(one, library) for one in arrays]
            self.there = [library.empty(one.shape, one.dtype) for one in arrays]
            # What is given as free may still be computed with by what was started before.
            self.read = library.cuda.get_current_stream().record()
        for pinned, array in zip(self.pinned, arrays, strict=True):
            pinned[...] = array


def pinned_like(array: Array, library: Any) -> Array:
    """Return an array of the same shape in memory that the device can read by itself."""
    memory = library.cuda.alloc_pinned_memory(max(array.nbytes, 1))
    flat: Array = np.frombuffer(memory, array.dtype, math.prod(array.shape))
    return flat.reshape(array.shape)
