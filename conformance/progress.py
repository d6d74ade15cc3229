"""What a person sees while the checks run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from fitspec.conformance.suite import Listener

if TYPE_CHECKING:
    from rich.console import Console

    from fitspec.conformance.verdicts import Finding


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
