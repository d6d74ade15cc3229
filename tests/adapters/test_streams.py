"""Tests of `fitspec.adapters.streams`."""

from __future__ import annotations

import itertools
import multiprocessing
import pickle
import signal
import threading
from typing import TYPE_CHECKING, Any

import pytest

from fitspec.adapters import Adapter
from fitspec.adapters.events import EventLog

if TYPE_CHECKING:
    from pathlib import Path

#: How long a thread of these tests may take, in s.
PATIENCE = 60.0


class Base:
    """A library's Sequence."""


class WithSequences(Adapter):
    """Has Sequences."""

    sequence_class = Base


@pytest.fixture
def adapter(tmp_path: Path) -> Adapter:
    """Return an adapter with an empty log."""
    adapter = WithSequences()
    adapter.log = EventLog(str(tmp_path / "events.jsonl"))
    return adapter


def _seen(adapter: Adapter) -> list[tuple[str, Any]]:
    return [(item["kind"], item["fields"].get("index")) for item in adapter.log.since(0)]


def _wait(kind: str, count: int, within: float = PATIENCE) -> dict[str, Any]:
    return {"kind": kind, "probe": None, "count": count, "within": within, "quiet": 0.0}


def test_a_generator_notes_what_is_asked_of_it(adapter: Adapter) -> None:
    """A pull is noted when it is made, not before; a repeating one counts on."""
    source = adapter.build_generator("p1", ["a", "b"], repeats=True)
    assert _seen(adapter) == []

    items = list(itertools.islice(source, 3))

    assert items == ["a", "b", "a"]
    assert _seen(adapter) == [(kind, index) for index in range(3) for kind in ("pull", "give")]


def test_a_generator_ends_unless_it_repeats(adapter: Adapter) -> None:
    """One pass yields each item once, and notes its end."""
    assert list(adapter.build_generator("p1", ["a"], repeats=False)) == ["a"]
    assert _seen(adapter) == [("pull", 0), ("give", 0), ("end", None)]


def test_a_locked_iterator_lets_threads_draw_one_after_the_other(adapter: Adapter) -> None:
    """A thread that draws while another is being given an item waits, and gets the next one."""
    slow = {0: _wait("pull", 2, within=0.05)}
    source = adapter.build_locked_iterator(key="p1", items=["a", "b"], repeats=False, waits=slow)
    drawn: list[Any] = []
    threads = [threading.Thread(target=lambda: drawn.append(next(source))) for _ in range(2)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)

    assert sorted(drawn) == ["a", "b"]
    assert [kind for kind, _ in _seen(adapter)] == ["pull", "came", "give", "pull", "give"]


def test_a_generator_notes_that_it_was_closed(adapter: Adapter) -> None:
    """Closing tells how far it had come."""
    source = adapter.build_generator("p1", ["a"], repeats=True)
    next(source)

    source.close()

    assert _seen(adapter)[-1] == ("close", 0)


def test_a_source_raises_in_the_place_of_an_item(adapter: Adapter) -> None:
    """The named exception with the given text comes at its index and at no other."""
    conduct: dict[str, Any] = {"raises_at": 1, "error": "LookupError", "message": "no more"}
    sequence = adapter.build_sequence("p1", ["a", "b", "c"], **conduct)

    with pytest.raises(LookupError, match="no more"):
        sequence[1]

    assert (sequence[0], sequence[2]) == ("a", "c")
    assert _seen(adapter) == [
        ("get_item", 1),
        ("get_item", 0),
        ("give", 0),
        ("get_item", 2),
        ("give", 2),
    ]


def test_a_sequence_ends_at_its_length(adapter: Adapter) -> None:
    """An index beyond the length is an IndexError, but an endless one goes on for long."""
    endless = adapter.build_sequence("p2", ["a", "b"], endless=True)
    assert endless[101] == "b"
    with pytest.raises(IndexError, match="item 102 of 2"):
        endless[102]
    with pytest.raises(IndexError, match="item 2 of 2"):
        adapter.build_sequence("p1", ["a", "b"])[2]


def test_a_sequence_may_change_its_length(adapter: Adapter) -> None:
    """Every end of an epoch brings the next length, and the last one stays."""
    sequence = adapter.build_sequence("p1", ["a"] * 4, lengths=[2, 4])
    lengths = []

    for _ in range(3):
        lengths.append(len(sequence))
        sequence.on_epoch_end()

    assert lengths == [2, 4, 4]
    assert _seen(adapter) == [("sequence_epoch_end", None)] * 3


def test_a_source_waits_for_events_of_its_own(adapter: Adapter) -> None:
    """An item that waits for a second request is given once another thread has made that."""
    sequence = adapter.build_sequence("p1", ["a", "b"], waits={0: _wait("get_item", 2)})
    first = threading.Thread(target=lambda: sequence[0])
    first.start()

    assert sequence[1] == "b"
    first.join(PATIENCE)

    assert not first.is_alive()
    assert _seen(adapter).index(("get_item", 1)) < _seen(adapter).index(("give", 0))


def test_a_source_gives_up_waiting(adapter: Adapter) -> None:
    """What does not come in time is noted so, and the item is given."""
    source = adapter.build_generator("p1", ["a"], repeats=True, waits={0: _wait("pull", 2, 0.0)})

    assert next(source) == "a"
    (came,) = (item for item in adapter.log.since(0) if item["kind"] == "came")
    assert came["fields"] == {"in_time": False}


def test_a_sequence_travels_to_another_process(adapter: Adapter) -> None:
    """A pickled copy gives the same items and logs into the same file."""
    sequence = adapter.build_sequence("p1", ["a", "b"])

    copy = pickle.loads(pickle.dumps(sequence))  # noqa: S301  just made here

    assert (len(copy), copy[1]) == (2, "b")
    assert ("give", 1) in _seen(adapter)


def test_a_sequence_may_refuse_to_travel(adapter: Adapter) -> None:
    """One that cannot be pickled says so."""
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(adapter.build_sequence("p1", ["a"], picklable=False))


def test_a_source_kills_only_a_child_process(adapter: Adapter) -> None:
    """The process that made it is spared; a child dies of the signal."""
    sequence = adapter.build_sequence("p1", ["a"], kills_at=0)
    child = multiprocessing.get_context("fork").Process(target=sequence.__getitem__, args=(0,))

    assert sequence[0] == "a"
    child.start()
    child.join(PATIENCE)

    assert child.exitcode == -signal.SIGKILL


def test_a_file_is_read_line_by_line_over_and_over(adapter: Adapter) -> None:
    """Each line is a batch of one sample, by name, and the file is closed at each end."""
    source = adapter.build_file_reader("p1", ["1 2 3", "4 5 6"])

    items = list(itertools.islice(source, 3))
    source.close()

    values = [[float(array[0, 0]) for array in {**x, **y}.values()] for x, y in items]
    assert values == [[1, 2, 3], [4, 5, 6], [1, 2, 3]]
    assert [*items[0][0], *items[0][1]] == ["input_1", "input_2", "output"]
    assert [kind for kind, _ in _seen(adapter)] == ["file_open", "file_close"] * 2
