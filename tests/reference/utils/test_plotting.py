"""Pictures of what training gave."""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fitspec.reference import Sequential, layers
from fitspec.reference.utils import plot_history


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
    monkeypatch.delattr("fitspec.reference.r.drawing", raising=False)
    monkeypatch.setitem(sys.modules, "fitspec.reference.r.drawing", None)
    with pytest.raises(ImportError, match=r"fitspec\[plots\]"):
        plot_history({"loss": [1]})
