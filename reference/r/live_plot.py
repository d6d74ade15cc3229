"""`view_metrics`: the plot that grows with every epoch."""

from __future__ import annotations

import importlib.util
import warnings
from typing import TYPE_CHECKING

import numpy as np

from fitspec.reference.callbacks import Callback
from fitspec.reference.r.plot_places import place_for
from fitspec.reference.utils import plotting

if TYPE_CHECKING:
    from fitspec.reference.callbacks import Logs
    from fitspec.reference.models.model import Model
    from fitspec.reference.r.history import TrainingHistory
    from fitspec.reference.r.session import Session

MISSING = "view_metrics: plots need matplotlib, which is not installed: pip install 'fitspec[r]'"


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
        super().__init__()
        self._history = history
        self._epochs = epochs
        self._plot = place_for(session)
        self._has_failed = False

    def on_epoch_end(self, epoch: int, logs: Logs) -> None:  # noqa: ARG002 - as Callback
        """Bring the plot up to date."""
        self._show(more=epoch + 1 < self._epochs)

    def close(self) -> None:
        """Tell the plot that no more will come, however training ended."""
        if self._history.epoch and self._history.epoch[-1] + 1 < self._epochs:
            self._show(more=False)

    def _show(self, *, more: bool) -> None:
        if self._has_failed:
            return
        history = self._history
        plotting.draw(self._plot.figure, history.epoch, history.metrics, self._epochs)
        try:
            self._plot.update(history.words(), more=more)
        except OSError as error:
            # A full disk shall cost the picture, not the training.
            self._has_failed = True
            warnings.warn(f"view_metrics: no plot any more: {error}", RuntimeWarning, stacklevel=2)
