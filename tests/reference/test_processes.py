"""Batches from other processes."""

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from fitspec.reference import Sequence, processes

forked = pytest.mark.skipif(
    multiprocessing.get_start_method() != "fork",
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


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_sequences_are_divided_among_processes(workers: int) -> None:
    """Items come in the order asked for, each once, from as many processes as allowed."""
    items: list[Any] = list(processes.items_in_order(Pids(7), [3, 1, 0, 2, 5, 4, 6], workers, 10))

    assert [int(x[0, 0]) for x, _ in items] == [3, 1, 0, 2, 5, 4, 6]
    assert len(pids(items)) == workers
    assert os.getpid() % 2**20 not in pids(items)


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
    monkeypatch.setattr(multiprocessing, "get_context", lambda: spawning)

    with pytest.raises(TypeError, match="pickle"):
        linear().fit((item for item in [1]), steps_per_epoch=1, use_multiprocessing=True, verbose=0)
