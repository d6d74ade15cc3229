"""Pictures of what training gave: what a reader finds in them."""

import math
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fitspec.reference import Sequential, layers
from fitspec.reference.utils import plot_history
from fitspec.reference.utils.plotting import figure_of


def series(figure: Any) -> dict[str, list[list[float]]]:
    """Return the points of every line, by panel and label, without gaps."""
    return {
        f"{axes.get_title('left')} {line.get_label()}": [
            point for point in line.get_xydata().tolist() if point[1] == point[1]
        ]
        for axes in figure.axes
        for line in axes.lines
    }


def test_what_fit_returns_is_drawn(tmp_path: Path) -> None:
    """Epochs count from 1, and validation belongs to the epochs it was due in."""
    model = Sequential([layers.Dense(1, input_shape=(1,))])
    model.compile("sgd", "mse", metrics=["mae"])
    x = np.ones((4, 1))
    history = model.fit(
        x, x, epochs=5, initial_epoch=1, validation_data=(x, x), validation_freq=2, verbose=0
    )

    drawn = series(plot_history(history, tmp_path / "plot.png"))

    assert [epoch for epoch, _ in drawn["loss training"]] == [2, 3, 4, 5]
    assert [epoch for epoch, _ in drawn["loss validation"]] == [2, 4]
    assert [value for _, value in drawn["mae training"]] == history.history["mae"]
    assert (tmp_path / "plot.png").read_bytes()[1:4] == b"PNG"


def test_a_mere_record_is_drawn() -> None:
    """Values that are no result of every k-th epoch belong to the last ones."""
    drawn = series(plot_history({"loss": [4, 3, 2, 1], "lr": [0.5, 0.25, 0.125]}))

    assert drawn["lr training"] == [[2, 0.5], [3, 0.25], [4, 0.125]]


def test_what_cannot_be_drawn_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing was trained, or there is nothing to draw with."""
    with pytest.raises(ValueError, match="nothing to draw"):
        plot_history({})
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(ImportError, match=r"fitspec\[plots\]"):
        plot_history({"loss": [1]})


def test_each_metric_has_a_panel_with_both_kinds_of_data() -> None:
    """The loss comes first; training and validation share the panel of their metric."""
    results = {"loss": [1.0], "acc": [0.5], "val_loss": [2.0], "val_acc": [0.25]}

    figure = figure_of([0], results)

    panels = {
        axes.get_title(loc="left"): [line.get_label() for line in axes.lines]
        for axes in figure.axes
    }
    assert panels == {"loss": ["training", "validation"], "acc": ["training", "validation"]}


def test_training_and_validation_differ_by_more_than_colour() -> None:
    """Markers and lines differ too."""
    (axes,) = figure_of([0], {"loss": [1.0], "val_loss": [2.0]}).axes

    styles = [(line.get_marker(), line.get_linestyle()) for line in axes.lines]
    assert styles == [("o", "-"), ("^", "--")]


def test_epochs_to_come_are_empty() -> None:
    """The axis reaches to the final epoch, and the title says how far training is."""
    figure = figure_of([3, 4], {"loss": [1.0, 0.5]}, 20)

    assert figure.axes[0].get_xlim() == (3.5, 20.5)
    assert figure.get_suptitle() == "Training metrics, epoch 5 of 20"


@pytest.mark.parametrize("epochs", [1, 2, 3, 7, 40, 1000])
def test_ticks_are_whole_epochs(epochs: int) -> None:
    """No tick falls between two epochs, however many there are."""
    figure = figure_of([0], {"loss": [1.0]}, epochs)

    axes = figure.axes[0]
    low, high = axes.get_xlim()
    ticks = [tick for tick in axes.get_xticks() if low <= tick <= high]
    assert ticks
    assert all(float(tick).is_integer() for tick in ticks)


@pytest.mark.parametrize(("metrics", "columns"), [(1, 1), (3, 1), (4, 2), (5, 2)])
def test_many_panels_go_side_by_side(metrics: int, columns: int) -> None:
    """Up to three panels are in a column, more in two, and none is empty."""
    figure = figure_of([0], {f"m{place}": [1.0] for place in range(metrics)})

    specs = [axes.get_subplotspec() for axes in figure.axes]
    assert len(specs) == metrics
    assert {spec.get_geometry()[1] for spec in specs if spec is not None} == {columns}


def test_a_gap_is_drawn_as_a_gap() -> None:
    """An epoch without validation interrupts the line and spoils nothing."""
    figure = figure_of([0, 1], {"loss": [1.0, 0.5], "val_loss": [2.0, math.nan]})

    figure.canvas.draw()

    assert len(figure.axes[0].lines) == 2
