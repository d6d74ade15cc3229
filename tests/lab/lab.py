"""The checks, collected once, and run in processes that are forked for it, several at a time.

Each of them has workers that are forks as well (`forking`), and ends with all that it started.
"""

from __future__ import annotations

import gc
import json
import os
import selectors
import signal
import sys
import tempfile
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fitspec.conformance.running import engine, plugin
from fitspec.conformance.running.listener import Listener
from fitspec.conformance.running.suite import Suite, find_subjects
from fitspec.conformance.running.suite_key import SUITE

from . import forking

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from fitspec.conformance.worker.limits import Limits

#: As many tasks at a time for each processor: checks of queues wait more than they compute.
CROWD = 2


@dataclass(frozen=True)
class Task:
    """What shall be done in a process of its own.

    Args:
        name: by which its answer is known.
        work: what to do; returns what JSON can hold.
        seconds: how long it may take.
    """

    name: str
    work: Callable[[], dict[str, Any]]
    seconds: float


@dataclass
class _Running:
    task: Task
    pid: int
    until: float
    data: bytearray = field(default_factory=bytearray)


class Lab:
    """Collects the checks and hands them, ready to run, to a function.

    Args:
        work: gets this, and does all there is to do before it returns.
        subjects: the implementations that checks are collected for.
        limits: of their workers.
    """

    def __init__(
        self, work: Callable[[Lab], None], subjects: Sequence[str], limits: Limits
    ) -> None:
        self._work = work
        self._items: dict[tuple[str, str], pytest.Item] = {}
        # Their workers are forks of this process, whatever environment they ask for elsewhere.
        here = tuple(item.at_hand() for item in find_subjects(subjects))
        #: The run that a task makes, of which nothing comes back but its answer.
        self.suite = Suite(here, None, Listener(), limits, None)
        self._error: BaseException | None = None

    def open(self) -> None:
        """Collect the checks and do the work."""
        forking.fork_workers()
        arguments = [
            *(str(engine.CHECKS), "--rootdir", str(engine.CHECKS), "-c", os.devnull),
            f"--confcutdir={engine.CHECKS}",
            *("--import-mode=importlib", "-p", "no:terminal", "-p", "no:cacheprovider"),
            *("-p", plugin.__name__, "--capture=no"),
        ]
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        pytest.main(arguments, plugins=[self])
        if self._error is not None:
            raise self._error
        if not self._items:
            raise RuntimeError("the checks could not be collected")

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Give the plugin the suite."""
        config.stash[SUITE] = self.suite
        config.option.tbstyle = "native"

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Do the work in the place of running all checks."""
        for item in session.items:
            marker = item.get_closest_marker("clause")
            assert marker is not None
            assert isinstance(item, pytest.Function)
            self._items[str(item.callspec.params["implementation"]), marker.args[0]] = item
        _read_sources_for_hypothesis()
        # What is there by now, no process needs to look through for garbage.
        gc.collect()
        gc.freeze()
        try:
            self._work(self)
        except BaseException as error:  # noqa: BLE001  pytest would print it; the caller raises it
            self._error = error
        return True

    def clauses(self, subject: str) -> tuple[str, ...]:
        """Return the clauses that an implementation is held against, dependencies first."""
        return tuple(clause for name, clause in self._items if name == subject)

    def check(self, subject: str, clauses: Iterable[str]) -> Iterator[str]:
        """Run checks on an implementation, in this process; yield each clause once it is decided.

        What was found is in the suite.

        Raises:
            RuntimeError: the workers are no forks.
        """
        tempfile.tempdir = None
        items = [self._items[subject, name] for name in clauses]
        try:
            for item, following in zip(items, [*items[1:], None], strict=True):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                if not forking.ForkedWorker.started:
                    raise RuntimeError("a worker was started, and not forked from this process")
                yield item.get_closest_marker("clause").args[0]  # type: ignore[union-attr]  # every check has one
        finally:
            self.suite.close()

    def run(self, tasks: Sequence[Task], jobs: int) -> Iterator[tuple[str, dict[str, Any] | None]]:
        """Do tasks, several at a time.

        Yields:
            The name of each that has ended, and its answer: None where it did not end in time.

        Raises:
            RuntimeError: one broke off.
        """
        left = list(reversed(tasks))
        with selectors.DefaultSelector() as selector:
            running = 0
            while left or running:
                while left and running < jobs:
                    self._begin(left.pop(), selector)
                    running += 1
                for name, came in self._ended(selector):
                    running -= 1
                    if came is not None and "fault" in came:
                        raise RuntimeError(f"{name} could not be run:\n{came['fault']}")
                    yield name, came

    @staticmethod
    def _begin(task: Task, selector: selectors.BaseSelector) -> None:
        reader, writer = os.pipe()
        # The child would write again what is not written yet.
        sys.stdout.flush()
        pid = os.fork()
        if pid == 0:
            os.close(reader)
            os.setsid()
            try:
                answer = task.work()
            except BaseException:  # noqa: BLE001  the parent hears of it
                answer = {"fault": traceback.format_exc()}
            try:
                with os.fdopen(writer, "w", encoding="utf-8") as stream:
                    json.dump(answer, stream)
            finally:
                os._exit(0)
        os.close(writer)
        one = _Running(task, pid, time.monotonic() + task.seconds)
        selector.register(reader, selectors.EVENT_READ, one)

    @staticmethod
    def _ended(selector: selectors.BaseSelector) -> Iterator[tuple[str, dict[str, Any] | None]]:
        ready = {key.fd for key, _ in selector.select(0.2)}
        for key in list(selector.get_map().values()):
            one: _Running = key.data
            late = time.monotonic() > one.until
            if key.fd in ready:
                data = os.read(key.fd, 2**20)
                one.data += data
                if data:
                    continue
            elif not late:
                continue
            selector.unregister(key.fd)
            os.close(key.fd)
            with suppress(ProcessLookupError):
                os.killpg(one.pid, signal.SIGKILL)
            os.waitpid(one.pid, 0)
            yield one.task.name, json.loads(one.data) if one.data else None


@settings(derandomize=True, database=None, deadline=None)
@given(st.lists(st.integers()))
def _read_sources_for_hypothesis(_: list[int]) -> None:
    """Draw so many numbers that each module was read for constants: no task does so anew."""
