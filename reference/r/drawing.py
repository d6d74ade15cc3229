"""A training history as a picture: a panel for the loss and for each metric."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from fitspec.reference.r.data_frame import TRAINING, VALIDATION
from fitspec.reference.r.training_history import written

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from fitspec.reference.r.data_frame import DataFrame
    from fitspec.reference.r.training_history import TrainingHistory

WIDTH = 7.0
PANEL_HEIGHT = 2.3
"""Of a panel, in inches."""
MOST_IN_A_COLUMN = 3
"""Further panels go side by side."""

#: Told apart by marker and line as well as by colours that colour-blind people tell apart.
STYLES = {
    TRAINING: {"color": "#0072B2", "marker": "o", "linestyle": "-"},
    VALIDATION: {"color": "#D55E00", "marker": "^", "linestyle": "--", "markerfacecolor": "white"},
}


def figure_of(history: TrainingHistory, epochs: int | None = None) -> Figure:
    """Return a new figure of a history that has at least one epoch.

    Args:
        history: What to show.
        epochs: The final epoch that training heads for; None for the last one that was run.

    """
    figure = Figure(layout="constrained")
    draw(figure, history, epochs)
    return figure


def draw(figure: Figure, history: TrainingHistory, epochs: int | None = None) -> None:
    """Draw a history on a figure, over whatever was there; arguments as for `figure_of`."""
    frame = history.as_data_frame()
    metrics = frame.levels("metric")
    columns = 1 if len(metrics) <= MOST_IN_A_COLUMN else 2
    rows = -(-len(metrics) // columns)
    first, last = history.epoch[0] + 1, history.epoch[-1] + 1
    final = last if epochs is None else max(epochs, last)
    figure.clear()
    figure.set_size_inches(WIDTH, PANEL_HEIGHT * rows + 0.8)
    panels = figure.subplots(rows, columns, sharex=True, squeeze=False).ravel().tolist()
    for axes, metric in zip(panels, metrics, strict=False):
        draw_panel(axes, frame, metric)
    for axes in panels[len(metrics) :]:
        axes.remove()
    for axes in panels[max(len(metrics) - columns, 0) : len(metrics)]:
        axes.set_xlabel("epoch")
        axes.tick_params(labelbottom=True)
    # What is still to come stays empty: the picture shows how far training is.
    panels[0].set_xlim(first - 0.5, final + 0.5)
    panels[0].xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    figure.suptitle(f"Training metrics, epoch {last} of {final}", fontsize="large")
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels), frameon=False)


def draw_panel(axes: Axes, frame: DataFrame, metric: str) -> None:
    """Draw one result, in training and in validation."""
    for data, style in STYLES.items():
        epochs, values = frame.series(metric, data)
        if epochs:
            axes.plot(epochs, values, label=data, markersize=5, linewidth=1.6, **style)  # type: ignore[arg-type]  # texts all
    axes.set_title(metric, loc="left", fontsize="medium", fontweight="bold")
    axes.grid(axis="y", alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)
    axes.margins(y=0.12)


def words(history: TrainingHistory) -> str:
    """Say in words what a picture shows, for who cannot see it."""
    last = ", ".join(f"{name} {written(values[-1])}" for name, values in history.metrics.items())
    return f"Loss and metrics by epoch. In epoch {history.epoch[-1] + 1}: {last}."
