"""Bars that show how far something is; where nobody watches, they show nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Self

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)

from fitspec.conformance.terminal.time_left import TimeLeft

if TYPE_CHECKING:
    from rich.console import Console

#: Where there is no bar, a line tells this often how far something is, in s.
QUIET: Final = 30.0


def bars(console: Console, *more: ProgressColumn, width: int = 40) -> Progress:
    """Return what draws a line for each task, and takes it away in the end.

    Args:
        console: where to; only a terminal has any.
        more: what stands behind the time that is left.
        width: of the bars.
    """
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=width),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeLeft(),
        *more,
        console=console,
        transient=True,
        disable=not console.is_interactive,
    )


class OnBars:
    """Shows its bars as long as it is entered."""

    _bar: Progress

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()
