"""What people see on the standard output while a model works."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any, Literal

from fitspec.reference.callbacks.base import Callback

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from fitspec.reference.callbacks.base import Logs

WIDTH = 30
PAUSE = 0.05
"""Seconds between two drawings of a bar, so that drawing does not slow the work down."""


def callback(verbose: int, stage: str, metrics: Collection[str] = ()) -> list[Callback]:
    """Return the callback that prints, if any (`fit_generator.verbose.levels`).

    Args:
        verbose: 0 for nothing, 1 for a bar, 2 for a line per epoch.
        stage: "train", "test" or "predict".
        metrics: The names of results that are of all batches so far.

    """
    if verbose == 0:  # fit.verbose.0-silent
        return []
    if verbose == 1:
        return [TrainingBar(metrics) if stage == "train" else RoundBar(stage)]
    return [EpochLines()] if stage == "train" else []


def written(logs: Logs) -> str:
    """Spell results out, with 4 decimals: ` - loss: 0.2500 - mae: 0.5000`."""
    return "".join(
        f" - {name}: {number(value)}"
        for name, value in logs.items()
        if isinstance(value, (int, float))
    )


def number(value: float) -> str:
    """Write with 4 decimals, and tiny or huge numbers by exponent."""
    return f"{value:.4f}" if value == 0 or 1e-3 <= abs(value) < 1e7 else f"{value:.4e}"


class Bar:
    """A line that fills up while a count approaches its target."""

    def __init__(self, target: int | None, width: int = WIDTH, pause: float = PAUSE) -> None:
        self.target = target
        self.width = width
        self.pause = pause
        self.count = 0
        self._drawn_at = 0.0
        self._length = 0

    def advance(self, amount: int, logs: Logs) -> None:
        """Count on, and draw unless the last drawing was a moment ago."""
        self.count += amount
        now = time.monotonic()
        if self.count == self.target or now - self._drawn_at >= self.pause:
            self._drawn_at = now
            self.draw(logs)

    def draw(self, logs: Logs, end: str = "") -> None:
        """Draw the line over what is there."""
        line = f"{self.counter()} [{self.filling()}]{written(logs)}"
        # Blanks cover what is left of a longer line.
        sys.stdout.write("\r" + line.ljust(self._length) + end)
        sys.stdout.flush()
        self._length = len(line)

    def counter(self) -> str:
        """Write how far the count is."""
        return f"{self.count}/{'?' if self.target is None else self.target}"

    def filling(self) -> str:
        """Draw the part that is done."""
        if self.target is None:
            return "." * self.width
        done = min(self.width, self.width * self.count // self.target)
        head = "=" * done if done == self.width else "=" * max(done - 1, 0) + ">"
        return head.ljust(self.width, ".")


def unit_of(params: Any) -> tuple[int | None, bool]:
    """Return the target of a count, and whether it counts samples rather than steps."""
    samples = params.get("samples")
    return (params.get("steps"), False) if samples is None else (samples, True)


def so_far(averages: Logs, logs: Logs, before: int, metrics: Collection[str] = ()) -> Logs:
    """Average results with those of the samples before, so that the bar does not jump about.

    Args:
        averages: Those of the samples before.
        logs: The results.
        before: How many samples there were before.
        metrics: The names of results that are of all batches so far, which stay as they are.

    """
    size = logs["size"]
    return {
        name: value
        if name in metrics
        else (averages.get(name, 0.0) * before + value * size) / (before + size)
        for name, value in logs.items()
        if name not in ("batch", "size")
    }


class TrainingBar(Callback):
    """Shows a bar for every epoch (`fit.verbose.1-progress-bar`).

    Args:
        metrics: The names of results that are of all batches so far, and not to be averaged.

    """

    def __init__(self, metrics: Iterable[str] = ()) -> None:
        super().__init__()
        self.stateful_metrics = set(metrics)

    def on_epoch_begin(self, epoch: int, logs: Logs) -> None:  # noqa: ARG002 - as Callback
        """Print a headline."""
        sys.stdout.write(f"Epoch {epoch + 1}/{self.params['epochs']}\n")
        target, self._by_sample = unit_of(self.params)
        self._bar = Bar(target)
        self._averages: Logs = {}
        self._samples = 0

    def on_train_batch_end(self, batch: int, logs: Logs) -> None:  # noqa: ARG002 - as Callback
        """Move the bar on."""
        metrics = self.stateful_metrics
        self._averages = so_far(self._averages, logs, self._samples, metrics)
        self._samples += logs["size"]
        self._bar.advance(logs["size"] if self._by_sample else 1, self._averages)

    def on_epoch_end(self, epoch: int, logs: Logs) -> None:  # noqa: ARG002 - as Callback
        """Print the results of the epoch."""
        self._bar.draw(logs, end="\n")


class EpochLines(Callback):
    """Prints one line per epoch (`fit.verbose.2-one-line-per-epoch`)."""

    def on_epoch_end(self, epoch: int, logs: Logs) -> None:
        """Print the results of the epoch (`fit.verbose.metrics-shown`)."""
        sys.stdout.write(f"Epoch {epoch + 1}/{self.params['epochs']}{written(logs)}\n")
        sys.stdout.flush()


class RoundBar(Callback):
    """Shows a bar for one round of testing or predicting.

    See `evaluate.verbose.levels` and `predict.verbose.levels`.
    """

    def __init__(self, stage: str) -> None:
        super().__init__()
        setattr(self, f"on_{stage}_begin", self._begin)
        setattr(self, f"on_{stage}_batch_end", self._advance)
        setattr(self, f"on_{stage}_end", self._end)

    def _begin(self, logs: Logs) -> None:  # noqa: ARG002 - as Callback
        target, self._by_sample = unit_of(self.params)
        self._bar = Bar(target)

    def _advance(self, batch: int, logs: Logs) -> None:  # noqa: ARG002 - as Callback
        # Results belong to the whole round, and are shown when it has ended.
        self._bar.advance(logs["size"] if self._by_sample else 1, {})

    def _end(self, logs: Logs) -> None:
        self._bar.draw(logs, end="\n")


class ProgbarLogger(TrainingBar):
    """Shows a bar for every epoch, unless training is silent.

    Args:
        count_mode: What the bar counts: "samples" or "steps".
        stateful_metrics: Names of metrics that are not to be averaged.

    """

    def __init__(
        self,
        count_mode: Literal["samples", "steps"] = "samples",
        stateful_metrics: Iterable[str] | None = None,
    ) -> None:
        super().__init__(stateful_metrics or ())
        if count_mode not in {"samples", "steps"}:
            raise ValueError(f"count_mode must be 'samples' or 'steps', not {count_mode!r}")
        self.count_mode = count_mode

    def set_params(self, params: Mapping[str, object]) -> None:
        """Learn what the call is about."""
        self.params = {**params, "samples": None} if self.count_mode == "steps" else params

    def on_epoch_begin(self, epoch: int, logs: Logs) -> None:
        """Print a headline."""
        if self.params["verbose"]:
            super().on_epoch_begin(epoch, logs)

    def on_train_batch_end(self, batch: int, logs: Logs) -> None:
        """Move the bar on."""
        if self.params["verbose"]:
            super().on_train_batch_end(batch, logs)

    def on_epoch_end(self, epoch: int, logs: Logs) -> None:
        """Print the results of the epoch."""
        if self.params["verbose"]:
            super().on_epoch_end(epoch, logs)
