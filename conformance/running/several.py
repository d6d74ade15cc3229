"""Holding several implementations against the contract at a time, each in a process of its own."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import tempfile
import time
from collections import deque
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from importlib.resources import as_file
from typing import IO, TYPE_CHECKING, Any, Protocol

from fitspec.conformance.report import reading, report
from fitspec.conformance.running import engine, finished
from fitspec.conformance.running.suite import find_subjects
from fitspec.conformance.system.guarded import Guarded
from fitspec.conformance.system.interrupts import held_back
from fitspec.conformance.system.scratch import Scratch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from fitspec.conformance.implementations.implementation import Implementation
    from fitspec.conformance.report.report import Report

#: How long a run that is to stop is given for ending its worker and removing what it began, in s.
GRACE = 1.5
#: How often whoever watches hears that time goes by, in s.
_TICK = 0.5
#: How much of what a process said at its end is told.
_LAST_LINES = 12


class Watcher(Protocol):
    """Hears what happens to each implementation."""

    def started(self, name: str) -> None:
        """Its process was started."""

    def progress(self, name: str, text: str) -> None:
        """Something that takes time is being done for it."""

    def planned(self, name: str, checks: int) -> None:
        """It is known how many checks there will be."""

    def decided(self, name: str) -> None:
        """One of them was decided."""

    def ended(self, name: str, found: Report | None, words: str) -> None:
        """It is through; `words` say where its report is from, or why there is none."""

    def tick(self) -> None:
        """Some time went by."""


class Interrupted(KeyboardInterrupt):
    """The run was interrupted; what is left of it is said."""


@dataclass(frozen=True)
class _Task:
    """What has to be done for one implementation."""

    asked: str
    """The name or path by which it was asked for."""
    implementation: Implementation
    basis: Mapping[str, str]
    file: Path

    @property
    def name(self) -> str:
        return self.implementation.name


def processors() -> int:
    """Return how many implementations can be run at a time without being in each other's way."""
    with suppress(AttributeError):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run(
    *subjects: str,
    watcher: Watcher,
    clauses: Sequence[str] = (),
    python: Path | None = None,
    jobs: int | None = None,
    reports: Path | None = None,
) -> Report:
    """Hold implementations against the contract, several at a time, and return what was found.

    Args:
        subjects: names or paths of adapter files.
        watcher: hears what happens.
        clauses: patterns of clause ids; none means all.
        python: an interpreter to use for all, instead of building environments.
        jobs: how many to run at a time; without a number, one for each processor.
        reports: a folder in which the report of each implementation is kept. Those that are there
            from an earlier run on the same basis are taken, and their implementations not run.

    Raises:
        ValueError: an implementation is unknown or given twice, `python` does not run, no check
            matches `clauses`, `jobs` is less than 1, or `reports` cannot be written to.
        HarnessFault: nothing was found out about any implementation.
        Interrupted: it was interrupted; no process is left, and `reports` has what is finished.
    """
    if jobs is not None and jobs < 1:
        raise ValueError(f"jobs: {jobs}; a number from 1 was expected")
    found = find_subjects(subjects, python)
    with ExitStack() as stack:
        if reports is not None:
            finished.ready(reports)
        folder = reports or stack.enter_context(Scratch()).folder
        tasks = [
            _Task(
                asked,
                item,
                finished.basis(item, clauses, python),
                finished.file_of(item.name, folder),
            )
            for asked, item in zip(subjects, found, strict=True)
        ]
        checks = stack.enter_context(as_file(engine.CHECKS))
        options = [f"--checks={checks}", *(f"--clause={text}" for text in clauses)]
        if python is not None:
            options.append(f"--python={python.absolute()}")
        crew = _Crew(jobs or processors(), options, watcher)
        try:
            crew.work(tasks)
        except KeyboardInterrupt:
            raise Interrupted(_what_is_left(crew, tasks, reports)) from None
        return crew.report([item.name for item in found])


def _what_is_left(crew: _Crew, tasks: Sequence[_Task], reports: Path | None) -> str:
    if reports is None or not crew.found:
        return "nothing was written"
    return (
        f"{len(crew.found)} of {len(tasks)} implementations are finished, with reports in"
        f" {reports}; the same command goes on with the others"
    )


class _Crew:
    """The processes that are at work, and what the others found."""

    def __init__(self, jobs: int, options: Sequence[str], watcher: Watcher) -> None:
        self.found: dict[str, Report] = {}
        self._jobs = jobs
        self._options = options
        self._watcher = watcher
        self._nothing: dict[str, str] = {}
        self._faults: dict[str, str] = {}
        self._children: dict[int, _Child] = {}

    def work(self, tasks: Sequence[_Task]) -> None:
        """Go through the tasks; however this ends, no process is left."""
        waiting = deque(task for task in tasks if not self._take(task))
        try:
            with selectors.DefaultSelector() as selector:
                while waiting or self._children:
                    while waiting and len(self._children) < self._jobs:
                        with held_back():
                            child = _Child(waiting.popleft(), self._options)
                            self._children[child.news] = child
                        selector.register(child.news, selectors.EVENT_READ)
                        self._watcher.started(child.task.name)
                    for key, _ in selector.select(_TICK):
                        child = self._children[key.fd]
                        if not self._hear(child):
                            selector.unregister(key.fd)
                            self._finish(child)
                            del self._children[key.fd]
                    self._watcher.tick()
        finally:
            self._stop()

    def report(self, names: Sequence[str]) -> Report:
        """Return what was found, in the order of the names.

        Raises:
            ValueError: no check was for any of them.
            HarnessFault: nothing was found.
        """
        whole = [self.found[name] for name in names if name in self.found]
        faults = [f"{name}: {text}" for name, text in self._faults.items()]
        if whole:
            return report.merged(whole, faults)
        if faults:
            raise engine.HarnessFault("\n".join(faults))
        raise ValueError("; ".join(dict.fromkeys(self._nothing.values())))

    def _take(self, task: _Task) -> bool:
        """Take the report of an earlier run if it still holds."""
        earlier, why = finished.look(task.file, task.name, task.basis)
        if earlier is not None:
            self.found[task.name] = earlier
            when = str(earlier.header["finished"])
            self._watcher.ended(task.name, earlier, f"found in {task.file}, of {when}")
        elif why:
            self._watcher.progress(task.name, f"to be run again: {why}")
        return earlier is not None

    def _hear(self, child: _Child) -> bool:
        """Pass on what a process tells; return whether it may tell more."""
        name = child.task.name
        lines = child.read()
        for line in lines or ():
            match line:
                case {"progress": str(text)}:
                    self._watcher.progress(name, text)
                case {"planned": int(checks)}:
                    self._watcher.planned(name, checks)
                case {"decided": _}:
                    self._watcher.decided(name)
                case {"nothing": str(text)}:
                    self._nothing[name] = text
                case {"fault": str(text)}:
                    self._faults[name] = text
        return lines is not None

    def _finish(self, child: _Child) -> None:
        """Take over what a process found that has ended."""
        task, words = child.task, child.end()
        if words:
            self._faults.setdefault(task.name, words)
        if task.name not in self._nothing and task.name not in self._faults:
            try:
                self.found[task.name] = reading.read(task.file)
            except (OSError, report.ReportError) as error:
                self._faults[task.name] = str(error)
        why = self._nothing.get(task.name) or self._faults.get(task.name, "")
        self._watcher.ended(task.name, self.found.get(task.name), why)

    def _stop(self) -> None:
        children = list(self._children.values())
        for child in children:
            child.ask_to_end()
        try:
            until = time.monotonic() + GRACE
            for child in children:
                child.wait(until - time.monotonic())
        finally:
            # Also when the user does not want to wait.
            for child in children:
                child.kill()
            self._children.clear()


class _Child:
    """A process that runs `apart`."""

    def __init__(self, task: _Task, options: Sequence[str]) -> None:
        self.task = task
        self._text = b""
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  closed at its end
        # Whatever becomes of it, nothing that it put aside stays.
        self._scratch = Scratch()
        self.news, writer = os.pipe()
        try:
            command = [
                # -P keeps a folder `fitspec` that happens to lie here from standing in for ours.
                *(sys.executable, "-P", "-m", "fitspec.conformance.running.apart"),
                *(f"--news={writer}", f"--report={task.file.absolute()}"),
                *(f"--basis={json.dumps(dict(task.basis))}", *options, "--", task.asked),
            ]
            self._process = Guarded(
                command,
                env={**os.environ, "TMPDIR": str(self._scratch.folder)},
                fds=(writer,),
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
            )
        finally:
            os.close(writer)

    def read(self) -> list[dict[str, Any]] | None:
        """Return what it told since; None after its end."""
        data = os.read(self.news, 2**16)
        if not data:
            return None
        *lines, self._text = (self._text + data).split(b"\n")
        return [json.loads(line) for line in lines]

    def end(self) -> str:
        """Wait for its end and return what was wrong with it, if anything."""
        status = self._process.wait()
        self._errors.seek(0)
        said = self._errors.read().decode(errors="replace").strip().splitlines()
        self.kill()
        if status == 0:
            return ""
        return "\n".join([f"its process ended with status {status}", *said[-_LAST_LINES:]])

    def ask_to_end(self) -> None:
        """Have it end its worker and itself."""
        self._process.ask()

    def wait(self, seconds: float) -> None:
        """Wait for its end for some time."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(max(0.0, seconds))

    def kill(self) -> None:
        """End it surely."""
        self._process.kill()
        if not self._errors.closed:
            self._errors.close()
            os.close(self.news)
            self._scratch.remove()
