"""`view_metrics`: the plot that grows with every epoch."""

from __future__ import annotations

import importlib.util
import sys
import warnings
from typing import TYPE_CHECKING, Protocol

import numpy as np

from fitspec.reference.callbacks import Callback
from fitspec.reference.r.plot_files import FilePlot
from fitspec.reference.r.plot_screens import NotebookPlot, WindowPlot, has_screen, in_notebook

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from fitspec.reference.callbacks import Logs
    from fitspec.reference.models.model import Model
    from fitspec.reference.r.session import Session
    from fitspec.reference.r.training_history import TrainingHistory

MISSING = "view_metrics: plots need matplotlib, which is not installed: pip install 'fitspec[r]'"


class Plot(Protocol):
    """A place where a figure is shown."""

    def update(self, figure: Figure, words: str, *, more: bool) -> None:
        """Show the figure; `more` tells whether it may change again."""


def is_wanted(
    view_metrics: object, session: Session, model: Model, epochs: int, verbose: int
) -> bool:
    """Whether a plot is to be shown.

    Args:
        view_metrics: True, False or "auto".
        session: Where the function was called.
        model: The model that will be trained.
        epochs: The final epoch.
        verbose: How much is printed: 0, 1 or 2.

    Raises:
        ValueError: `view_metrics` is something else.
        RuntimeError: A plot is asked for and matplotlib is not installed.

    """
    if isinstance(view_metrics, str) and view_metrics == "auto":
        wanted = is_automatic(session, model, epochs, verbose)
        if wanted and not can_draw():
            # Who did not ask for a plot shall not lose the training over it.
            warnings.warn(MISSING, RuntimeWarning, stacklevel=4)
            return False
        return wanted
    if not isinstance(view_metrics, (bool, np.bool_)):
        raise ValueError(  # noqa: TRY004 - as for any argument out of its range
            f"view_metrics must be TRUE, FALSE or 'auto', not {view_metrics!r}"
        )
    if view_metrics and not can_draw():
        raise RuntimeError(MISSING)
    return bool(view_metrics)


def is_automatic(session: Session, model: Model, epochs: int, verbose: int) -> bool:
    """Whether "auto" shows a plot (`r.view_metrics.auto-rule`): all four must hold."""
    return session.rstudio and has_metrics(model) and epochs > 1 and verbose > 0


def has_metrics(model: Model) -> bool:
    """Whether metrics were compiled beside the loss."""
    return bool(model.plan.all_metrics)


def can_draw() -> bool:
    """Whether matplotlib is installed."""
    return importlib.util.find_spec("matplotlib") is not None


class LivePlot(Callback):
    """Draws the history after every epoch.

    Args:
        history: What is drawn; it must hear of an epoch before this does.
        epochs: The final epoch.
        session: Where the function was called, which decides where the plot goes.

    """

    def __init__(self, history: TrainingHistory, epochs: int, session: Session) -> None:
        from matplotlib.figure import Figure  # noqa: PLC0415 - only who plots needs it

        super().__init__()
        self._history = history
        self._epochs = epochs
        self._plot: Plot = place_for(session)
        self._is_known = getattr(self._plot, "is_known", True)
        self._has_failed = False
        # A window has a figure of its own.
        self._figure: Figure = getattr(self._plot, "figure", None) or Figure(layout="constrained")

    def on_epoch_end(self, epoch: int, logs: Logs) -> None:  # noqa: ARG002 - as Callback
        """Bring the plot up to date."""
        self._show(more=epoch + 1 < self._epochs)

    def close(self) -> None:
        """Tell the plot that no more will come, however training ended."""
        if self._history.epoch and self._history.epoch[-1] + 1 < self._epochs:
            self._show(more=False)

    def _show(self, *, more: bool) -> None:
        from fitspec.reference.r import drawing  # noqa: PLC0415 - only who plots needs it

        if self._has_failed:
            return
        drawing.draw(self._figure, self._history, self._epochs)
        try:
            self._plot.update(self._figure, drawing.words(self._history), more=more)
        except OSError as error:
            # A full disk shall cost the picture, not the training.
            self._has_failed = True
            warnings.warn(f"view_metrics: no plot any more: {error}", RuntimeWarning, stacklevel=2)
            return
        if not self._is_known and isinstance(self._plot, FilePlot):
            self._is_known = True
            path = self._plot.path
            sys.stderr.write(f"view_metrics: the plot is {path}, rewritten after every epoch\n")


def place_for(session: Session) -> Plot:
    """Return where a plot is shown: where the user said, or the best that there is."""
    if session.plot_file is not None or session.viewer is not None:
        return FilePlot(session.plot_file, session.viewer)
    if in_notebook():
        return NotebookPlot()
    if has_screen():
        window = WindowPlot()
        if window.is_seen:
            return window
        window.close()
    return FilePlot()
