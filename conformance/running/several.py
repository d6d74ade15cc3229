"""Holding implementations against the contract, each in processes of its own.

Several are run at a time, and the checks of one are shared by several processes.
"""

from __future__ import annotations

import os
import selectors
import signal
import time
from collections import deque
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from importlib.resources import as_file
from typing import TYPE_CHECKING, Any

from fitspec import spec
from fitspec.conformance.report import reading, report, telling
from fitspec.conformance.running import engine, finished
from fitspec.conformance.running.child import Child
from fitspec.conformance.running.suite import find_subjects
from fitspec.conformance.running.team import Team
from fitspec.conformance.system import atomic
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
#: How many checks are worth the start of another process.
_WORTH = 8


class Watcher:
    """Hears what happens to each implementation; what it does then is said by a subclass."""

    def started(self, name: str) -> None:
        """Its process was started."""

    def progress(self, name: str, text: str) -> None:
        """Something that takes time is being done for it."""

    def planned(self, name: str, checks: int) -> None:
        """It is known how many checks there will be."""

    def decided(self, name: str, clause: str) -> None:
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


def workers_for(implementations: int, clauses: Sequence[str], jobs: int | None = None) -> int:
    """Return among how many processes the checks of each implementation are divided.

    Args:
        implementations: how many there are.
        clauses: patterns of clause ids; none means all.
        jobs: how many implementations are run at a time; without a number, one for each processor.
    """
    checks = engine.checked().keys() & spec.contract().matching(clauses or ["*"])
    at_a_time = min(implementations, jobs or processors())
    return max(1, min(processors() // at_a_time, len(checks) // _WORTH))


def run(  # noqa: PLR0913  what is run where, and who hears of it
    *subjects: str,
    watcher: Watcher,
    clauses: Sequence[str] = (),
    python: Path | None = None,
    jobs: int | None = None,
    workers: int | None = None,
    reports: Path | None = None,
) -> Report:
    """Hold implementations against the contract, several at a time, and return what was found.

    What is found does not depend on how many processes share the checks of an implementation.

    Args:
        subjects: names or paths of adapter files.
        watcher: hears what happens.
        clauses: patterns of clause ids; none means all.
        python: an interpreter to use for all, instead of building environments.
        jobs: how many to run at a time; without a number, one for each processor.
        workers: among how many processes the checks of each are divided; without a number, as many
            as leave none of the processors idle.
        reports: a folder in which the report of each implementation is kept. Those that are there
            from an earlier run on the same basis are taken, and their implementations not run.

    Raises:
        ValueError: an implementation is unknown or given twice, `python` does not run, no check
            matches `clauses`, or `jobs` or `workers` is less than 1.
        OSError: `reports` cannot be written to; it names that.
        HarnessFault: nothing was found out about any implementation.
        Interrupted: it was interrupted; no process is left, and `reports` has what is finished.
    """
    for name, number in {"jobs": jobs, "workers": workers}.items():
        if number is not None and number < 1:
            raise ValueError(f"{name}: {number}; a number from 1 was expected")
    found = find_subjects(subjects, python)
    with ExitStack() as stack:
        if reports is not None:
            atomic.make_folder(reports)
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
        each = workers or workers_for(len(found), clauses, jobs)
        parts = stack.enter_context(Scratch()).folder
        crew = _Crew(jobs or processors(), each, parts, options, watcher)
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


@dataclass
class _Work:
    """An implementation that is run, with the processes among which its checks are divided."""

    task: _Task
    team: Team = field(default_factory=Team)
    children: list[Child] = field(default_factory=list)
    """Those that live."""
    files: list[Path] = field(default_factory=list)
    """Where each of them leaves what it found."""
    said: list[dict[str, Any]] = field(default_factory=list)
    """What they told that was passed on, and is not to be told again by another."""

    def add(self, child: Child) -> None:
        """Take in a process."""
        self.children.append(child)
        self.files.append(child.file)
        self.team.add(child)


class _Crew:
    """The processes that are at work, and what the others found."""

    def __init__(
        self, jobs: int, workers: int, parts: Path, options: Sequence[str], watcher: Watcher
    ) -> None:
        self.found: dict[str, Report] = {}
        self._jobs = jobs
        self._workers = workers
        self._parts = parts
        self._options = options
        self._watcher = watcher
        self._nothing: dict[str, str] = {}
        self._faults: dict[str, str] = {}
        # Those of whom the machine refused something, as room on a disk or memory.
        self._refused: set[str] = set()
        self._works: list[_Work] = []

    def work(self, tasks: Sequence[_Task]) -> None:
        """Go through the tasks; however this ends, no process is left."""
        waiting = deque(task for task in tasks if not self._take(task))
        try:
            with selectors.DefaultSelector() as selector:
                while waiting or self._works:
                    while waiting and len(self._works) < self._jobs:
                        work = self._begin(waiting.popleft())
                        for child in work.children:
                            selector.register(child.news, selectors.EVENT_READ, (work, child))
                        self._watcher.started(work.task.name)
                    for key, _ in selector.select(_TICK):
                        work, child = key.data
                        if child in work.children and not self._hear(work, child):
                            selector.unregister(key.fd)
                            self._end(work, child, selector)
                    self._watcher.tick()
        finally:
            self._stop([child for work in self._works for child in work.children])

    def _begin(self, task: _Task) -> _Work:
        """Start the processes of an implementation."""
        alone = self._workers == 1
        files = (
            [task.file]
            if alone
            else [
                self._parts / f"{task.file.stem}-{number}.ndjson" for number in range(self._workers)
            ]
        )
        work = _Work(task)
        self._works.append(work)
        for file in files:
            # A process that nobody knows of yet could not be ended.
            with held_back():
                work.add(Child(task.asked, file, task.basis, self._options, ordered=not alone))
        return work

    def report(self, names: Sequence[str]) -> Report:
        """Return what was found, in the order of the names.

        Raises:
            ValueError: no check was for any of them.
            HarnessFault: nothing was found.
        """
        whole = [self.found[name] for name in names if name in self.found]
        faults = [
            telling.of_machine(f"{name}: {text}") if name in self._refused else f"{name}: {text}"
            for name, text in self._faults.items()
        ]
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

    def _hear(self, work: _Work, child: Child) -> bool:
        """Pass on what a process tells; return whether it may tell more."""
        name = work.task.name
        lines = child.read()
        for line in lines or ():
            work.team.hear(child, line)
            match line:
                case {"progress": _} | {"planned": _} if line in work.said:
                    # All of them do the same before they begin.
                    continue
                case {"progress": str(text)}:
                    work.said.append(line)
                    self._watcher.progress(name, text)
                case {"planned": int(checks)}:
                    work.said.append(line)
                    self._watcher.planned(name, checks)
                case {"decided": str(clause)}:
                    self._watcher.decided(name, clause)
                case {"nothing": str(text)}:
                    self._nothing[name] = text
                case {"fault": str(text)}:
                    self._faults[name] = text
                case {"refused": str(text)}:
                    self._refuse(name, text)
        return lines is not None

    def _end(self, work: _Work, child: Child, selector: selectors.BaseSelector) -> None:
        """Learn how a process ended; with the last one of an implementation it is through."""
        name, status = work.task.name, child.end()
        work.children.remove(child)
        work.team.left(child)
        if status == -signal.SIGKILL:
            self._refuse(name, "its process was killed, by somebody or for want of memory")
        elif status:
            words = [f"its process ended with status {status}", *child.last_words]
            self._faults.setdefault(name, "\n".join(words))
        if name in self._faults:
            # What the others would still find is no whole report.
            for other in work.children:
                selector.unregister(other.news)
            self._stop(work.children)
            work.children.clear()
        if not work.children:
            self._works.remove(work)
            self._finish(work)

    def _finish(self, work: _Work) -> None:
        """Take over what the processes of an implementation found."""
        name = work.task.name
        if name not in self._nothing and name not in self._faults:
            try:
                self.found[name] = self._read(work)
            except report.ReportError as error:
                self._faults[name] = str(error)
            except OSError as error:
                self._refuse(name, atomic.refusal(error))
        why = self._nothing.get(name) or self._faults.get(name, "")
        self._watcher.ended(name, self.found.get(name), why)

    def _read(self, work: _Work) -> Report:
        """Return the report of an implementation, of parts where several processes made it."""
        file, plan = work.task.file, work.team.plan
        if plan:
            # A process that came too late for any check leaves none.
            parts = [reading.read(part) for part in work.files if part.exists()]
            report.write(report.joined(parts, plan), file)
        return reading.read(file)

    def _refuse(self, name: str, text: str) -> None:
        self._faults[name] = text
        self._refused.add(name)

    @staticmethod
    def _stop(children: Sequence[Child]) -> None:
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
