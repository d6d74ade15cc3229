"""The record of a training, as the R functions return it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from fitspec.reference.callbacks import History, progress
from fitspec.reference.r.data_frame import DataFrame
from fitspec.reference.utils import plotting

if TYPE_CHECKING:
    from os import PathLike

    from fitspec.reference.callbacks import Logs


class TrainingHistory(History):
    """All that training collected (`r.fit.returns-invisible-history`).

    Attributes:
        epoch: The indices of the epochs that were run, from 0.
        history: For every result its values, without gaps; as the Python History has it.
        params: What the call was about: samples, epochs, steps and so on.

    """

    def __init__(self) -> None:
        super().__init__()
        self._logs: list[Logs] = []

    def on_train_begin(self, logs: Logs) -> None:
        """Start anew."""
        super().on_train_begin(logs)
        self._logs = []

    def on_epoch_end(self, epoch: int, logs: Logs) -> None:
        """Record the results, and which epoch they belong to."""
        super().on_epoch_end(epoch, logs)
        self._logs.append(dict(logs))

    @property
    def metrics(self) -> dict[str, list[Any]]:
        """One value an epoch for every result, nan where an epoch has none."""
        return {name: [logs.get(name, math.nan) for logs in self._logs] for name in self.history}

    def as_data_frame(self) -> DataFrame:
        """Return one row for each epoch and value, for plots and tables.

        Epochs count from 1. Where there is validation, each epoch has a row for each validation
        result, whose value is nan if that epoch was not validated.
        """
        frame = DataFrame()
        for name, values in self.metrics.items():
            metric, data = plotting.kind_of(name, self.history)
            for epoch, value in zip(self.epoch, values, strict=True):
                frame.add(epoch + 1, plotting.number_of(value), metric, data)
        return frame

    def plot(self, file: str | PathLike[str] | None = None) -> Any:
        """Draw loss and metrics by epoch.

        Args:
            file: Where to write the picture; its ending chooses the format. None for nowhere.

        Returns:
            The figure of matplotlib.

        Raises:
            ImportError: matplotlib is not installed.
            RuntimeError: There is nothing to draw.

        """
        if not self.epoch:
            raise RuntimeError("plot: no epoch was trained, so there is nothing to draw")
        figure = plotting.figure_of(self.epoch, self.metrics)
        if file is not None:
            figure.savefig(file)
        return figure

    def words(self) -> str:
        """Say in words what a picture of at least one epoch shows, for who cannot see it."""
        last = ", ".join(f"{name} {written(values[-1])}" for name, values in self.metrics.items())
        return f"Loss and metrics by epoch. In epoch {self.epoch[-1] + 1}: {last}."

    def __str__(self) -> str:
        count = len(self.epoch)
        lines = [f"Training history: {count} epoch{'' if count == 1 else 's'}{self._extent()}"]
        if not self.epoch:
            return lines[0]
        last = {name: values[-1] for name, values in self.metrics.items()}
        width = max(len(name) for name in last)
        lines.append(f"Results of epoch {self.epoch[-1] + 1}:")
        lines += [f"  {name:>{width}}  {written(value)}" for name, value in last.items()]
        return "\n".join(lines)

    def _extent(self) -> str:
        known = {name: self.params.get(name) for name in ("samples", "batch_size", "steps")}
        shown = [f"{name} {value}" for name, value in known.items() if value is not None]
        return f" ({', '.join(shown)})" if shown else ""

    def __repr__(self) -> str:
        return f"<TrainingHistory of {len(self.epoch)} epochs: {', '.join(self.history)}>"


def written(value: object) -> str:
    """Write a result as progress bars do."""
    return progress.number(value) if isinstance(value, (int, float)) else str(value)
