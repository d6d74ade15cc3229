"""Tests of `reference.r.plot_places`."""

from __future__ import annotations

import sys
import tempfile
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from fitspec.reference.r import Session, fit
from fitspec.reference.r.plot_places import (
    FilePlot,
    NotebookPlot,
    WindowPlot,
    has_screen,
    place_for,
    replace,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from matplotlib.figure import Figure

    from fitspec.reference.models.model import Model

    Make = Callable[..., Model]

X, Y = np.array([[1.0], [3.0]]), np.array([[0.0], [0.0]])


def title_of(figure: Figure) -> str:
    """Return what stands above a figure."""
    return figure.get_suptitle()


def test_a_file_is_whole_or_as_it_was(tmp_path: Path) -> None:
    """What cannot be written leaves the old file and nothing beside it."""
    path = tmp_path / "plot.html"
    path.write_text("old", "utf-8")
    content: Any = "no bytes"

    with pytest.raises(TypeError):
        replace(path, content)

    assert ([*tmp_path.iterdir()], path.read_text("utf-8")) == ([path], "old")


class Display:
    """What IPython shows: figures, by a handle that replaces the one before."""

    def __init__(self) -> None:
        self.titles: list[tuple[str, str]] = []

    def __call__(self, figure: Figure, *, display_id: bool) -> Display:
        """Show a figure that can be replaced."""
        assert display_id
        self.titles.append(("new", title_of(figure)))
        return self

    def update(self, figure: Figure) -> None:
        """Replace what is shown."""
        self.titles.append(("in place", title_of(figure)))


def test_a_notebook_shows_the_plot_in_place(
    compiled: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a notebook there is one plot, which changes."""
    display = Display()
    shell = SimpleNamespace(config={"IPKernelApp": {}})
    python, shown = ModuleType("IPython"), ModuleType("IPython.display")
    monkeypatch.setattr(python, "get_ipython", lambda: shell, raising=False)
    monkeypatch.setattr(shown, "display", display, raising=False)
    monkeypatch.setitem(sys.modules, "IPython", python)
    monkeypatch.setitem(sys.modules, "IPython.display", shown)

    fit(compiled(), X, Y, epochs=2, verbose=0, view_metrics=True)

    assert display.titles == [
        ("new", "Training metrics, epoch 1 of 2"),
        ("in place", "Training metrics, epoch 2 of 2"),
    ]


def test_a_screen_without_a_toolkit_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where matplotlib can open no window, the plot goes to a file."""
    monkeypatch.setenv("MPLBACKEND", "agg")
    monkeypatch.setenv("DISPLAY", ":99")
    from matplotlib import pyplot as plt  # noqa: PLC0415  only here

    plt.switch_backend("agg")

    plot = place_for(Session())

    assert (has_screen(), type(plot), plt.get_fignums()) == (True, FilePlot, [])


def test_a_folder_is_made_once_there_is_something_to_see(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A training that fails before its first epoch has ended leaves none."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    plot = FilePlot()
    assert list(tmp_path.iterdir()) == []

    plot.update("epoch 1", more=False)

    (page,) = tmp_path.glob("*/*.html")
    assert str(page) in capsys.readouterr().err


def test_a_window_is_drawn_without_waiting() -> None:
    """A window shows its figure, and is brought up to date by drawing it."""
    from matplotlib import pyplot as plt  # noqa: PLC0415  only here

    plt.switch_backend("agg")
    window = WindowPlot()
    window.figure.suptitle("epoch 1")

    window.update("", more=True)

    assert (window.is_seen, plt.get_fignums()) == (False, [1])
    window.close()
    assert plt.get_fignums() == []


def test_there_is_no_notebook_here() -> None:
    """A plot for notebooks is chosen in notebooks only."""
    assert not isinstance(place_for(Session()), NotebookPlot)
