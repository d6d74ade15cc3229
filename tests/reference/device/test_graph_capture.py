"""Tests of operations that a device is given together, on the stand-in for CuPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fitspec.reference.compute.cuda.graphs import Captured
from fitspec.reference.compute.recorded.recorder import InstructionRecorder
from fitspec.reference.tensor import array_library


@pytest.fixture
def streams(stand_in: Any) -> Any:
    """The stand-in for `cupy.cuda`."""
    stand_in.cuda.Graph.launches = 0
    return stand_in.cuda


def recorded(stand_in: Any) -> tuple[Any, Any, InstructionRecorder]:
    """Return an array, what becomes of it, and a record of that: (x + 1) * 2 @ 1 + 3, in place."""
    recorder = InstructionRecorder(stand_in)
    x = stand_in.asarray(np.zeros((2, 2)))
    ones = stand_in.asarray(np.eye(2))
    start = (recorder.wrap(x) + 1.0) * 2.0
    end = (start @ ones + 3.0) * 1.5
    return x, end.value, recorder


def run(captured: Captured) -> None:
    """Go through the instructions once."""
    for function, arguments in captured:
        function(*arguments)


def test_what_follows_each_other_is_one_graph(stand_in: Any, streams: Any) -> None:
    """The first time all calls are made; then two graphs stand for all but the product."""
    x, end, recorder = recorded(stand_in)
    captured = Captured(recorder.instructions, stand_in)
    assert [one.name for one in recorder.instructions] == [
        *("add", "multiply", "matmul", "add", "multiply")
    ]

    for value in (1.0, 2.0, 3.0):
        x[...] = value
        run(captured)
        assert end.get().tolist() == [[3 * value + 7.5] * 2] * 2

    assert streams.Graph.launches == 4
    assert len(list(captured)) == 3


def test_to_write_down_a_graph_changes_nothing(stand_in: Any, streams: Any) -> None:
    """What is computed in place is computed once a time, also when the graph is made."""
    array = stand_in.asarray(np.zeros(2))
    recorder = InstructionRecorder(stand_in)
    more = recorder.wrap(array) + 1.0
    recorder.store(array, more.value)
    assert array.get().tolist() == [1, 1]
    captured = Captured(recorder.instructions, stand_in)

    for time in range(2, 6):
        run(captured)
        assert array.get().tolist() == [time, time]
    assert streams.Graph.launches == 3


@pytest.mark.parametrize("refusal", [NotImplementedError, RuntimeError])
def test_what_the_library_refuses_is_called_as_before(
    stand_in: Any, streams: Any, monkeypatch: pytest.MonkeyPatch, refusal: type[Exception]
) -> None:
    """A graph saves time; without one the numbers are the same."""

    def refused(*_: object) -> None:
        raise refusal("not in a graph")

    monkeypatch.setattr(streams, "captured_result", refused)
    x, end, recorder = recorded(stand_in)
    captured = Captured(recorder.instructions, stand_in)

    for value in (1.0, 2.0, 3.0):
        x[...] = value
        run(captured)
        assert end.get().tolist() == [[3 * value + 7.5] * 2] * 2
    assert streams.Graph.launches == 0
    assert streams.captured() is None


def test_memory_of_the_stand_in_is_known_by_its_address(stand_in: Any) -> None:
    """An array that is put together from an address shows what the one at that address holds."""
    array = stand_in.asarray(np.arange(6.0).reshape(2, 3))
    part = stand_in.ndarray((2,), array.dtype, array.data + 8, (24,))

    part[...] = 0

    assert array_library.is_on_device(part)
    assert part.base is None
    assert array.get().tolist() == [[0, 0, 2], [3, 0, 5]]
