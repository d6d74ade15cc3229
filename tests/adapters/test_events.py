"""Tests of `fitspec.adapters.events`."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fitspec.adapters import wire
from fitspec.adapters.events import EventLog, describe

EACH = 200


@pytest.fixture
def log(tmp_path: Path) -> EventLog:
    """Return an empty log."""
    return EventLog(str(tmp_path / "events.jsonl"))


def write_many(log: EventLog, probe: str) -> None:
    """Write `EACH` events, as a probe in a thread or a child process does."""
    for index in range(EACH):
        log.write("pull", probe, index=index, padding="x" * 5000)


def _indices(log: EventLog, probe: str) -> list[int]:
    return [event["fields"]["index"] for event in log.since(0) if event["probe"] == probe]


def test_events_are_in_the_order_they_were_written(log: EventLog) -> None:
    """The order of the events is that in which they happened."""
    log.write("epoch_begin", "p1", index=0)
    log.write("pull", "p2")

    assert [(event["kind"], event["probe"]) for event in log.since(0)] == [
        ("epoch_begin", "p1"),
        ("pull", "p2"),
    ]


def test_only_what_came_after_a_position_is_returned(log: EventLog) -> None:
    """A call's events are those since it began."""
    log.write("pull", "p1", index=0)
    position = log.position()
    log.write("pull", "p1", index=1)

    assert [event["fields"] for event in log.since(position)] == [{"index": 1}]


def test_a_renewed_log_begins_anew(log: EventLog) -> None:
    """Events stand at the beginning again, and who has the one before adds none to them."""
    log.write("pull", "p1", index=0)

    renewed = log.renewed()
    log.write("close", "p1", index=0)
    renewed.write("pull", "p1", index=1)

    assert [event["fields"] for event in renewed.since(0)] == [{"index": 1}]


def test_threads_do_not_divide_each_others_events(log: EventLog) -> None:
    """Events of many threads are whole, in each thread's order, and tell the thread."""
    threads = [threading.Thread(target=write_many, args=(log, f"p{i}")) for i in range(4)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [_indices(log, f"p{i}") for i in range(4)] == [list(range(EACH))] * 4
    assert {event["main_thread"] for event in log.since(0)} == {False}


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_forked_children_write_to_the_same_log(log: EventLog) -> None:
    """Events of forked processes, written at the same time, are whole and tell the process."""
    context = multiprocessing.get_context("fork")
    children = [context.Process(target=write_many, args=(log, f"p{i}")) for i in range(2)]

    for child in children:
        child.start()
    write_many(log, "own")
    for child in children:
        child.join(30)

    assert [child.exitcode for child in children] == [0, 0]
    assert [_indices(log, probe) for probe in ("p0", "p1", "own")] == [list(range(EACH))] * 3
    assert {event["pid"] for event in log.since(0)} == {os.getpid(), *(c.pid for c in children)}


def test_a_spawned_child_writes_to_the_same_log(log: EventLog) -> None:
    """A log that travels into a new interpreter goes on there."""
    log.write("pull", "own")
    child = multiprocessing.get_context("spawn").Process(target=log.write, args=("pull", "p1"))

    child.start()
    child.join(30)

    assert child.exitcode == 0
    assert [(event["probe"], event["pid"]) for event in log.since(0)] == [
        ("own", os.getpid()),
        ("p1", child.pid),
    ]


def test_a_pickled_log_is_the_same_log(log: EventLog) -> None:
    """A log that was sent to another process continues the file."""
    copy = pickle.loads(pickle.dumps(log))  # noqa: S301  our own bytes

    copy.write("pull", "p1")
    log.write("pull", "p2")

    assert [event["probe"] for event in copy.since(0)] == ["p1", "p2"]


def test_a_line_that_is_still_being_written_is_left_out(log: EventLog) -> None:
    """What has no end yet is not read; a child may be writing."""
    log.write("pull", "p1")
    with Path(log.path).open("ab") as file:
        file.write(b'{"kind":"pul')

    assert [event["kind"] for event in log.since(0)] == ["pull"]


class Tensor:
    """Something that turns into an array when asked."""

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray[Any, Any]:
        return np.asarray([1.5], dtype)


class Mute:
    """Something that has no words."""

    def __repr__(self) -> str:
        raise SystemExit


def test_logs_of_any_class_are_noted(log: EventLog) -> None:
    """A tensor is noted as an array, anything else as text, whatever its repr does."""
    log.write("epoch_end", "p1", logs={"loss": Tensor(), "other": Mute(), "nan": float("nan")})

    logs = wire.decode(log.since(0)[0]["fields"])["logs"]
    assert logs["loss"].tolist() == [1.5]
    assert logs["other"] == "<Mute whose text cannot be had: SystemExit>"
    assert np.isnan(logs["nan"])


def test_a_text_is_had_by_any_conversion() -> None:
    """`describe` converts as asked."""
    assert (describe("a"), describe("a", str)) == ("'a'", "a")


def test_a_wait_ends_when_the_events_have_come(log: EventLog) -> None:
    """Events of another thread end it at once, and others than those asked for do not count."""
    log.write("pull", "p2")
    log.write("give", "p1")
    writer = threading.Thread(target=write_many, args=(log, "p1"))
    writer.start()

    came = log.wait("pull", "p1", EACH, within=60.0)
    writer.join()

    assert came
    assert log.count("pull", "p1") == EACH


def test_a_wait_gives_up(log: EventLog) -> None:
    """What does not come within the time is told."""
    assert not log.wait("pull", "p1", 1, within=0.0)


def test_a_wait_goes_on_while_more_comes(log: EventLog) -> None:
    """With a quiet time it ends only when nothing has come for so long."""
    log.write("pull", "p1")
    writer = threading.Thread(target=write_many, args=(log, "p1"))
    writer.start()

    # Far more than the writer leaves between two events, however busy the machine.
    assert log.wait("pull", "p1", 1, within=60.0, quiet=1.0)
    writer.join()

    assert log.count("pull", "p1") == EACH + 1
