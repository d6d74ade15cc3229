"""How long a run will still take, as far as what is done tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.progress import ProgressColumn
from rich.text import Text

if TYPE_CHECKING:
    from rich.progress import Task

#: Less says nothing yet: the first checks wait for what is imported when first needed.
_ENOUGH: Final = 5


def left(decided: int, planned: int, seconds: float) -> str:
    """Return in words how long the rest takes, or nothing where that cannot be said.

    Args:
        decided: how many checks are done.
        planned: of how many.
        seconds: that took them.
    """
    if decided < _ENOUGH or planned <= decided:
        return ""
    return f"about {elapsed(seconds / decided * (planned - decided))} left"


def elapsed(seconds: float) -> str:
    """Return a time as a person says it."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


class TimeLeft(ProgressColumn):
    """Says it beside a bar."""

    #: Each second is often enough: what jumps about cannot be read.
    max_refresh = 1.0

    def render(self, task: Task) -> Text:
        """Return it for one bar."""
        words = left(int(task.completed), int(task.total or 0), task.elapsed or 0.0)
        return Text(words, "dim", no_wrap=True)
