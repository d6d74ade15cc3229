"""Pictures of what training gave: a panel for the loss and for each metric, from plain numbers."""

from __future__ import annotations

import math
import numbers
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import os
    from collections.abc import Container, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from fitspec.reference.callbacks import History

WIDTH = 7.0
PANEL_HEIGHT = 2.3
"""Of a panel, in inches."""
MOST_IN_A_COLUMN = 3
"""Further panels go side by side."""

TRAINING = "training"
VALIDATION = "validation"
VALIDATION_PREFIX = "val_"
#: Told apart by marker and line as well as by colours that colour-blind people tell apart.
STYLES = {
    TRAINING: {"color": "#0072B2", "marker": "o", "linestyle": "-"},
    VALIDATION: {"color": "#D55E00", "marker": "^", "linestyle": "--", "markerfacecolor": "white"},
}


def plot_history(
    history: History | Mapping[str, Sequence[float]], path: str | os.PathLike[str] | None = None
) -> Figure:
    """Draw loss and metrics by epoch, training and validation together.

    Args:
        history: What `fit` returned, or its `history`.
        path: Where to write the picture; its ending chooses the format. None for nowhere.

    Returns:
        The figure of matplotlib.

    Raises:
        ImportError: matplotlib is not installed.
        ValueError: There is nothing to draw.

    """
    results: Mapping[str, Any] = history if isinstance(history, Mapping) else history.history
    count = max((len(values) for values in results.values()), default=0)
    if not count:
        raise ValueError("history: no epoch was trained, so there is nothing to draw")
    epochs = list(range(count)) if isinstance(history, Mapping) else history.epoch
    by_epoch = {}
    for name, values in results.items():
        if len(values):
            placed = dict(zip(at(epochs, len(values)), values, strict=True))
            by_epoch[name] = [placed.get(epoch, math.nan) for epoch in epochs]
    try:
        figure = figure_of(epochs, by_epoch)
    except ImportError as error:
        raise ImportError("plot_history needs matplotlib: install fitspec[plots]") from error
    if path is not None:
        figure.savefig(path)
    return figure


def at(epochs: Sequence[int], count: int) -> Sequence[int]:
    """Return which epochs so many values belong to: each, every k-th, or else the last ones."""
    for frequency in range(1, len(epochs) + 1):
        chosen = [epoch for epoch in epochs if (epoch + 1) % frequency == 0]
        if len(chosen) == count:
            return chosen
    return epochs[len(epochs) - count :]


def kind_of(name: str, names: Container[str]) -> tuple[str, str]:
    """Return which result one of `names` is, and whether in training or in validation."""
    metric = name.removeprefix(VALIDATION_PREFIX)
    is_validation = metric != name and metric in names
    return (metric, VALIDATION) if is_validation else (name, TRAINING)


def number_of(value: object) -> float:
    """Return a result as a number: nan for what is none, which callbacks may add."""
    return float(value) if isinstance(value, numbers.Real) else math.nan


def figure_of(
    epochs: Sequence[int], results: Mapping[str, Sequence[object]], final: int | None = None
) -> Figure:
    """Return a new figure; arguments as for `draw`. ImportError where there is no matplotlib."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - only who plots needs it

    figure = Figure(layout="constrained")
    draw(figure, epochs, results, final)
    return figure


def draw(
    figure: Figure,
    epochs: Sequence[int],
    results: Mapping[str, Sequence[object]],
    final: int | None = None,
) -> None:
    """Draw results by epoch on a figure, over whatever was there.

    Args:
        figure: What is drawn on.
        epochs: The indices of the epochs, from 0; at least one.
        results: For every result its values, one an epoch; what is no number is a gap.
        final: The final epoch that training heads for; None for the last of `epochs`.

    """
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415 - only who plots needs it

    numbered = [epoch + 1 for epoch in epochs]
    lines: dict[str, dict[str, list[float]]] = {}
    for name, values in results.items():
        metric, data = kind_of(name, results)
        lines.setdefault(metric, {})[data] = [number_of(value) for value in values]
    columns = 1 if len(lines) <= MOST_IN_A_COLUMN else 2
    rows = -(-len(lines) // columns)
    last = numbered[-1]
    final = last if final is None else max(final, last)
    figure.clear()
    figure.set_size_inches(WIDTH, PANEL_HEIGHT * rows + 0.8)
    panels = figure.subplots(rows, columns, sharex=True, squeeze=False).ravel().tolist()
    for axes, (metric, found) in zip(panels, lines.items(), strict=False):
        draw_panel(axes, metric, numbered, found)
    for axes in panels[len(lines) :]:
        axes.remove()
    for axes in panels[max(len(lines) - columns, 0) : len(lines)]:
        axes.set_xlabel("epoch")
        axes.tick_params(labelbottom=True)
    # What is still to come stays empty: the picture shows how far training is.
    panels[0].set_xlim(numbered[0] - 0.5, final + 0.5)
    panels[0].xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    figure.suptitle(f"Training metrics, epoch {last} of {final}", fontsize="large")
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels), frameon=False)


def draw_panel(
    axes: Axes, metric: str, epochs: Sequence[int], found: Mapping[str, Sequence[float]]
) -> None:
    """Draw one result, in training and in validation."""
    for data, style in STYLES.items():
        if data in found:
            axes.plot(epochs, found[data], label=data, markersize=5, linewidth=1.6, **style)  # type: ignore[arg-type]  # texts all
    axes.set_title(metric, loc="left", fontsize="medium", fontweight="bold")
    axes.grid(axis="y", alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)
    axes.margins(y=0.12)
