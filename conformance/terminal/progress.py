"""What a person sees while the checks run."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from rich.progress import TaskID, TextColumn
from rich.text import Text

from fitspec.conformance.report.telling import refusal
from fitspec.conformance.running.listener import Listener
from fitspec.conformance.running.several import Watcher
from fitspec.conformance.terminal.bars import QUIET, OnBars, bars
from fitspec.conformance.terminal.matrix import summary
from fitspec.conformance.terminal.time_left import elapsed, left

if TYPE_CHECKING:
    from rich.console import Console

    from fitspec.conformance.report.report import Report


class Progress(OnBars, Watcher):
    """A bar on a terminal; elsewhere one line for each thing that takes time.

    It hears what happens to one implementation, in this process or by `several`.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bar = bars(console)
        self._task = self._bar.add_task("collecting checks", total=None)
        self._planned = self._decided = 0
        self._began = self._told = time.monotonic()
        self.listener = Listener(
            partial(self.progress, ""),
            partial(self.planned, ""),
            lambda finding: self.decided(finding.implementation, finding.clause),
        )

    def progress(self, name: str, text: str) -> None:  # noqa: ARG002  there is but one
        """Show what is being done."""
        if self._console.is_interactive:
            self._describe(text)
        else:
            self._console.print(text, markup=False, highlight=False)

    def planned(self, name: str, checks: int) -> None:  # noqa: ARG002  as above
        """Show the whole length of the bar."""
        self._planned = checks
        self._began = self._told = time.monotonic()
        self._bar.update(self._task, total=checks)

    def decided(self, name: str, clause: str) -> None:
        """Show that the bar grows."""
        self._decided += 1
        self._bar.update(self._task, advance=1)
        self._describe(f"{name}  {clause}")
        now = time.monotonic()
        if not self._console.is_interactive and now - self._told >= QUIET:
            self._told = now
            text = progress(self._decided, self._planned, now - self._began)
            self._console.print(f"{name}: {text}", markup=False, highlight=False)

    def _describe(self, text: str) -> None:
        # The bar has one line, however long the text is.
        self._bar.update(self._task, description=text[: max(0, self._console.width - 60)])


def progress(decided: int, planned: int, seconds: float) -> str:
    """Return how far a run is, how long that took, and how long the rest takes."""
    rest = left(decided, planned, seconds)
    return f"{decided} of {planned} checks, {elapsed(seconds)}{f', {rest}' if rest else ''}"


@dataclass
class _Line:
    """How far an implementation is."""

    task: TaskID
    began: float
    told: float
    planned: int = 0
    decided: int = 0

    def count(self, now: float) -> str:
        """Return how many checks were decided, how long that took, and what is left."""
        return progress(self.decided, self.planned, now - self.began)


@dataclass
class EachOfSeveral(OnBars, Watcher):
    """A line for each implementation that is run, with a bar on a terminal; hears `several`.

    What stays of it is a line for each that is through, on a terminal and elsewhere.

    Args:
        console: where to.
        total: how many implementations there are.
    """

    console: Console
    total: int
    _through: int = 0
    _lines: dict[str, _Line] = field(default_factory=dict)

    def __post_init__(self) -> None:
        doing = TextColumn("{task.fields[doing]}", style="dim", markup=False)
        self._bar = bars(self.console, doing, width=20)

    def started(self, name: str) -> None:
        """Show a bar."""
        now = time.monotonic()
        task = self._bar.add_task(name, total=None, doing="")
        self._lines[name] = _Line(task, now, now)
        self._say(f"{name}: started")

    def progress(self, name: str, text: str) -> None:
        """Show what is being done."""
        if name in self._lines:
            # The bar has one line, however long the text is.
            room = max(10, self.console.width - 80 - len(name))
            self._bar.update(self._lines[name].task, doing=text[:room])
        if text != f"starting {name}":
            self._say(f"{name}: {text}")

    def planned(self, name: str, checks: int) -> None:
        """Show the whole length of the bar."""
        self._lines[name].planned = checks
        self._bar.update(self._lines[name].task, total=checks)

    def decided(self, name: str, clause: str) -> None:  # noqa: ARG002  a number is told
        """Show that the bar grows."""
        line = self._lines[name]
        line.decided += 1
        self._bar.update(line.task, advance=1, doing="")

    def ended(self, name: str, found: Report | None, words: str) -> None:
        """Leave a line about it."""
        self._through += 1
        line = self._lines.pop(name, None)
        took = ""
        if line is not None:
            self._bar.refresh()
            self._bar.remove_task(line.task)
            took = f"; {elapsed(time.monotonic() - line.began)}"
        text = words
        if found is not None:
            (subject,) = found.subjects
            text = summary(found, subject)
            text += f": {refusal(subject).splitlines()[0]}" if subject.reason else ""
            text += f"; {words}" if words else ""
        heading = f"{self._through} of {self.total}  {name}: "
        self.console.print(Text(f"{heading}{text}{took}"), soft_wrap=True)

    def tick(self) -> None:
        """Tell now and then how far each is, where there is no bar."""
        now = time.monotonic()
        for name, line in self._lines.items():
            if now - line.told >= QUIET:
                line.told = now
                self._say(f"{name}: {line.count(now)}")

    def _say(self, text: str) -> None:
        if not self.console.is_interactive:
            self.console.print(text, markup=False, highlight=False, soft_wrap=True)
