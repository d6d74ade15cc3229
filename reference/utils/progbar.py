"""A progress bar for loops that programs write themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.reference.callbacks.progress import PAUSE, WIDTH, Bar

if TYPE_CHECKING:
    from collections.abc import Iterable


class Progbar:
    """A bar for loops of one's own.

    Args:
        target: What the count approaches; None if it is not known.
        width: Length of the bar.
        verbose: 0 prints nothing, 1 a bar, 2 a line at the end.
        interval: Seconds between two drawings.
        stateful_metrics: Names of results that are shown as they come, and not averaged.

    """

    def __init__(
        self,
        target: int | None,
        width: int = WIDTH,
        verbose: int = 1,
        interval: float = PAUSE,
        stateful_metrics: Iterable[str] | None = None,
    ) -> None:
        self.target = target
        self.verbose = verbose
        self.stateful_metrics = set(stateful_metrics or ())
        self._bar = Bar(target, width, interval)
        self._sums: dict[str, tuple[float, float]] = {}

    def update(self, current: int, values: Iterable[tuple[str, float]] | None = None) -> None:
        """Bring the count to `current`, with results of what was counted since the last call."""
        amount = current - self._bar.count
        for name, value in values or ():
            total, weight = self._sums.get(name, (0.0, 0.0))
            is_averaged = name not in self.stateful_metrics
            self._sums[name] = (
                (total + value * amount, weight + amount) if is_averaged else (value, 1)
            )
        logs = {name: total / max(weight, 1) for name, (total, weight) in self._sums.items()}
        ends = self.target is not None and current >= self.target
        if self.verbose == 1 and not ends:
            self._bar.advance(amount, logs)
            return
        self._bar.count = current
        if ends and self.verbose:
            self._bar.draw(logs, end="\n")

    def add(self, n: int, values: Iterable[tuple[str, float]] | None = None) -> None:
        """Count `n` more."""
        self.update(self._bar.count + n, values)
