"""Batches from other processes."""

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from fitspec.reference import Sequence, callbacks
from fitspec.reference.data import worker_processes

forked = pytest.mark.skipif(
    multiprocessing.get_all_start_methods()[0] == "spawn",
    reason="generators and local classes reach other processes by forking only",
)


class Pids(Sequence):
    """Gives the index as x and the number of the process as y."""

    def __init__(self, length: int) -> None:
        self.length = length

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, index: int) -> Any:
        return np.full((1, 1), index), np.full((1, 1), os.getpid() % 2**20)


def pids(items: list[Any]) -> set[int]:
    """Return the processes that items come from."""
    return {int(y[0, 0]) for _, y in items}


class Meeting(Pids):
    """Gives an item only when as many are being read as there are workers."""

    def __init__(self, length: int, workers: int) -> None:
        super().__init__(length)
        self.meeting = multiprocessing.Barrier(workers, timeout=60)

    def __getitem__(self, index: int) -> Any:
        self.meeting.wait()
        return super().__getitem__(index)


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_sequences_are_divided_among_processes(workers: int) -> None:
    """Items come in the order asked for, each once, from as many processes as allowed."""
    meeting, order = Meeting(6, workers), [3, 1, 0, 2, 5, 4]

    items: list[Any] = list(worker_processes.items_in_order(meeting, order, workers, 10))

    assert [int(x[0, 0]) for x, _ in items] == order
    assert len(pids(items)) == workers
    assert os.getpid() % 2**20 not in pids(items)


def test_no_more_processes_are_started_than_there_are_items() -> None:
    """For 2 items of a Sequence 2 processes will do."""
    items: list[Any] = list(worker_processes.items_in_order(Meeting(2, 2), [0, 1], 9, 10))

    assert len(pids(items)) == 2


def test_processes_see_what_the_end_of_an_epoch_has_changed(linear: Callable[..., Any]) -> None:
    """A Sequence that grows by a batch in `on_epoch_end` is read as it is in each epoch."""

    class Growing(Pids):
        def on_epoch_end(self) -> None:
            self.length += 1

    model = linear()
    model.fit(Growing(1), epochs=3, shuffle=False, workers=2, use_multiprocessing=True, verbose=0)

    assert [batch[0] for batch in model.seen.training] == [0, 0, 1, 0, 1, 2]


@forked
@pytest.mark.parametrize("size", [1, 3])
def test_processes_read_ahead_as_far_as_threads_do(linear: Callable[..., Any], size: int) -> None:
    """Nobody begins an item more than size + workers ahead, and that far they all get."""
    begun = multiprocessing.Value("i", 0)
    changed = multiprocessing.Condition()
    leads: list[int] = []

    class Counted(Pids):
        def __getitem__(self, index: int) -> Any:
            with changed:
                begun.value += 1
                changed.notify_all()
            return super().__getitem__(index)

    def wait_until_full(batch: int, logs: object) -> None:  # noqa: ARG001 - a hook's arguments
        if batch > 4:  # near the end of the epoch there is not so much left
            return
        with changed:
            assert changed.wait_for(lambda: begun.value >= batch + 1 + size + 2, timeout=60)
            leads.append(begun.value - (batch + 1))

    linear().fit(
        Counted(12),
        max_queue_size=size,
        workers=2,
        use_multiprocessing=True,
        verbose=0,
        callbacks=[callbacks.LambdaCallback(on_batch_end=wait_until_full)],
    )

    assert leads == [size + 2] * 5


def test_fit_leaves_no_process_behind(linear: Callable[..., Any]) -> None:
    """Training, testing and predicting with processes keep the order and end them all."""
    model, arguments = linear(), {"workers": 2, "use_multiprocessing": True, "verbose": 0}

    model.fit(Pids(4), epochs=2, shuffle=False, validation_data=Pids(2), **arguments)
    model.evaluate(Pids(2), **arguments)
    predictions = model.predict(Pids(3), **arguments)

    assert [batch[0] for batch in model.seen.training] == [0, 1, 2, 3] * 2
    assert predictions[:, 0].tolist() == [0, 1, 2]
    assert multiprocessing.active_children() == []


@forked
def test_one_process_draws_each_item_of_a_generator_once(
    linear: Callable[..., Any], counting: Callable[..., Iterator[Any]]
) -> None:
    """The generator here is not touched: another process has a copy."""
    drawn: list[int] = []
    model = linear()

    model.fit(counting(drawn), steps_per_epoch=2, epochs=2, verbose=0, use_multiprocessing=True)

    assert [batch[0] for batch in model.seen.training] == [0, 1, 2, 3]
    assert drawn == []


@forked
def test_two_processes_draw_each_item_of_a_generator_twice(
    linear: Callable[..., Any], counting: Callable[..., Iterator[Any]]
) -> None:
    """A warning says so."""
    model = linear()

    with pytest.warns(UserWarning, match="Sequence"):
        model.fit_generator(counting([]), 4, workers=2, use_multiprocessing=True, verbose=0)

    assert [batch[0] for batch in model.seen.training] == [0, 0, 1, 1]


def test_workers_0_stays_in_this_process(linear: Callable[..., Any]) -> None:
    """Without workers there is nobody to do it elsewhere."""
    threads: list[threading.Thread] = []

    class Here(Pids):
        def __getitem__(self, index: int) -> Any:
            threads.append(threading.current_thread())
            return super().__getitem__(index)

    linear().fit(Here(2), workers=0, use_multiprocessing=True, verbose=0)

    assert threads == [threading.main_thread()] * 2


class Failing(Pids):
    """Fails in a way of its own at index 1."""

    def __init__(self, failure: Callable[[], object]) -> None:
        super().__init__(3)
        self.failure = failure

    def __getitem__(self, index: int) -> Any:
        return self.failure() if index else super().__getitem__(index)


def gone() -> object:
    """End the process without a word."""
    os._exit(3)


def unreadable() -> object:
    """Fail like a broken disk."""
    raise OSError("disk is gone")


def unpicklable_failure() -> object:
    """Fail with an exception that cannot travel."""
    raise OSError("disk", lambda: None)


def unpicklable() -> object:
    """Return what cannot travel."""
    return lambda: None


@pytest.mark.parametrize(
    ("failure", "problem"),
    [
        (unreadable, "disk is gone"),
        (unpicklable_failure, "OSError: .*disk"),
        (unpicklable, "pickle|local object"),
        (gone, "exit code 3"),
    ],
)
def test_failures_in_a_process_reach_the_caller(
    linear: Callable[..., Any], failure: Callable[[], object], problem: str
) -> None:
    """Exceptions, things that cannot be pickled and sudden ends do not hang."""
    with pytest.raises(Exception, match=problem):
        linear().fit(Failing(failure), workers=2, use_multiprocessing=True, verbose=0)

    assert multiprocessing.active_children() == []


def test_what_cannot_be_pickled_is_refused_where_nothing_is_forked(
    linear: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A generator cannot be handed to a spawned process: an error, and no waiting."""
    spawning = multiprocessing.get_context("spawn")
    monkeypatch.setattr(multiprocessing, "get_context", lambda _: spawning)

    with pytest.raises(TypeError, match="pickle"):
        linear().fit((item for item in [1]), steps_per_epoch=1, use_multiprocessing=True, verbose=0)


@pytest.mark.parametrize("method", [None, "forkserver"])
def test_what_cannot_be_pickled_is_read_where_nobody_chose_how_processes_start(
    linear: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, method: str | None
) -> None:
    """As on Python 3.14, which would have pickled a generator; also where a pool ran before."""
    monkeypatch.setattr(
        multiprocessing, "get_start_method", lambda allow_none: allow_none and method
    )
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["forkserver", "fork"])
    items = ((np.ones((1, 1)), np.ones((1, 1))) for _ in range(2))

    history = linear().fit(items, steps_per_epoch=2, use_multiprocessing=True, verbose=0)

    assert history.epoch == [0]


def test_one_thread_starts_a_process_at_a_time() -> None:
    """What watches for forks, as filelock does, raises where two threads fork at once."""
    order: list[str] = []

    class Started:
        def __init__(self, name: str, meanwhile: Callable[[], None]) -> None:
            self.name, self.meanwhile = name, meanwhile

        def start(self) -> None:
            order.append(f"{self.name} begins")
            self.meanwhile()
            order.append(f"{self.name} has begun")

    second = threading.Thread(
        target=lambda: worker_processes.start(Started("second", lambda: None))  # type: ignore[arg-type]  # has what is called
    )

    def meanwhile() -> None:
        second.start()
        taken: list[bool] = []
        third = threading.Thread(
            target=lambda: taken.append(worker_processes._starting.acquire(blocking=False))  # noqa: SLF001
        )
        third.start()
        third.join()
        assert taken == [False]

    worker_processes.start(Started("first", meanwhile))  # type: ignore[arg-type]  # as above
    second.join()

    assert order == ["first begins", "first has begun", "second begins", "second has begun"]
