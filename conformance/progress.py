"""What a person sees while the checks run."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Self

from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.text import Text

from fitspec.conformance.matrix import summary
from fitspec.conformance.suite import Listener

if TYPE_CHECKING:
    from rich.console import Console

    from fitspec.conformance.report import Report
    from fitspec.conformance.verdicts import Finding

#: Where there is no bar, a line tells this often how far an implementation is, in s.
QUIET: Final = 30.0


class Progress:
    """A bar on a terminal; elsewhere one line for each thing that takes time."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("collecting checks", total=None)
        self.listener = Listener(self._say, self._plan, self._count)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def _say(self, text: str) -> None:
        if self._console.is_terminal:
            self._bar.update(self._task, description=text[: self._console.width - 40])
        else:
            self._console.print(text, markup=False, highlight=False)

    def _plan(self, checks: int) -> None:
        self._bar.update(self._task, total=checks)

    def _count(self, finding: Finding) -> None:
        description = f"{finding.implementation}  {finding.clause}"
        self._bar.update(self._task, advance=1, description=description[: self._console.width - 40])


@dataclass
class _Line:
    """How far an implementation is."""

    task: TaskID
    began: float
    told: float
    planned: int = 0
    decided: int = 0

    def count(self, now: float) -> str:
        """Return how many checks were decided, and how long that took."""
        return f"{self.decided} of {self.planned} checks, {elapsed(now - self.began)}"


@dataclass
class EachOfSeveral:
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
        self._bar = Bar(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=20),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[doing]}", style="dim", markup=False),
            console=self.console,
            transient=True,
            disable=not self.console.is_terminal,
        )

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

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
            room = max(10, self.console.width - 60 - len(name))
            self._bar.update(self._lines[name].task, doing=text[:room])
        if text != f"starting {name}":
            self._say(f"{name}: {text}")

    def planned(self, name: str, checks: int) -> None:
        """Show the whole length of the bar."""
        self._lines[name].planned = checks
        self._bar.update(self._lines[name].task, total=checks)

    def decided(self, name: str) -> None:
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
            text += f": {subject.reason.splitlines()[0]}" if subject.reason else ""
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
        if not self.console.is_terminal:
            self.console.print(text, markup=False, highlight=False, soft_wrap=True)


def elapsed(seconds: float) -> str:
    """Return a time as a person says it."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
