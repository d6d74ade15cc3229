"""The checks, collected once, and run on mutants: each mutant in a process of its own.

The process that has collected the checks forks one that runs those asked for, and that forks the
worker with the mutant (`forking`).
"""

from __future__ import annotations

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

from fitspec import spec
from fitspec.conformance.running import engine, plugin
from fitspec.conformance.running.listener import Listener
from fitspec.conformance.running.suite import Suite, find_subjects
from fitspec.conformance.running.suite_key import SUITE
from fitspec.conformance.worker.limits import Limits

from . import forking

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from fitspec.conformance.report.verdicts import Finding

#: How long a mutant may take for one check, and to start, in s. The slowest check takes 0.6 s.
#: A mutant that hangs has told itself from the reference: it is not tried again.
LIMITS = Limits(start=20.0, reset=10.0, check=10.0, grace=2.0, tries=1)
#: How long it may take for all of them, in s.
WHOLE = 120.0


@dataclass(frozen=True)
class Task:
    """What shall be run.

    Args:
        name: by which its outcome is known.
        clauses: those whose checks shall be run, in order.
        planted: what stands in the place of a module.
        known: by clause, what the checks find on the reference; None if that is the question.
        watched: the folder in which executed lines are noted.
    """

    name: str
    clauses: tuple[str, ...]
    planted: forking.Planted | None = None
    known: dict[str, str] | None = None
    watched: Path | None = None


@dataclass
class _Running:
    task: Task
    pid: int
    until: float
    data: bytearray = field(default_factory=bytearray)


def tell(finding: Finding) -> str:
    """Return the verdict, or the behaviour where a clause has none."""
    return f"observed {finding.behaviour}" if finding.verdict is None else str(finding.verdict)


class Lab:
    """Collects the checks and hands them, ready to run, to a function.

    Args:
        work: gets this, and does all there is to do before it returns.
    """

    def __init__(self, work: Callable[[Lab], None]) -> None:
        self._work = work
        self._items: dict[str, pytest.Item] = {}
        self._suite = Suite(find_subjects(["reference"]), None, Listener(), LIMITS, None)
        self._error: BaseException | None = None

    def open(self) -> None:
        """Collect the checks and do the work."""
        forking.forget_the_reference()
        forking.fork_workers()
        arguments = [
            *(str(engine.CHECKS), "--rootdir", str(engine.CHECKS), "-c", os.devnull),
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
        config.stash[SUITE] = self._suite
        config.option.tbstyle = "native"

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Do the work in the place of running all checks."""
        for item in session.items:
            marker = item.get_closest_marker("clause")
            assert marker is not None
            self._items[marker.args[0]] = item
        try:
            self._work(self)
        except BaseException as error:  # noqa: BLE001  pytest would print it; the caller raises it
            self._error = error
        return True

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses that the reference is held against, those without a verdict last."""
        levels = spec.contract().clauses
        return tuple(
            sorted(self._items, key=lambda name: levels[name].level is spec.Level.OBSERVED)
        )

    def run(self, tasks: Sequence[Task], jobs: int) -> Iterator[tuple[str, dict[str, Any]]]:
        """Run tasks, several at a time; yield the name of each that has ended, and what came."""
        left = list(reversed(tasks))
        with selectors.DefaultSelector() as selector:
            running = 0
            while left or running:
                while left and running < jobs:
                    self._begin(left.pop(), selector)
                    running += 1
                for name, came in self._ended(selector):
                    running -= 1
                    yield name, came

    def _begin(self, task: Task, selector: selectors.BaseSelector) -> None:
        reader, writer = os.pipe()
        # The child would write again what is not written yet.
        sys.stdout.flush()
        pid = os.fork()
        if pid == 0:
            os.close(reader)
            os.setsid()
            try:
                answer = self._carry_out(task)
            except BaseException:  # noqa: BLE001  the parent hears of it
                answer = {"fault": traceback.format_exc()}
            try:
                with os.fdopen(writer, "w", encoding="utf-8") as stream:
                    json.dump(answer, stream)
            finally:
                os._exit(0)
        os.close(writer)
        one = _Running(task, pid, time.monotonic() + WHOLE * (1 if task.known is not None else 10))
        selector.register(reader, selectors.EVENT_READ, one)

    @staticmethod
    def _ended(selector: selectors.BaseSelector) -> Iterator[tuple[str, dict[str, Any]]]:
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
            came = json.loads(one.data) if one.data else {"by": "", "says": "timeout"}
            yield one.task.name, came

    def _carry_out(self, task: Task) -> dict[str, Any]:
        """Run the checks of a task, up to the first that tells the mutant from the reference."""
        tempfile.tempdir = None
        forking.ForkedWorker.planted = task.planted
        forking.ForkedWorker.watched = task.watched
        items = [self._items[name] for name in task.clauses]
        found: dict[str, str] = {}
        seconds: dict[str, float] = {}
        suite = self._suite
        try:
            for item, follower in zip(items, [*items[1:], None], strict=True):
                name = item.get_closest_marker("clause").args[0]  # type: ignore[union-attr]  # every check has one
                if task.watched is not None:
                    (task.watched / "current").write_text(name, "utf-8")
                started = time.monotonic()
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=follower)
                seconds[name] = round(time.monotonic() - started, 3)
                says = tell(suite.findings[-1]) if suite.findings else ""
                if suite.faults:
                    says = "fault"
                if task.known is not None and says != task.known[name]:
                    detail = suite.faults[0][-300:] if suite.faults else _detail(suite.findings[-1])
                    return {"by": name, "says": says, "detail": detail, "ran": len(seconds)}
                found[name] = says
                suite.faults.clear()
        finally:
            suite.close()
        if task.known is not None:
            return {"by": None, "says": "", "ran": len(seconds)}
        return {"found": found, "seconds": seconds}


def _detail(finding: Finding) -> str:
    return (finding.detail or finding.observed)[:200]
