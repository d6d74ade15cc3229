"""Tests of `reference.r.live_plot`."""

from __future__ import annotations

import base64
import importlib.util
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from fitspec.reference import callbacks
from fitspec.reference.r import fit, options

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fitspec.reference.models.model import Model

    Make = Callable[..., Model]

X, Y = np.array([[1.0], [3.0]]), np.array([[0.0], [0.0]])
PNG = b"\x89PNG\r\n\x1a\n"


def test_a_plot_is_rewritten_after_every_epoch(compiled: Make, tmp_path: Path) -> None:
    """The page is there after the first epoch, new after each, and at rest after the last."""
    page = tmp_path / "plot.html"
    seen: list[str] = []
    options({"keras.view_metrics_file": str(page)})
    # It hears of an epoch before the plot does.
    look = callbacks.LambdaCallback(
        on_epoch_begin=lambda *_: seen.append(page.read_text("utf-8") if page.exists() else ""),
    )

    fit(compiled("mae"), X, Y, epochs=3, verbose=0, view_metrics=True, callbacks=[look])

    seen.append(page.read_text("utf-8"))
    epochs = [re.findall(r"In epoch (\d)", text) for text in seen]
    assert epochs == [[], ["1"], ["2"], ["3"]]
    assert ["refresh" in text for text in seen] == [False, True, True, False]
    assert [path.name for path in tmp_path.iterdir()] == ["plot.html"]


def test_a_page_holds_a_picture(compiled: Make, tmp_path: Path) -> None:
    """The page needs no other file: the picture is within."""
    page = tmp_path / "plot.html"
    options({"keras.view_metrics_file": str(page)})

    fit(compiled(), X, Y, epochs=1, verbose=0, view_metrics=True)

    found = re.search(r'base64,([^"]+)"', page.read_text("utf-8"))
    assert found is not None
    assert base64.b64decode(found[1]).startswith(PNG)


@pytest.mark.parametrize(("ending", "start"), [("png", PNG), ("svg", b"<?xml"), ("pdf", b"%PDF")])
def test_the_ending_of_a_file_chooses_the_format(
    ending: str, start: bytes, compiled: Make, tmp_path: Path
) -> None:
    """A plot may be a picture of any format that matplotlib writes."""
    file = tmp_path / f"plot.{ending}"
    options({"keras.view_metrics_file": str(file)})

    fit(compiled(), X, Y, epochs=1, verbose=0, view_metrics=True)

    assert file.read_bytes().startswith(start)


def test_a_viewer_is_given_the_page_once(compiled: Make, tmp_path: Path) -> None:
    """What shows pages is called when there is something to see, and not again."""
    shown: list[str] = []
    options({"viewer": shown.append, "keras.view_metrics_file": str(tmp_path / "plot.html")})

    fit(compiled(), X, Y, epochs=3, verbose=0, view_metrics=True)

    assert shown == [str(tmp_path / "plot.html")]


def test_a_plot_that_nothing_shows_is_announced(
    compiled: Make,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """Where there is neither a viewer nor a screen, the user is told once where the page is."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    fit(compiled(), X, Y, epochs=3, verbose=0, view_metrics=True)

    (page,) = tmp_path.rglob("*.html")
    told = f"view_metrics: the plot is {page}, rewritten after every epoch\n"
    assert capsys.readouterr() == ("", told)


def test_a_page_rests_when_training_breaks_off(compiled: Make, tmp_path: Path) -> None:
    """However training ends, the page reloads itself no more."""
    page = tmp_path / "plot.html"
    options({"keras.view_metrics_file": str(page)})

    def fail(epoch: int, _logs: object) -> None:
        if epoch == 1:
            raise ArithmeticError("in the second epoch")

    failing = callbacks.LambdaCallback(on_epoch_begin=fail)

    with pytest.raises(ArithmeticError):
        fit(compiled(), X, Y, epochs=9, verbose=0, view_metrics=True, callbacks=[failing])

    assert "refresh" not in page.read_text("utf-8")


def test_a_plot_that_cannot_be_written_costs_no_training(compiled: Make, tmp_path: Path) -> None:
    """Where the file cannot be written there is one warning, and training goes on."""
    (tmp_path / "file").touch()
    options({"keras.view_metrics_file": str(tmp_path / "file" / "plot.html")})

    with pytest.warns(RuntimeWarning, match="no plot any more") as warned:
        history = fit(compiled(), X, Y, epochs=3, verbose=0, view_metrics=True)

    assert (len(warned), len(history.epoch)) == (1, 3)


# --- with and without matplotlib --------------------------------------------------------------


@pytest.fixture
def _no_matplotlib(monkeypatch: pytest.MonkeyPatch) -> None:
    original = importlib.util.find_spec

    def find(name: str, package: str | None = None) -> Any:
        return None if name == "matplotlib" else original(name, package)

    monkeypatch.setattr(importlib.util, "find_spec", find)


@pytest.mark.usefixtures("_no_matplotlib")
def test_a_plot_that_is_asked_for_needs_matplotlib(compiled: Make) -> None:
    """Without matplotlib a plot is refused before anything is trained, saying what to install."""
    model = compiled()

    with pytest.raises(RuntimeError, match=r"pip install 'fitspec\[r\]'"):
        fit(model, X, Y, view_metrics=True)

    assert model.history is None


@pytest.mark.usefixtures("_no_matplotlib")
def test_auto_trains_without_matplotlib(compiled: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who did not ask for a plot gets a warning and the training."""
    monkeypatch.setenv("RSTUDIO", "1")

    with pytest.warns(RuntimeWarning, match="plots need matplotlib"):
        history = fit(compiled("mae"), X, Y, epochs=2, verbose=2)

    assert history.epoch == [0, 1]


def test_other_values_of_view_metrics_are_refused(compiled: Make) -> None:
    """`view_metrics` is a logical or "auto"."""
    with pytest.raises(ValueError, match="TRUE, FALSE or 'auto', not 'yes'"):
        fit(compiled(), X, Y, view_metrics="yes")
